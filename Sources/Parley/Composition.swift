internal import Foundation
internal import ParleyCore
internal import ParleyLLM
internal import ParleyModels

/// The only place where model names meet engines: configuration → store → models.
final class Composition: Sendable {
    let profile: Profile
    let scheduler: ComputeScheduler
    private let store: ModelStore
    private let bundle: Shared<InstalledModel>
    private let thinkerFile: Shared<InstalledModel>
    private let pool: ModelPool
    private let ready: Shared<Void>

    init(_ configuration: ParleyConfiguration) throws {
        let store = ModelStore(
            locations: StoreLocations(environment: configuration.environment, home: NSHomeDirectory()),
            environment: configuration.environment)
        let profile = try store.catalogue.profile(named: configuration.profile)
        let scheduler = ComputeScheduler(cores: configuration.threads)
        let bundle = Shared { try await store.open(profile.audio) }
        let thinkerFile = Shared { try await store.open(profile.thinker) }
        let pool = ModelPool(budget: MemoryBudget(limit: configuration.memoryBudget))
        let loaders = Loaders(
            bundle: bundle, thinkerFile: thinkerFile, scheduler: scheduler, threads: configuration.threads,
            onnx: OnnxHost(threads: configuration.threads, libraries: Self.libraryFolders(store.locations)),
            packedFolder: store.locations.packed, warmsUp: configuration.warmsUp)
        self.store = store
        self.profile = profile
        self.scheduler = scheduler
        self.bundle = bundle
        self.thinkerFile = thinkerFile
        self.pool = pool
        let catalogue = store.catalogue
        ready = Shared {
            try await loaders.register(
                in: pool, audio: catalogue.entry(named: profile.audio), thinker: catalogue.entry(named: profile.thinker)
            )
        }
    }

    func detector() async throws -> ModelLease<any VADModel> { try await lease(Keys.detector) }
    func recognizer() async throws -> ModelLease<any STTModel> { try await lease(Keys.recognizer) }
    func voice() async throws -> ModelLease<any TTSModel> { try await lease(Keys.voice) }
    func thinker() async throws -> ModelLease<any ThinkerModel> { try await lease(Keys.thinker) }

    private func lease<Model: Sendable>(_ key: ModelKey<Model>) async throws -> ModelLease<Model> {
        try await ready.value()
        return try await pool.lease(key)
    }

    /// Whether a file serves a role. Tables belong to the stage in their name, weights to every role of their entry.
    private func serves(_ role: ModelRole, _ file: String, single: Bool) -> Bool {
        if single || file == "audio.weights" || file == "bundle.json" { return true }
        if file.hasSuffix(".onnx"), file != "tts.oov.onnx" { return profile.file(for: role)?.file == file }
        return role.rawValue.prefix { $0 != "." } == file.prefix { $0 != "." }
    }

    /// Loads what the capabilities need, at the same time.
    func prefetch(_ capabilities: Set<ParleyCapability>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if capabilities.contains(.hearing) {
                group.addTask { _ = try await self.detector() }
                group.addTask { _ = try await self.recognizer() }
            }
            if capabilities.contains(.thinking) { group.addTask { _ = try await self.thinker() } }
            if capabilities.contains(.speaking) { group.addTask { _ = try await self.voice() } }
            try await group.waitForAll()
        }
    }

    /// What a conversation is opened with. A system prompt of the user's own replaces the profile's examples too.
    func thinkerOptions(system: String?) -> ThinkerOptions {
        var options = SpokenPrompt.options(for: profile.thinker)
        if let system {
            options.systemPrompt = system
            options.examples = []
        }
        return options
    }

    /// The language of the profile, when its thinker knows only one.
    var onlyLanguage: String? {
        let languages = (try? store.catalogue.entry(named: profile.thinker).languages) ?? []
        return languages.count == 1 ? languages.first : nil
    }

    /// The files of the profile, each with the roles it serves.
    func files() async throws -> [ModelFile] {
        var models: [ModelFile] = []
        for installed in [try await bundle.value(), try await thinkerFile.value()] {
            for file in installed.entry.files {
                let single = installed.entry.files.count == 1
                let roles = installed.entry.roles.filter { serves($0, file.name, single: single) }
                models.append(
                    ModelFile(
                        id: single ? installed.entry.id : "\(installed.entry.id)/\(file.name)",
                        roles: roles.map(\.rawValue),
                        bytes: file.bytes, sha256: installed.digests[file.name] ?? file.sha256 ?? ""))
            }
        }
        return models
    }

    /// Folders in which ONNX Runtime may lie: beside the program, in the user's data folder, in the system.
    static func libraryFolders(_ locations: StoreLocations) -> [String] {
        let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        return [program.deletingLastPathComponent().path, locations.libraries, "/usr/local/lib", "/usr/lib"]
    }
}

/// Names of the models in the pool.
enum Keys {
    static let detector = ModelKey<any VADModel>("vad")
    static let recognizer = ModelKey<any STTModel>("stt")
    static let voice = ModelKey<any TTSModel>("tts")
    static let thinker = ModelKey<any ThinkerModel>("thinker")
}

/// A model file that an engine uses.
package struct ModelFile: Sendable, Codable, Equatable {
    package let id: String
    package let roles: [String]
    package let bytes: Int64
    package let sha256: String
}
