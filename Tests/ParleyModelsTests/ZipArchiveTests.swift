import ParleyModels
import Testing

@Suite("ZIP archives are read without trust")
struct ZipArchiveTests {
    let folder: TemporaryFolder
    let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    init() throws { folder = try TemporaryFolder() }

    private func open(_ members: [ArchiveFixture.Member]) throws -> ZipArchive {
        try ZipArchive(path: folder.write(ArchiveFixture(members: members).bytes(), to: "a.zip"))
    }

    private func read(_ archive: ZipArchive, _ name: String, limit: Int64 = 1 << 20) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try archive.extract(name, limit: limit) { bytes += $0 }
        return bytes
    }

    private func expectRefusal(
        _ text: String, _ members: [ArchiveFixture.Member], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ModelError.self, sourceLocation: sourceLocation) {
            let archive = try open(members)
            for name in archive.members.keys.sorted() { _ = try read(archive, name) }
        }
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
    }

    @Test("stored, deflated and ZIP64 members come out as they went in")
    func roundTrip() throws {
        var deflated = ArchiveFixture.Member("b/two.bin", content)
        deflated.deflated = ArchiveFixture.storedBlocks(content)
        var wide = ArchiveFixture.Member("wide.bin", content)
        wide.isWide = true
        let archive = try open([ArchiveFixture.Member("one.bin", content), deflated, wide, .init("empty", [])])
        for name in ["one.bin", "b/two.bin", "wide.bin"] { #expect(try read(archive, name) == content) }
        #expect(try read(archive, "empty").isEmpty)
    }

    @Test("data compressed by zlib itself is decompressed")
    func zlibData() throws {
        // 3000 times "a", compressed by zlib's raw DEFLATE at level 9.
        var member = ArchiveFixture.Member("a", Array(repeating: UInt8(ascii: "a"), count: 3000))
        member.deflated = [
            0xed, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xac, 0xeb, 0x5f, 0xc2, 0x1a, 0x1e, 0x40, 0x01, 0x00,
            0x00, 0xef, 0x06,
        ]
        #expect(try read(open([member]), "a") == member.content)
    }

    @Test(
        "a name that leaves its folder is refused",
        arguments: ["../a", "a/../../b", "/etc/a", "C:/a", "a\\b", "a/./b", "a\u{0}b"])
    func slip(name: String) {
        expectRefusal("leaves its folder", [.init(name, content)])
    }

    @Test("symbolic links, encrypted members and names that are there twice are refused")
    func hostileMembers() {
        var link = ArchiveFixture.Member("link", Array("/etc/passwd".utf8))
        link.mode = 0o120777
        expectRefusal("symbolic link", [link])
        var encrypted = ArchiveFixture.Member("secret", content)
        encrypted.flags = 1
        expectRefusal("encrypted", [encrypted])
        expectRefusal("twice", [.init("a", content), .init("a", content)])
    }

    @Test("a member whose data, size, CRC or second name is wrong is refused")
    func damage() {
        var member = ArchiveFixture.Member("a", content)
        member.crc = 1
        expectRefusal("CRC-32", [member])
        member = .init("a", content)
        member.localName = "b"
        expectRefusal("two names differ", [member])
        member = .init("a", content)
        member.declaredBytes = 4999
        expectRefusal("two sizes", [member])
        member.deflated = ArchiveFixture.storedBlocks(content)
        expectRefusal("more data than declared", [member])
        member.declaredBytes = 5001
        expectRefusal("5000 bytes instead of 5001", [member])
        member.deflated = ArchiveFixture.storedBlocks(content) + [0, 0, 0]
        member.declaredBytes = nil
        expectRefusal("after the end of the stream", [member])
        member.deflated = Array(ArchiveFixture.storedBlocks(content).dropLast(10))
        expectRefusal("cut", [member])
        member.deflated = [0xff, 0xff, 0xff]
        expectRefusal("damaged", [member])
    }

    @Test("a bomb is refused before anything is decompressed")
    func bomb() {
        var member = ArchiveFixture.Member("a", content)
        member.deflated = [3, 0]
        member.declaredBytes = 1 << 30
        expectRefusal("bomb", [member])
    }

    @Test("only exact members within the given limit come out")
    func exactMembers() throws {
        let archive = try open([.init("a", content)])
        #expect(throws: ModelError.self) { try read(archive, "A") }
        #expect(throws: ModelError.self) { try read(archive, "a", limit: 4999) }
    }

    @Test("an archive cut at any byte, or with any byte changed, ends in an error or in the right content")
    func truncationsAndChanges() throws {
        let small = Array(content.prefix(40))
        var deflated = ArchiveFixture.Member("b", small)
        deflated.deflated = ArchiveFixture.storedBlocks(small)
        let whole = ArchiveFixture(members: [.init("a", small), deflated]).bytes()
        for length in 0..<whole.count {
            let path = try folder.write(Array(whole.prefix(length)), to: "cut.zip")
            #expect(throws: ModelError.self) { try ZipArchive(path: path) }
        }
        for position in whole.indices {
            for mask in [0x01, 0x80, 0xff] as [UInt8] {
                var changed = whole
                changed[position] ^= mask
                let path = try folder.write(changed, to: "changed.zip")
                do {
                    let archive = try ZipArchive(path: path)
                    for name in ["a", "b"] where archive.members[name] != nil {
                        #expect(try read(archive, name) == small)
                    }
                } catch is ModelError {}
            }
        }
    }
}
