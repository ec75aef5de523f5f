internal import Crypto
internal import Foundation

/// SHA-256 of files, a piece at a time.
package enum FileDigest {
    /// Bytes read at once: enough to hide the cost of the calls, small enough for the cache.
    static let pieceSize = 1 << 18

    /// - Parameter progress: bytes hashed so far; may throw to stop.
    /// - Returns: 64 hexadecimal digits.
    package static func sha256(of path: String, progress: (Int64) throws -> Void = { _ in }) throws -> String {
        var hash = SHA256()
        try forEachPiece(of: path) { piece, done in
            hash.update(bufferPointer: piece)
            try progress(done)
        }
        return text(hash.finalize())
    }

    /// Hands over a file piece by piece, with the count of bytes up to the end of the piece.
    static func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer, Int64) throws -> Void) throws {
        let file = try RandomAccessFile(path: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 64)
        defer { buffer.deallocate() }
        var done: Int64 = 0
        while done < file.size {
            let count = try file.read(at: done, into: buffer)
            if count == 0 { break }
            done += Int64(count)
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]), done)
        }
    }

    static func text(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef")
        return digest.reduce(into: "") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
