package import Foundation
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file that appears under its name only when it is complete, and replaces what was there in one step.
///
/// Where Linux allows it the growing file has no name at all, so that even a killed process leaves nothing behind;
/// elsewhere it is a hidden file in the same folder, removed when this value is released. Devices and pipes
/// (`/dev/null`) are written directly.
package final class AtomicFile {
    private enum Place {
        /// Written directly: a device or a pipe.
        case direct
        /// Without a name: `O_TMPFILE`.
        case nameless
        /// Under a hidden name beside the destination.
        case hidden(String)
    }

    private let file: OpenFile
    private let destination: String
    private let shown: String
    private var place: Place
    private var isDone = false

    /// - Parameter allowsNameless: false takes the way of systems that have no files without a name.
    /// - Throws: `AudioError` with code `.cannotCreate` or `.notPermitted`.
    package init(_ url: URL, allowsNameless: Bool = true) throws(AudioError) {
        shown = url.relativePath
        // A link stays a link; what it leads to is replaced. A pipe behind `/dev/stdout` has no other name.
        let isSpecial = Self.isSpecial(url.path)
        destination = isSpecial ? url.path : url.resolvingSymlinksInPath().path
        do throws(SystemFailure) {
            (file, place) =
                isSpecial
                ? try Self.openDirectly(destination) : try Self.open(destination, allowsNameless: allowsNameless)
        } catch {
            throw Self.refusal(error, shown, folder: url.deletingLastPathComponent().relativePath)
        }
    }

    deinit {
        if !isDone { discard() }
    }

    /// Whether `rewriteStart` works: not on a pipe or a device.
    package var isSeekable: Bool {
        if case .direct = place { false } else { true }
    }

    package func append(_ bytes: some Sequence<UInt8>) throws(AudioError) {
        try writing { () throws(SystemFailure) in try file.write(bytes) }
    }

    /// Replaces the first bytes; further appending is not possible afterwards.
    package func rewriteStart(_ bytes: [UInt8]) throws(AudioError) {
        try writing { () throws(SystemFailure) in
            try file.seek(to: 0)
            try file.write(bytes)
        }
    }

    /// Makes the file appear under its name.
    package func commit() throws(AudioError) {
        if case .direct = place {
            isDone = true
            return
        }
        try writing { () throws(SystemFailure) in
            try file.synchronize()
            let temporary = try name()
            place = .hidden(temporary)
            guard rename(temporary, destination) == 0 else { throw SystemFailure(errno) }
            isDone = true
        }
        // The file is complete either way; a folder that cannot be read cannot be synchronised.
        let folder = try? OpenFile(path: Self.folder(of: destination), flags: O_RDONLY)
        try? folder?.synchronize()
    }

    /// Forgets what was written.
    package func discard() {
        isDone = true
        if case .hidden(let path) = place { _ = unlink(path) }
    }

    /// The name of the complete file before it takes its final one.
    private func name() throws(SystemFailure) -> String {
        if case .hidden(let path) = place { return path }
        let path = Self.temporaryPath(for: destination)
        let source = "/proc/self/fd/\(file.descriptor)"
        guard linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else { throw SystemFailure(errno) }
        return path
    }

    private func writing(_ body: () throws(SystemFailure) -> Void) throws(AudioError) {
        do throws(SystemFailure) {
            try body()
        } catch {
            throw AudioError(
                .writeFailed,
                "Cannot write \(shown): \(error.reason). Nothing was left behind; free some space or choose another folder."
            )
        }
    }

    /// Whether something is there that is no file and no folder: a device, a pipe.
    private static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    private static func openDirectly(_ path: String) throws(SystemFailure) -> (OpenFile, Place) {
        (try OpenFile(path: path, flags: O_WRONLY), .direct)
    }

    private static func open(_ path: String, allowsNameless: Bool) throws(SystemFailure) -> (OpenFile, Place) {
        var status = stat()
        var mode: mode_t = 0o666
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { throw SystemFailure(EISDIR) }
            guard access(path, W_OK) == 0 else { throw SystemFailure(errno) }
            mode = status.st_mode & 0o777
        }
        if allowsNameless, let file = try nameless(in: folder(of: path), mode: mode) { return (file, .nameless) }
        let hidden = temporaryPath(for: path)
        return (try OpenFile(path: hidden, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode), .hidden(hidden))
    }

    /// - Returns: `nil` where the system has no files without a name.
    private static func nameless(in folder: String, mode: mode_t) throws(SystemFailure) -> OpenFile? {
        #if os(Linux)
            guard access("/proc/self/fd", X_OK) == 0 else { return nil }
            // `O_TMPFILE` of Linux's asm-generic/fcntl.h; the macro is too complex for the importer.
            let temporaryFile = 0o20_000_000 | O_DIRECTORY
            do throws(SystemFailure) {
                return try OpenFile(path: folder, flags: O_WRONLY | temporaryFile, mode: mode)
            } catch {
                if error.isUnsupported { return nil }
                throw error
            }
        #else
            return nil
        #endif
    }

    private static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    private static func temporaryPath(for path: String) -> String {
        let tag = String(UInt64.random(in: .min ... .max), radix: 36)
        return folder(of: path) + "/.parley-\(tag).part"
    }

    private static func refusal(_ failure: SystemFailure, _ shown: String, folder: String) -> AudioError {
        if failure.isMissing {
            return AudioError(
                .cannotCreate, "Cannot create \(shown): the folder \(folder) does not exist; create it first.")
        }
        if failure.number == EISDIR {
            return AudioError(.cannotCreate, "Cannot create \(shown): it is a folder; give the name of a file in it.")
        }
        if failure.isPermission {
            return AudioError(
                .notPermitted, "Cannot create \(shown): \(failure.reason). Choose a file that you may write.")
        }
        return AudioError(.cannotCreate, "Cannot create \(shown): \(failure.reason). Choose another place.")
    }
}
