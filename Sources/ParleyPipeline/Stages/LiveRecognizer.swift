package import ParleyCore

/// Recognises one utterance while it is spoken, on its own thread: audio comes in as it is recorded, the words so far may
/// be asked for at any time, and what was found out before is used again.
package actor LiveRecognizer {
    private let session: any STTSession
    private let scheduler: ComputeScheduler
    private let executor: InferenceExecutor
    /// Counts requests: a later one replaces what is under way.
    private var requests = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(model: any STTModel, scheduler: ComputeScheduler, executor: InferenceExecutor) throws {
        session = try model.makeSession()
        self.scheduler = scheduler
        self.executor = executor
    }

    /// Forgets the utterance before and starts a new one.
    package func begin(_ options: TranscriptionOptions) throws {
        requests += 1
        try session.begin(options)
    }

    /// Adds audio, mono at the model's sample rate; at most its window in all. May come while `partial` is awaited.
    package func append(_ samples: [Float]) throws { try session.append(samples[...]) }

    /// The words of what was appended before the model began to listen to it.
    /// - Throws: `CancellationError` within one operator of a graph after the turn is over or the task was cancelled, and
    ///   the utterance is then to be begun again; also when another request comes before this one is answered.
    package func partial(turn: TurnToken) async throws -> Transcript {
        try session.partial()
        return try await run(turn)
    }

    /// The words of the whole utterance; at once when nothing came since the last `partial`.
    /// - Throws: as `partial`.
    package func finish(turn: TurnToken) async throws -> Transcript {
        try session.finish()
        return try await run(turn)
    }

    private func run(_ turn: TurnToken) async throws -> Transcript {
        requests += 1
        let request = requests
        return try await session.run(turn, scheduler) { requests != request }
    }
}
