import Foundation

/// Writes ZIP archives by hand, right or wrong on purpose.
struct ArchiveFixture {
    struct Member {
        var name: String
        var content: [UInt8]
        /// Raw DEFLATE data of `content`; nil stores it as it is.
        var deflated: [UInt8]?
        var declaredBytes: UInt32?
        var crc: UInt32?
        var flags: UInt16 = 0
        var mode: UInt32 = 0o100644
        var localName: String?
        /// Sizes and place only in a ZIP64 extra field.
        var isWide = false

        init(_ name: String, _ content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    var members: [Member]

    func bytes() -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = archive.count
            let data = member.deflated ?? member.content
            let size = member.declaredBytes ?? UInt32(member.content.count)
            let method: UInt16 = member.deflated == nil ? 0 : 8
            let crc = member.crc ?? Self.crc32(member.content)
            let local = Array((member.localName ?? member.name).utf8)
            archive += le32(0x0403_4b50) + le16(20) + le16(member.flags) + le16(method) + le32(0)
            archive += le32(crc) + le32(UInt32(data.count)) + le32(size)
            archive += le16(UInt16(local.count)) + le16(0) + local + data
            let name = Array(member.name.utf8)
            let extra =
                member.isWide
                ? le16(1) + le16(24) + le64(UInt64(size)) + le64(UInt64(data.count)) + le64(UInt64(offset)) : []
            let narrow: (UInt32) -> [UInt8] = { member.isWide ? le32(.max) : le32($0) }
            directory += le32(0x0201_4b50) + le16(3 << 8 | 20) + le16(20) + le16(member.flags) + le16(method) + le32(0)
            directory += le32(crc) + narrow(UInt32(data.count)) + narrow(size)
            directory += le16(UInt16(name.count)) + le16(UInt16(extra.count)) + le16(0) + le16(0) + le16(0)
            directory += le32(member.mode << 16) + narrow(UInt32(offset)) + name + extra
        }
        let start = archive.count
        archive += directory
        archive += le32(0x0605_4b50) + le16(0) + le16(0) + le16(UInt16(members.count)) + le16(UInt16(members.count))
        archive += le32(UInt32(directory.count)) + le32(UInt32(start)) + le16(0)
        return archive
    }

    /// A wheel that pip accepts.
    static func wheel(_ package: String, _ files: [(String, [UInt8])]) -> [UInt8] {
        let information = "\(package)-1.0.0.dist-info/"
        let metadata = "Metadata-Version: 2.1\nName: \(package)\nVersion: 1.0.0\n"
        let wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        let members =
            files.map { Member($0.0, $0.1) } + [
                Member(information + "METADATA", Array(metadata.utf8)),
                Member(information + "WHEEL", Array(wheel.utf8)), Member(information + "RECORD", []),
            ]
        return ArchiveFixture(members: members).bytes()
    }

    /// Raw DEFLATE with stored blocks: valid, and simple enough to write by hand.
    static func storedBlocks(_ content: [UInt8]) -> [UInt8] {
        var data: [UInt8] = []
        for start in stride(from: 0, to: content.count, by: 1000) {
            let block = content[start..<min(start + 1000, content.count)]
            let isLast = block.endIndex == content.count
            data += [isLast ? 1 : 0] + le16(UInt16(block.count)) + le16(~UInt16(block.count)) + block
        }
        return data
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
        }
    }
}

func le16(_ value: UInt16) -> [UInt8] { little(value) }
func le32(_ value: UInt32) -> [UInt8] { little(value) }
func le64(_ value: UInt64) -> [UInt8] { little(value) }

private func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// A folder for one test, removed with this value.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/parley-models-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// - Returns: path of the new file.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}
