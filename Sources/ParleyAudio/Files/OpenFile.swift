#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One open file descriptor, closed when released. Every call is tried again when a signal interrupts it.
final class OpenFile {
    let descriptor: Int32
    let status: stat

    /// - Throws: `SystemFailure`.
    init(path: String, flags: Int32, mode: mode_t = 0o666) throws(SystemFailure) {
        let descriptor = Self.retrying { Int(open(path, flags | O_CLOEXEC, mode)) }
        guard descriptor >= 0 else { throw SystemFailure(errno) }
        var status = stat()
        guard fstat(Int32(descriptor), &status) == 0 else {
            let failure = SystemFailure(errno)
            _ = close(Int32(descriptor))
            throw failure
        }
        self.descriptor = Int32(descriptor)
        self.status = status
    }

    deinit { _ = close(descriptor) }

    var isDirectory: Bool { status.st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }

    /// - Returns: up to `count` bytes; fewer only at the end.
    func read(_ count: Int) throws(SystemFailure) -> [UInt8] {
        var failure: SystemFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let space = count - filled
                let got = Self.retrying { systemRead(descriptor, base + filled, space) }
                if got < 0 { failure = SystemFailure(errno) }
                if got <= 0 { break }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func write(_ bytes: some Sequence<UInt8>) throws(SystemFailure) {
        let bytes = Array(bytes)
        var written = 0
        while written < bytes.count {
            let count = Self.retrying {
                bytes.withUnsafeBytes {
                    systemWrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
                }
            }
            guard count > 0 else { throw SystemFailure(count == 0 ? ENOSPC : errno) }
            written += count
        }
    }

    func seek(to offset: Int64) throws(SystemFailure) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw SystemFailure(errno) }
    }

    /// Waits until everything written is on the disk. File systems that cannot promise that are not an error.
    func synchronize() throws(SystemFailure) {
        guard Self.retrying({ Int(fsync(descriptor)) }) != 0 else { return }
        if errno != EINVAL && errno != ENOTSUP { throw SystemFailure(errno) }
    }

    private static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

/// A refused call of the operating system.
struct SystemFailure: Error, Equatable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    /// "No space left on device"
    var reason: String { String(cString: strerror(number)) }

    var isMissing: Bool { number == ENOENT || number == ENOTDIR }
    var isPermission: Bool { number == EACCES || number == EPERM || number == EROFS }
    /// The file system or the kernel does not know this way of opening.
    var isUnsupported: Bool { [EOPNOTSUPP, ENOTSUP, EISDIR, EINVAL, ENOENT].contains(number) }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
