internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What the cache of packed weights needs of the file system.
enum PackedFolder {
    private static let draftSuffix = ".part"

    /// - Throws: `.cacheUnusable`.
    static func create(_ folder: String) throws(OnnxError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw OnnxError(.cacheUnusable, "The folder \(folder) cannot be created.", cause: error)
        }
        guard access(folder, W_OK) == 0 else {
            throw OnnxError(.cacheUnusable, "The folder \(folder) cannot be written to: \(reason()).")
        }
    }

    /// Why nothing can be written in a folder that perhaps does not exist yet.
    static func obstacle(in folder: String, _ minimumFree: Int64) -> String? {
        var existing = folder as NSString
        while existing.length > 1, access(existing as String, F_OK) != 0 {
            existing = existing.deletingLastPathComponent as NSString
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: existing as String, isDirectory: &isFolder)
        guard isFolder.boolValue, access(existing as String, W_OK) == 0 else { return "\(folder) cannot be written" }
        guard freeBytes(existing as String) >= minimumFree else {
            return "\(folder) has less than \(minimumFree >> 20) MiB of free space"
        }
        return nil
    }

    /// Bytes that this user may still write there; the largest number when the system does not say.
    static func freeBytes(_ folder: String) -> Int64 {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else { return .max }
        let (bytes, overflow) = Int64(clamping: information.f_bavail)
            .multipliedReportingOverflow(by: Int64(clamping: information.f_frsize))
        return overflow ? .max : bytes
    }

    /// Text of the last error of the C library on this thread.
    static func reason() -> String { String(cString: strerror(errno)) }

    /// A name in the same folder that nobody else uses, and that `removeAbandoned` knows.
    static func draftName(in folder: String) -> String {
        folder + "/." + String(UInt64.random(in: .min ... .max), radix: 36) + draftSuffix
    }

    /// Waits until a file or a folder is on the disk. File systems that cannot promise that are not an error.
    /// - Throws: `.cacheUnusable`.
    static func synchronize(_ path: String) throws(OnnxError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OnnxError(.cacheUnusable, "\(path) cannot be opened: \(reason()).") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw OnnxError(.cacheUnusable, "\(path) cannot be written: \(reason()).")
        }
    }

    /// Removes a folder in such a way that its name never stands over a part of it.
    static func remove(_ path: String) {
        let doomed = draftName(in: (path as NSString).deletingLastPathComponent)
        guard rename(path, doomed) == 0 else { return }
        try? FileManager.default.removeItem(atPath: doomed)
    }

    /// Removes drafts whose process is gone: those that nobody holds locked.
    static func removeAbandoned(in folder: String) {
        for name in names(in: folder) where name.hasPrefix(".") && name.hasSuffix(draftSuffix) {
            let path = folder + "/" + name
            guard let lock = FolderLock(path), lock.isHeld else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Removes older versions of the same graph for the same processor.
    static func removeEntries(in folder: String, replacedBy key: PackedKey) {
        for name in names(in: folder) where name != key.name && name.hasPrefix(key.family + "-") {
            remove(folder + "/" + name)
        }
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
}

/// A lock on a folder between processes; the kernel releases it when the process dies.
final class FolderLock: Sendable {
    private let descriptor: Int32
    /// Whether this object has the lock.
    let isHeld: Bool
    /// Whether another one has it.
    let isTaken: Bool

    /// - Returns: `nil` when the folder cannot be opened.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        isHeld = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        isTaken = !isHeld && errno == EWOULDBLOCK
    }

    deinit { close(descriptor) }
}

/// A folder under a temporary name in which an entry grows; removed on deinit unless it was published.
final class PackedDraft {
    let files: PackedFiles
    private let lock: FolderLock
    private var isPublished = false

    /// - Throws: `.cacheUnusable`.
    init(in folder: String) throws(OnnxError) {
        let path = PackedFolder.draftName(in: folder)
        guard mkdir(path, 0o755) == 0 else {
            throw OnnxError(.cacheUnusable, "\(folder) cannot be written to: \(PackedFolder.reason()).")
        }
        // Not every file system can lock a folder; then nobody can take the draft for an abandoned one either.
        guard let lock = FolderLock(path), !lock.isTaken else {
            throw OnnxError(.cacheUnusable, "\(path) was taken away.")
        }
        files = PackedFiles(folder: path)
        self.lock = lock
    }

    deinit {
        if !isPublished { try? FileManager.default.removeItem(atPath: files.folder) }
    }

    /// Gives the folder its final name, in place of an entry that cannot be used. One that another process has made
    /// meanwhile is as good as this one, and stays.
    /// - Throws: `.cacheUnusable`.
    func publish(as destination: String, for key: PackedKey) throws(OnnxError) {
        for _ in 0..<2 {
            if rename(files.folder, destination) == 0 {
                isPublished = true
                try? PackedFolder.synchronize((destination as NSString).deletingLastPathComponent)
                return
            }
            if PackedFiles(folder: destination).isComplete(for: key) { return }
            PackedFolder.remove(destination)
        }
        throw OnnxError(.cacheUnusable, "\(destination) cannot be created: \(PackedFolder.reason()).")
    }
}
