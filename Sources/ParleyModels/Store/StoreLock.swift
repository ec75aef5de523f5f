internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#endif

/// A lock between processes (and between tasks of this one) on an entry of the store; released on deinit and by the
/// kernel when the process dies.
final class StoreLock: Sendable {
    enum Mode {
        /// Many readers: the entry is in use.
        case shared
        /// One writer: the entry changes.
        case exclusive
    }

    private let descriptor: Int32
    private let mode: Mode

    private init(descriptor: Int32, mode: Mode) {
        self.descriptor = descriptor
        self.mode = mode
    }

    deinit {
        if mode == .exclusive { ftruncate(descriptor, 0) }
        close(descriptor)
    }

    /// - Returns: nil when another holder is in the way.
    static func attempt(_ path: String, _ mode: Mode) throws(ModelError) -> StoreLock? {
        try SystemCall.makeFolder((path as NSString).deletingLastPathComponent)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw ModelError(
                .cannotCreate, "Cannot open the lock \(path): \(SystemCall.reason()). Check its permissions.")
        }
        while flock(descriptor, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            throw ModelError(.ioFailure, "Cannot lock \(path): \(String(cString: strerror(reason))).")
        }
        if mode == .exclusive { recordHolder(descriptor) }
        return StoreLock(descriptor: descriptor, mode: mode)
    }

    /// Waits until the lock is free, looking every 50 ms: a blocking call could not be cancelled.
    /// - Parameter waiting: called once if there is a wait, with the process that holds the lock when it is known.
    static func acquire(
        _ path: String, _ mode: Mode, waiting: @Sendable (Int32?) -> Void
    ) async throws -> StoreLock {
        var announced = false
        while true {
            if let lock = try attempt(path, mode) { return lock }
            if !announced { waiting(holder(path)) }
            announced = true
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The process that holds a lock exclusively; nil when readers hold it or it cannot be told.
    static func holder(_ path: String) -> Int32? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let process = Int32(text), process > 0,
            kill(process, 0) == 0 || errno == EPERM
        else { return nil }
        return process
    }

    private static func recordHolder(_ descriptor: Int32) {
        ftruncate(descriptor, 0)
        let text = Array(String(getpid()).utf8)
        // Only for the message to those who wait: a failure changes nothing.
        _ = pwrite(descriptor, text, text.count, 0)
    }
}
