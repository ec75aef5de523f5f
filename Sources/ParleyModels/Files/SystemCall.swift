internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#endif

/// What the store needs of the file system beyond Foundation: durability, exact times, free space.
enum SystemCall {
    /// Text of the last error of the C library on this thread.
    static func reason() -> String { String(cString: strerror(errno)) }

    /// Size and time of last change of a regular file; nil when there is none (a symbolic link is none).
    static func information(_ path: String) -> (bytes: Int64, modified: Int64)? {
        var information = stat()
        guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
            let time = information.st_mtimespec
        #else
            let time = information.st_mtim
        #endif
        let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return (Int64(information.st_size), overflow ? 0 : seconds &+ Int64(time.tv_nsec))
    }

    static func exists(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0
    }

    static func makeFolder(_ path: String) throws(ModelError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ModelError(
                .cannotCreate, "Cannot create the folder \(path): \(reason()). Check its permissions.", cause: error)
        }
    }

    /// Atomically gives a file or folder its final name; durable after the return.
    static func rename(_ from: String, to destination: String) throws(ModelError) {
        guard Foundation.rename(from, destination) == 0 else {
            throw ModelError(.cannotCreate, "Cannot move \(from) to \(destination): \(reason()).")
        }
        syncFolder((destination as NSString).deletingLastPathComponent)
    }

    /// Writes the entries of a folder to disk. Some file systems refuse to; the data itself was synced before.
    static func syncFolder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    /// Removes a file or folder with everything in it; nothing there is no error.
    static func remove(_ path: String) throws(ModelError) {
        guard exists(path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw ModelError(.ioFailure, "Cannot remove \(path): check its permissions.", cause: error)
        }
    }

    /// Names in a folder, sorted; empty when there is no such folder.
    static func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Bytes that this user may still write on the file system of a folder; nil when unknown.
    static func freeBytes(_ path: String) -> Int64? {
        var information = statvfs()
        guard statvfs(path, &information) == 0 else { return nil }
        let (bytes, overflow) = Int64(information.f_bavail).multipliedReportingOverflow(by: Int64(information.f_frsize))
        return overflow ? nil : bytes
    }
}
