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

    /// Makes the models known to the pool. A model counts as the bytes of the files that it reads.
    func register(in pool: ModelPool, audio: CatalogueEntry, thinker: CatalogueEntry) async {
        let weights = size(audio) { $0 == "audio.weights" }
        let voice = size(audio) { $0.hasPrefix("tts.") }
        await onnx(Keys.detector, ["vad"], pool, bytes: size(audio) { $0 == "vad.onnx" }) { environment, folder in
            try SileroModel(environment, file: folder.appending(path: "vad.onnx"))
        }
        await onnx(Keys.recognizer, ["stt.encoder", "stt.decoder"], pool, bytes: weights) { environment, folder in
            try Warmup.recognizer(WhisperModel(environment, bundle: folder, expecting: audio.languages))
        }
        await onnx(Keys.voice, ["tts.encoder", "tts.talker", "tts.vocoder"], pool, bytes: voice) {
            environment, folder in
            try Warmup.voice(HeartModel(environment, bundle: folder))
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
        _ make: @escaping @Sendable (OnnxEnvironment, URL) throws -> Model
    ) async {
        await pool.register(key, aliases: roles, estimate: bytes) {
            let folder = URL(filePath: try await bundle.value().folder)
            let model = try await BlockingLoad.run { try make(onnx.environment(), folder) }
            return LoadedModel(model, bytes: bytes)
        }
    }

    private func size(_ entry: CatalogueEntry, _ reads: (String) -> Bool) -> Int64 {
        entry.files.filter { reads($0.name) }.reduce(0) { $0 + $1.bytes }
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
