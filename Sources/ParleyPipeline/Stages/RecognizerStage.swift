package import ParleyCore

/// Runs a recogniser on its own thread, one graph run per lease of cores.
package actor RecognizerStage {
    private let model: any STTModel
    private let scheduler: ComputeScheduler
    private let executor: InferenceExecutor
    /// Sessions nobody uses now. A call owns its session while it runs, so that calls may overlap.
    private var idle: [any STTSession] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(model: any STTModel, scheduler: ComputeScheduler, executor: InferenceExecutor) {
        self.model = model
        self.scheduler = scheduler
        self.executor = executor
    }

    /// The words of one utterance.
    /// - Parameter samples: mono at the model's sample rate, at most its window.
    /// - Throws: `CancellationError` within one graph run after the turn is over.
    package func transcribe(
        _ samples: ArraySlice<Float>, options: TranscriptionOptions, turn: TurnToken
    ) async throws -> Transcript {
        let session = try idle.popLast() ?? model.makeSession()
        defer { idle.append(session) }
        try session.begin(options)
        try session.append(samples)
        try session.finish()
        while true {
            try turn.check()
            let done = try await scheduler.withCores(scheduler.cores, .recognition) { _ in try session.step() }
            if let done { return done }
        }
    }
}
