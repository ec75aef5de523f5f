internal import Foundation
internal import OnnxRuntime
internal import ParleyCore
internal import ParleyLLM
internal import ParleyModels
internal import ParleySTT
internal import ParleyTTS
internal import ParleyVAD
internal import Synchronization

/// How each model of a profile is loaded: a new model is one line of `register`.
struct Loaders: Sendable {
    let bundle: Shared<InstalledModel>
    let thinkerFile: Shared<InstalledModel>
    let scheduler: ComputeScheduler
    let threads: Int
    let onnx: OnnxHost
    /// Folder of the cache of packed weights.
    let packedFolder: String
    let warmsUp: Bool

    /// Makes the models known to the pool. A model counts as the bytes of the files that it reads.
    func register(in pool: ModelPool, audio: CatalogueEntry, thinker: CatalogueEntry) async {
        let weights = size(audio) { $0 == "audio.weights" }
        let voice = size(audio) { $0.hasPrefix("tts.") }
        await onnx(Keys.detector, ["vad"], pool, bytes: size(audio) { $0 == "vad.onnx" }) { environment, files in
            try SileroModel(environment, file: files.folder.appending(path: "vad.onnx"))
        }
        await onnx(Keys.recognizer, ["stt.encoder", "stt.decoder"], pool, bytes: weights) { environment, files in
            let model = try WhisperModel(
                environment, bundle: files.folder, cache: files.cache, expecting: audio.languages)
            return warmsUp ? try Warmup.recognizer(model) : model
        }
        await onnx(Keys.voice, ["tts.encoder", "tts.talker", "tts.vocoder"], pool, bytes: voice) {
            environment, files in
            let model = try HeartModel(environment, bundle: files.folder)
            return warmsUp ? try Warmup.voice(model) : model
        }
        await pool.register(Keys.thinker, aliases: ["tiny"] + thinker.aliases, estimate: thinker.bytes) {
            let path = try await thinkerFile.value().path()
            let engine = try await LlamaEngine.load(
                path: path, options: LlamaEngineOptions(threads: threads), scheduler: scheduler)
            return LoadedModel(engine, bytes: thinker.bytes)
        }
    }

    private func onnx<Model: Sendable>(
        _ key: ModelKey<Model>, _ roles: [String], _ pool: ModelPool, bytes: Int64,
        _ make: @escaping @Sendable (OnnxEnvironment, BundleFiles) throws -> Model
    ) async {
        await pool.register(key, aliases: roles, estimate: bytes) {
            let files = BundleFiles(try await bundle.value(), packedFolder: packedFolder)
            let model = try await BlockingLoad.run { try make(onnx.environment(), files) }
            return LoadedModel(model, bytes: bytes)
        }
    }

    private func size(_ entry: CatalogueEntry, _ reads: (String) -> Bool) -> Int64 {
        entry.files.filter { reads($0.name) }.reduce(0) { $0 + $1.bytes }
    }
}

/// An audio bundle, and the cache for the weights of its graphs.
private struct BundleFiles: Sendable {
    let folder: URL
    let cache: PackedGraphCache

    init(_ bundle: InstalledModel, packedFolder: String) {
        folder = URL(filePath: bundle.folder)
        // The store has compared the files with these digests.
        let digests = bundle.digests.sorted { $0.key < $1.key }.filter { $0.key.hasSuffix(".weights") }.map(\.value)
        cache = PackedGraphCache(folder: packedFolder, owner: bundle.entry.id, digest: digests.joined(separator: " "))
    }
}

/// Opens ONNX Runtime when the first graph is loaded; one environment for all.
final class OnnxHost: Sendable {
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
