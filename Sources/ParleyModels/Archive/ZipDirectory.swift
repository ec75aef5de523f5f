/// The central directory of a ZIP archive, read and checked.
struct ZipDirectory {
    private(set) var members: [String: ZipMember] = [:]
    /// Where the directory starts: all members lie before it.
    let offset: Int64
    private let path: String

    init(file: RandomAccessFile) throws(ModelError) {
        path = file.path
        let end = try Self.endRecord(file)
        offset = end.offset
        guard end.count <= ZipArchive.maximumMembers, end.bytes <= ZipArchive.maximumDirectoryBytes else {
            throw Self.invalid(path, "its directory is too large")
        }
        let bytes = try file.read(at: end.offset, count: Int(end.bytes))
        guard bytes.count == Int(end.bytes) else { throw Self.invalid(path, "its directory is cut") }
        var cursor = ByteCursor(bytes[...])
        for _ in 0..<end.count {
            guard let member = try member(&cursor) else { continue }
            guard members.updateValue(member, forKey: member.name) == nil else {
                throw Self.invalid(path, "it has \(member.name) twice")
            }
        }
    }

    static func invalid(_ path: String, _ why: String) -> ModelError {
        ModelError(.archiveInvalid, "\(path) is not a usable ZIP archive: \(why). Fetch it again.")
    }

    // MARK: - One member

    /// Nil for a folder.
    private func member(_ cursor: inout ByteCursor) throws(ModelError) -> ZipMember? {
        guard cursor.integer(UInt32.self) == 0x0201_4b50, let madeBy = cursor.integer(UInt16.self), cursor.skip(2),
            let flags = cursor.integer(UInt16.self), let method = cursor.integer(UInt16.self), cursor.skip(4),
            let crc = cursor.integer(UInt32.self), let packed = cursor.integer(UInt32.self),
            let size = cursor.integer(UInt32.self), let nameLength = cursor.integer(UInt16.self),
            let extraLength = cursor.integer(UInt16.self), let commentLength = cursor.integer(UInt16.self),
            cursor.skip(4), let attributes = cursor.integer(UInt32.self), let header = cursor.integer(UInt32.self),
            let nameBytes = cursor.take(Int(nameLength)), let extra = cursor.take(Int(extraLength)),
            cursor.skip(Int(commentLength))
        else { throw Self.invalid(path, "its directory is damaged") }
        let name = try checkedName(nameBytes)
        let sizes = try wideSizes(extra, [size, packed, header], name)
        let mode = attributes >> 16
        // The Unix mode counts only when a Unix system made the entry (upper byte 3) or Darwin did (19).
        let isUnix = madeBy >> 8 == 3 || madeBy >> 8 == 19
        guard !isUnix || mode & 0o170000 != 0o120000 else { throw Self.invalid(path, "\(name) is a symbolic link") }
        guard flags & 0x2041 == 0 else { throw Self.invalid(path, "\(name) is encrypted") }
        if name.hasSuffix("/") {
            guard sizes[0] == 0 else { throw Self.invalid(path, "the folder \(name) has content") }
            return nil
        }
        guard let method = ZipMember.Method(rawValue: method) else {
            throw Self.invalid(path, "\(name) uses the unknown compression method \(method)")
        }
        let member = ZipMember(
            name: name, method: method, crc32: crc, compressedBytes: sizes[1], bytes: sizes[0], headerOffset: sizes[2])
        try check(member)
        return member
    }

    private func check(_ member: ZipMember) throws(ModelError) {
        guard member.headerOffset < offset, member.compressedBytes <= offset else {
            throw Self.invalid(path, "\(member.name) lies outside the file")
        }
        if member.method == .stored, member.bytes != member.compressedBytes {
            throw Self.invalid(path, "\(member.name) has two sizes")
        }
        // Both are at most 2^63 - 1; the division cannot overflow.
        if member.bytes > 1 << 16, member.bytes / ZipArchive.maximumRatio > member.compressedBytes {
            throw Self.invalid(path, "\(member.name) grows more than \(ZipArchive.maximumRatio) times (a ZIP bomb)")
        }
    }

    private func checkedName(_ bytes: ArraySlice<UInt8>) throws(ModelError) -> String {
        guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else {
            throw Self.invalid(path, "a name is not UTF-8")
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isSafe =
            !name.hasPrefix("/") && !parts.contains("..") && !parts.contains(".")
            && bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\\") }
            && !(parts.first?.hasSuffix(":") ?? false)
        guard isSafe else { throw Self.invalid(path, "the name \(name.debugDescription) leaves its folder") }
        return name
    }

    /// Replaces 32-bit fields that are all ones by the 64-bit ones of the ZIP64 extra field, in their fixed order.
    private func wideSizes(
        _ extra: ArraySlice<UInt8>, _ fields: [UInt32], _ name: String
    ) throws(ModelError) -> [Int64] {
        guard fields.contains(UInt32.max) else { return fields.map(Int64.init) }
        var cursor = ByteCursor(extra)
        while let tag = cursor.integer(UInt16.self), let length = cursor.integer(UInt16.self),
            let content = cursor.take(Int(length))
        {
            guard tag == 1 else { continue }
            var wide = ByteCursor(content)
            var sizes: [Int64] = []
            for field in fields {
                if field != UInt32.max {
                    sizes.append(Int64(field))
                } else if let value = wide.integer(UInt64.self), let size = Int64(exactly: value) {
                    sizes.append(size)
                }
            }
            if sizes.count == fields.count { return sizes }
        }
        throw Self.invalid(path, "the ZIP64 sizes of \(name) are missing or impossible")
    }

    // MARK: - The end of the archive

    private struct End {
        let count: Int
        let bytes: Int64
        let offset: Int64
    }

    private static func endRecord(_ file: RandomAccessFile) throws(ModelError) -> End {
        // The record has 22 bytes and a comment of at most 65535.
        let tailStart = max(0, file.size - 22 - 65535)
        let tail = try file.read(at: tailStart, count: 22 + 65535)
        guard tail.count >= 22 else { throw invalid(file.path, "it is too short") }
        for start in stride(from: tail.count - 22, through: 0, by: -1) where tail[start] == 0x50 {
            var cursor = ByteCursor(tail[start...])
            guard cursor.integer(UInt32.self) == 0x0605_4b50, let disk = cursor.integer(UInt16.self),
                let directoryDisk = cursor.integer(UInt16.self), cursor.skip(2),
                let count = cursor.integer(UInt16.self), let bytes = cursor.integer(UInt32.self),
                let offset = cursor.integer(UInt32.self), let comment = cursor.integer(UInt16.self),
                Int(comment) == cursor.remaining
            else { continue }
            guard disk == 0, directoryDisk == 0 else { throw invalid(file.path, "it is split over several files") }
            let position = tailStart + Int64(start)
            if count == UInt16.max || bytes == UInt32.max || offset == UInt32.max {
                return try wideEndRecord(file, before: position)
            }
            return try checked(End(count: Int(count), bytes: Int64(bytes), offset: Int64(offset)), position, file)
        }
        throw invalid(file.path, "it has no directory; the download may be cut")
    }

    private static func wideEndRecord(_ file: RandomAccessFile, before position: Int64) throws(ModelError) -> End {
        let locator = try file.read(at: position - 20, count: 20)
        var cursor = ByteCursor(locator[...])
        guard cursor.integer(UInt32.self) == 0x0706_4b50, cursor.skip(4), let start = cursor.integer(UInt64.self),
            let start = Int64(exactly: start), start < position
        else { throw invalid(file.path, "its ZIP64 locator is missing") }
        let record = try file.read(at: start, count: 56)
        cursor = ByteCursor(record[...])
        guard cursor.integer(UInt32.self) == 0x0606_4b50, cursor.skip(28), let count = cursor.integer(UInt64.self),
            let bytes = cursor.integer(UInt64.self), let offset = cursor.integer(UInt64.self),
            let count = Int(exactly: count), let bytes = Int64(exactly: bytes), let offset = Int64(exactly: offset)
        else { throw invalid(file.path, "its ZIP64 record is damaged") }
        return try checked(End(count: count, bytes: bytes, offset: offset), start, file)
    }

    private static func checked(_ end: End, _ limit: Int64, _ file: RandomAccessFile) throws(ModelError) -> End {
        let (directoryEnd, overflow) = end.offset.addingReportingOverflow(end.bytes)
        guard !overflow, directoryEnd <= limit else { throw invalid(file.path, "its directory lies outside the file") }
        return end
    }
}
