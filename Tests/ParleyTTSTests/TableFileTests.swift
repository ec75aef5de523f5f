import ParleyTTS
import Testing

@Suite("Mapped tables")
struct TableFileTests {
    private static let fixture = TableFixture(sections: [
        ("fruit", ["apple": [1, 2], "pear": [], "äpfel": [7]]), ("empty", [:]),
    ])

    @Test("every key is found and no other")
    func lookup() throws {
        try TableFixture.withFile(Self.fixture.bytes) { path in
            let table = try TableFile(path: path).table("fruit")
            #expect(table.count == 3)
            #expect(table.bytes("apple") == [1, 2])
            #expect(table.bytes("pear") == [])
            #expect(table.bytes("äpfel") == [7])
            for missing in ["", "appl", "apple ", "banana", "zebra"] { #expect(table.bytes(missing) == nil) }
            #expect(table.all().map(\.key) == ["apple", "pear", "äpfel"])
            #expect(try TableFile(path: path).table("empty").bytes("apple") == nil)
        }
    }

    @Test("a section that is not there is named")
    func missingSection() throws {
        try TableFixture.withFile(Self.fixture.bytes) { path in
            let error = #expect(throws: TTSError.self) { try TableFile(path: path).table("nuts") }
            #expect(error?.code == .fileInvalid)
            #expect(error?.message.contains("it has no section nuts") == true)
        }
    }

    @Test("a damaged file is refused", arguments: [0, 5, 20, 60, 100])
    func truncated(length: Int) throws {
        try TableFixture.withFile(Array(Self.fixture.bytes.prefix(length))) { path in
            let error = #expect(throws: TTSError.self) { try TableFile(path: path) }
            #expect(error?.code == .fileInvalid)
        }
    }

    @Test("a missing file is refused with what to do")
    func absent() {
        let error = #expect(throws: TTSError.self) { try TableFile(path: "/nowhere/tts.tables") }
        #expect(error?.code == .fileUnreadable)
        #expect(error?.message.contains("Run scripts/bootstrap") == true)
    }
}
