import ParleyModels
import Testing

@Suite("The catalogue is consistent")
struct CatalogueTests {
    let catalogue = Catalogue.standard

    @Test("names are unique and safe, digests are digests, every entry has files and a licence")
    func wellFormed() {
        let names = catalogue.entries.flatMap { [$0.id] + $0.aliases }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy(Catalogue.isSafeName))
        for entry in catalogue.entries {
            #expect(!entry.roles.isEmpty && !entry.languages.isEmpty && !entry.licence.spdx.isEmpty, "\(entry.id)")
            #expect(Set(entry.files.map(\.name)).count == entry.files.count, "\(entry.id)")
            for file in entry.files {
                #expect(Catalogue.isSafeName(file.name) && file.bytes > 0, "\(entry.id)")
                #expect(file.sha256.map(isDigest) ?? true, "\(entry.id) \(file.name)")
            }
        }
    }

    @Test("the parts of every file come from the wheels of its entry, in their order")
    func partsInOrder() {
        for entry in catalogue.entries {
            guard case .wheels(let wheels) = entry.source else { continue }
            #expect(wheels.allSatisfy { isDigest($0.sha256) && $0.bytes > 0 })
            for file in entry.files {
                let places = file.parts.map { part in wheels.firstIndex { $0.package == part.package } }
                #expect(!places.isEmpty && !places.contains(nil), "\(entry.id) \(file.name)")
                #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(entry.id) \(file.name)")
            }
        }
    }

    @Test("every profile names a file for every role of a conversation")
    func profiles() throws {
        #expect(catalogue.profiles.map(\.name) == ["starter", "lfm2"])
        for profile in catalogue.profiles {
            for role in ModelRole.allCases where role != .recording {
                let place = try #require(profile.file(for: role))
                #expect(try catalogue.entry(named: place.entry).roles.contains(role))
            }
            for id in profile.buildSources { _ = try catalogue.entry(named: id) }
        }
        #expect(try catalogue.entries(named: "starter").map(\.id).contains("whisper-base-ct2"))
    }

    @Test("an unknown name is answered with the names there are")
    func unknown() {
        let error = #expect(throws: ModelError.self) { try catalogue.entry(named: "whisper") }
        #expect(error?.code == .unknownModel)
        #expect(error?.message.contains("whisper-base-ct2") == true)
        #expect(throws: Never.self) { try catalogue.entry(named: "tiny") }
        #expect((try? catalogue.entry(named: "tiny"))?.id == "smollm2-135m-instruct-q4_1")
    }

    @Test("what cannot be pulled yet says so and how to get it")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let store = ModelStore(
            locations: StoreLocations(environment: [:], home: folder.path), environment: ["PATH": "/nowhere"])
        let hub = await #expect(throws: ModelError.self) { try await store.pull("lfm2-1.2b-q4_0") }
        #expect(hub?.code == .hubUnsupported)
        #expect(hub?.message.contains("--from FILE") == true)
        let built = await #expect(throws: ModelError.self) { try await store.pull("audio-starter") }
        #expect(built?.code == .notBuilt)
        #expect(built?.message.contains("make bundle") == true)
    }

    @Test("folders follow the XDG rules: absolute variables count, relative and empty ones do not")
    func locations() {
        let standard = StoreLocations(environment: ["XDG_DATA_HOME": "", "XDG_CACHE_HOME": "x/y"], home: "/home/a")
        #expect(standard.models == "/home/a/.local/share/parley/models")
        #expect(standard.libraries == "/home/a/.local/share/parley/lib")
        #expect(standard.downloads == "/home/a/.cache/parley/downloads")
        let told = StoreLocations(environment: ["HOME": "/home/b"], home: "/home/a")
        #expect(told.models == "/home/b/.local/share/parley/models")
        let moved = StoreLocations(environment: ["XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/c"], home: "/home/a")
        #expect(moved.models == "/d/parley/models")
        #expect(moved.native == "/c/parley/native")
    }

    private func isDigest(_ text: String) -> Bool {
        text.count == 64 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
}
