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
    /// - Throws: `CancellationError` within one operator of a graph after the turn is over or the task was cancelled.
    package func transcribe(
        _ samples: ArraySlice<Float>, options: TranscriptionOptions, turn: TurnToken
    ) async throws -> Transcript {
        let session = try idle.popLast() ?? model.makeSession()
        defer { idle.append(session) }
        try session.begin(options)
        try session.append(samples)
        try session.finish()
        return try await session.run(turn, scheduler)
    }
}

extension STTSession {
    /// Steps until the transcript is there, one graph run per lease of cores.
    /// - Parameter isReplaced: whether another request has come; this one is then over.
    func run(
        _ turn: TurnToken, _ scheduler: ComputeScheduler, isolation: isolated (any Actor)? = #isolation,
        isReplaced: () -> Bool = { false }
    ) async throws -> Transcript {
        let stop = stop
        return try await withTaskCancellationHandler {
            while true {
                try turn.check()
                let done = try await scheduler.withCores(scheduler.cores, .recognition) { _ in
                    if isReplaced() { throw CancellationError() }
                    return try turn.stopping(stop) { try step() }
                }
                if let done { return done }
                // Free cores are given without a wait: audio and later requests would else find no moment to come in.
                await Task.yield()
            }
        } onCancel: {
            stop()
        }
    }
}
