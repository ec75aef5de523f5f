internal import Foundation
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Bytes in order: from a file, a pipe or memory.
protocol ByteSource: AnyObject {
    /// - Returns: up to `count` bytes; fewer only at the end.
    func read(_ count: Int) throws(AudioError) -> [UInt8]
    /// Moves on; beyond the end is the end.
    func skip(_ count: UInt64) throws(AudioError)
    /// Bytes from here to the end; `nil` for a pipe, which does not say.
    var remaining: UInt64? { get }
}

/// Bytes of a file or a pipe.
final class FileBytes: ByteSource {
    private let file: OpenFile
    private let shown: String
    private var position: UInt64 = 0

    /// - Throws: `AudioError` with code `.notFound`, `.notPermitted` or `.readFailed`.
    init(_ url: URL) throws(AudioError) {
        shown = url.relativePath
        do throws(SystemFailure) {
            file = try OpenFile(path: url.path, flags: O_RDONLY)
        } catch {
            if error.isMissing { throw AudioError(.notFound, "There is no file \(url.relativePath).") }
            if error.isPermission {
                throw AudioError(.notPermitted, "Cannot read \(url.relativePath): \(error.reason).")
            }
            throw AudioError(.readFailed, "Cannot read \(url.relativePath): \(error.reason).")
        }
        if file.isDirectory {
            throw AudioError(.notFound, "\(shown) is a folder; give the audio files in it.")
        }
    }

    var remaining: UInt64? {
        guard file.isRegular else { return nil }
        let size = UInt64(max(0, file.status.st_size))
        return size > position ? size - position : 0
    }

    func read(_ count: Int) throws(AudioError) -> [UInt8] {
        do throws(SystemFailure) {
            let bytes = try file.read(count)
            position += UInt64(bytes.count)
            return bytes
        } catch {
            throw AudioError(.readFailed, "Cannot read \(shown) to its end: \(error.reason).")
        }
    }

    func skip(_ count: UInt64) throws(AudioError) {
        guard let remaining else { return try skipByReading(count) }
        position += min(count, remaining)
        do throws(SystemFailure) {
            try file.seek(to: Int64(clamping: position))
        } catch {
            throw AudioError(.readFailed, "Cannot read \(shown) to its end: \(error.reason).")
        }
    }

    private func skipByReading(_ count: UInt64) throws(AudioError) {
        var left = count
        while left > 0 {
            let bytes = try read(Int(min(left, 65_536)))
            if bytes.isEmpty { return }
            left -= UInt64(bytes.count)
        }
    }
}

/// Bytes in memory.
final class MemoryBytes: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remaining: UInt64? { UInt64(bytes.count - position) }

    func read(_ count: Int) -> [UInt8] {
        let end = position + min(count, bytes.count - position)
        defer { position = end }
        return Array(bytes[position..<end])
    }

    func skip(_ count: UInt64) {
        position += Int(min(count, UInt64(bytes.count - position)))
    }
}
