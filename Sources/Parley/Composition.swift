internal import Foundation
internal import OnnxRuntime
package import ParleyCore
package import ParleyLLM
package import ParleyModels
internal import ParleySTT
internal import ParleyTTS
internal import ParleyVAD
internal import Synchronization

/// The only place where model names meet engines: configuration → store → models.
final class Composition: Sendable {
    let profile: Profile
    let scheduler: ComputeScheduler
    private let store: ModelStore
    private let onnx: OnnxHost
    private let bundle: Shared<InstalledModel>
    private let detectorSlot: Shared<any VADModel>
    private let recognizerSlot: Shared<any STTModel>
    private let voiceSlot: Shared<any TTSModel>
    private let thinkerSlot: Shared<LlamaEngine>
    private let thinkerFile: Shared<InstalledModel>

    init(_ configuration: ParleyConfiguration) throws {
        let store = ModelStore(
            locations: StoreLocations(environment: configuration.environment, home: NSHomeDirectory()),
            environment: configuration.environment)
        let profile = try store.catalogue.profile(named: configuration.profile)
        let scheduler = ComputeScheduler(cores: configuration.threads)
        let onnx = OnnxHost(threads: configuration.threads, libraries: Self.libraryFolders(store.locations))
        let bundle = Shared { try await store.open(profile.audio) }
        let thinkerFile = Shared { try await store.open(profile.thinker) }
        self.store = store
        self.profile = profile
        self.scheduler = scheduler
        self.onnx = onnx
        self.bundle = bundle
        self.thinkerFile = thinkerFile
        detectorSlot = Shared {
            let file = try await bundle.value().path("vad.onnx")
            return try await BlockingLoad.run { try SileroModel(onnx.environment(), file: URL(filePath: file)) }
        }
        recognizerSlot = Shared {
            let folder = URL(filePath: try await bundle.value().folder)
            return try await BlockingLoad.run { try Warmup.recognizer(WhisperModel(onnx.environment(), bundle: folder)) }
        }
        voiceSlot = Shared {
            let folder = URL(filePath: try await bundle.value().folder)
            return try await BlockingLoad.run { try Warmup.voice(HeartModel(onnx.environment(), bundle: folder)) }
        }
        thinkerSlot = Shared {
            let file = try await thinkerFile.value().path()
            return try await LlamaEngine.load(
                path: file, options: LlamaEngineOptions(threads: configuration.threads), scheduler: scheduler)
        }
    }

    func detector() async throws -> any VADModel { try await detectorSlot.value() }
    func recognizer() async throws -> any STTModel { try await recognizerSlot.value() }
    func voice() async throws -> any TTSModel { try await voiceSlot.value() }
    func thinker() async throws -> any ThinkerModel { try await thinkerSlot.value() }

    /// What a conversation is opened with.
    func thinkerOptions(system: String?) -> ThinkerOptions {
        var options = SpokenPrompt.starter
        if let system { options.systemPrompt = system }
        return options
    }

    /// The language of the profile, when its thinker knows only one.
    var onlyLanguage: String? {
        let languages = (try? store.catalogue.entry(named: profile.thinker).languages) ?? []
        return languages.count == 1 ? languages.first : nil
    }

    /// The files of the profile, each with the roles it serves.
    func loadedModels() async throws -> [LoadedModel] {
        var models: [LoadedModel] = []
        for installed in [try await bundle.value(), try await thinkerFile.value()] {
            for file in installed.entry.files {
                let single = installed.entry.files.count == 1
                let roles = installed.entry.roles.filter { role in
                    guard let serving = profile.file(for: role), serving.entry == installed.entry.id else { return false }
                    // Weights and tables serve every role of their entry.
                    return single || serving.file == file.name || !file.name.hasSuffix(".onnx")
                }
                models.append(
                    LoadedModel(
                        id: single ? installed.entry.id : "\(installed.entry.id)/\(file.name)", roles: roles.map(\.rawValue),
                        bytes: file.bytes, sha256: installed.digests[file.name] ?? file.sha256 ?? ""))
            }
        }
        return models
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

    /// Folders in which ONNX Runtime may lie: beside the program, in the user's data folder, in the system.
    static func libraryFolders(_ locations: StoreLocations) -> [String] {
        let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        return [program.deletingLastPathComponent().path, locations.libraries, "/usr/local/lib", "/usr/lib"]
    }
}

/// A model file that an engine uses.
package struct LoadedModel: Sendable, Codable, Equatable {
    package let id: String
    package let roles: [String]
    package let bytes: Int64
    package let sha256: String
}

/// Opens ONNX Runtime when the first graph is loaded; one environment for all.
private final class OnnxHost: Sendable {
    private let threads: Int
    private let libraries: [String]
    private let opened = Mutex<OnnxEnvironment?>(nil)

    init(threads: Int, libraries: [String]) {
        self.threads = threads
        self.libraries = libraries
    }

    func environment() throws -> OnnxEnvironment {
        try opened.withLock { opened in
            if let opened { return opened }
            let library = try OnnxLibrary.open(searching: libraries)
            let environment = try OnnxEnvironment(library: library, options: OnnxEnvironmentOptions(threads: threads))
            opened = environment
            return environment
        }
    }
}
