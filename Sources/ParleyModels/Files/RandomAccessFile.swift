internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#endif

/// A file opened for reading at any place; nothing of it is held in memory.
final class RandomAccessFile {
    let path: String
    let size: Int64
    private let descriptor: Int32

    /// - Throws: `ModelError` with code `.inputMissing` when it cannot be opened or is not a regular file.
    init(path: String) throws(ModelError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ModelError(.inputMissing, "Cannot open \(path): \(SystemCall.reason()). Check the path.")
        }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ModelError(.inputMissing, "Cannot read \(path): it is not a regular file. Give a file.")
        }
        self.path = path
        self.size = Int64(information.st_size)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Fills a buffer from an offset.
    /// - Returns: bytes read; fewer than the buffer holds only at the end of the file.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ModelError) -> Int {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset) + off_t(done))
            if count < 0 {
                if errno == EINTR { continue }
                throw ModelError(.ioFailure, "Cannot read \(path) at byte \(offset): \(SystemCall.reason()).")
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// - Returns: at most `count` bytes; fewer only at the end of the file.
    func read(at offset: Int64, count: Int) throws(ModelError) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        let available = Int(min(Int64(count), size - offset))
        var bytes = [UInt8](repeating: 0, count: available)
        var failure: ModelError?
        let done = bytes.withUnsafeMutableBytes { buffer in
            do throws(ModelError) {
                return try read(at: offset, into: buffer)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        if done < available { bytes.removeLast(available - done) }
        return bytes
    }
}
