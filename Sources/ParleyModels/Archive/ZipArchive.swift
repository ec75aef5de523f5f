/// A ZIP archive opened for reading exact members; hostile archives end in an error and never in a write elsewhere.
///
/// Format: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3 (ZIP64).
package final class ZipArchive {
    /// More is refused: the largest wheel in use has under a thousand members.
    static let maximumMembers = 100_000
    static let maximumDirectoryBytes: Int64 = 64 << 20
    /// Ratio over which a member is taken for a bomb; model files stay under 20.
    static let maximumRatio: Int64 = 200

    package let members: [String: ZipMember]
    private let file: RandomAccessFile
    private let dataEnd: Int64

    /// Reads and checks the directory of the archive.
    /// - Throws: `ModelError` with code `.archiveInvalid` for anything out of order: a name that is absolute, has
    ///   `..`, a backslash or a zero, is there twice, is a symbolic link or encrypted; sizes or places outside the file.
    package init(path: String) throws(ModelError) {
        let file = try RandomAccessFile(path: path)
        let directory = try ZipDirectory(file: file)
        self.file = file
        members = directory.members
        dataEnd = directory.offset
    }

    /// Decompresses one member and checks its size and CRC-32.
    /// - Parameters:
    ///   - limit: most bytes the member may have.
    ///   - body: receives the content in pieces of at most 256 KiB.
    /// - Throws: `ModelError` `.memberMissing`, `.wrongSize`, `.archiveInvalid`, or what `body` throws.
    package func extract(_ name: String, limit: Int64, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let member = members[name] else {
            throw ModelError(.memberMissing, "\(file.path) has no member \(name). The archive is not the expected one.")
        }
        guard member.bytes <= limit else {
            throw ModelError(
                .wrongSize, "\(name) in \(file.path) has \(member.bytes) bytes, at most \(limit) were expected.")
        }
        var written: Int64 = 0
        var crc: UInt = 0
        func check(_ piece: UnsafeRawBufferPointer) throws {
            written += Int64(piece.count)
            guard written <= member.bytes else { throw damaged(name, "more data than declared") }
            crc = Inflater.crc32(crc, piece)
            try body(piece)
        }
        switch member.method {
        case .stored: try forEachPiece(of: member, check)
        case .deflated:
            let inflater = try Inflater()
            var hasLeftover = false
            try forEachPiece(of: member) { piece in
                if !inflater.isFinished { try inflater.feed(piece, check) } else { hasLeftover = true }
            }
            guard !hasLeftover, !inflater.hasLeftover else { throw damaged(name, "data after the end of the stream") }
            guard inflater.isFinished else { throw damaged(name, "the compressed stream is cut") }
        }
        guard written == member.bytes else { throw damaged(name, "\(written) bytes instead of \(member.bytes)") }
        guard crc == UInt(member.crc32) else { throw damaged(name, "the CRC-32 is wrong") }
    }

    private func damaged(_ name: String, _ why: String) -> ModelError {
        ModelError(.archiveInvalid, "\(name) in \(file.path) is damaged: \(why). Pull it again.")
    }

    private func forEachPiece(of member: ZipMember, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let start = try dataStart(of: member)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: FileDigest.pieceSize, alignment: 64)
        defer { buffer.deallocate() }
        var done: Int64 = 0
        while done < member.compressedBytes {
            let wanted = Int(min(Int64(buffer.count), member.compressedBytes - done))
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
            let count = try file.read(at: start + done, into: piece)
            guard count == wanted else { throw damaged(member.name, "the archive is cut") }
            done += Int64(count)
            try body(UnsafeRawBufferPointer(piece))
        }
    }

    /// The member's data follows its local header, whose name must be the directory's.
    private func dataStart(of member: ZipMember) throws(ModelError) -> Int64 {
        let header = try file.read(at: member.headerOffset, count: 30)
        var cursor = ByteCursor(header[...])
        guard cursor.integer(UInt32.self) == 0x0403_4b50, cursor.skip(22),
            let nameLength = cursor.integer(UInt16.self), let extraLength = cursor.integer(UInt16.self)
        else { throw damaged(member.name, "no local header") }
        let name = try file.read(at: member.headerOffset + 30, count: Int(nameLength))
        guard name.elementsEqual(member.name.utf8) else { throw damaged(member.name, "its two names differ") }
        // At most 30 + 2 * 65535 beyond an offset that lies inside the file: cannot overflow.
        let start = member.headerOffset + 30 + Int64(nameLength) + Int64(extraLength)
        guard start <= dataEnd, member.compressedBytes <= dataEnd - start else {
            throw damaged(member.name, "its data runs into the directory")
        }
        return start
    }
}
