internal import Crypto
internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#endif

/// Writes a new file and hashes it on the way. What is not finished is removed.
final class HashedFileWriter {
    let path: String
    private(set) var written: Int64 = 0
    private var descriptor: Int32
    private var hash = SHA256()

    init(path: String) throws(ModelError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw ModelError(.cannotCreate, "Cannot create \(path): \(SystemCall.reason()).")
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let count = Foundation.write(descriptor, base + done, bytes.count - done)
            if count < 0 {
                if errno == EINTR { continue }
                let code: ModelError.Code = errno == ENOSPC || errno == EDQUOT ? .diskFull : .ioFailure
                throw ModelError(code, "Cannot write \(path): \(SystemCall.reason()). Free some space and try again.")
            }
            done += count
        }
        hash.update(bufferPointer: bytes)
        written += Int64(bytes.count)
    }

    /// Puts the file on the disk and keeps it.
    /// - Returns: SHA-256 of what was written, as 64 hexadecimal digits.
    func finish() throws(ModelError) -> String {
        guard fsync(descriptor) == 0 else {
            throw ModelError(.ioFailure, "Cannot put \(path) on the disk: \(SystemCall.reason()).")
        }
        close(descriptor)
        descriptor = -1
        return FileDigest.text(hash.finalize())
    }
}
