internal import ParleyCore

/// Runs one blocking load on a thread of its own, so that loads go on side by side.
enum BlockingLoad {
    private actor Worker {
        private let executor = InferenceExecutor(label: "parley-load")
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        func run<Result: Sendable>(_ body: @Sendable () throws -> Result) throws -> Result { try body() }
    }

    static func run<Result: Sendable>(_ body: @Sendable () throws -> Result) async throws -> Result {
        try await Worker().run(body)
    }
}

/// Runs a model once, so that the first real call finds its memory and its code in place.
enum Warmup {
    static func recognizer<Model: STTModel>(_ model: Model) throws -> Model {
        let session = try model.makeSession()
        try session.begin(TranscriptionOptions(language: "en"))
        try session.append([Float](repeating: 0, count: model.sampleRate)[...])
        try session.finish()
        while try session.step() == nil {}
        return model
    }

    static func voice<Model: TTSModel>(_ model: Model) throws -> Model {
        let session = try model.makeSession(SpeechOptions())
        try session.begin("Hello there.")
        while try session.step() != nil {}
        return model
    }
}
