internal import ParleyAudio
package import ParleyCore

/// Runs a voice on its own thread, one graph run per lease of cores.
package actor VoiceStage {
    private let session: any TTSSession
    private let scheduler: ComputeScheduler
    private let executor: InferenceExecutor

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter options: voice, speed and seed of everything this stage speaks.
    package init(
        model: any TTSModel, options: SpeechOptions, scheduler: ComputeScheduler, executor: InferenceExecutor
    ) throws {
        session = try model.makeSession(options)
        self.scheduler = scheduler
        self.executor = executor
    }

    /// Speaks one clause; clauses of one stage are spoken one after the other by their only caller.
    /// - Parameter emit: gets every chunk that holds sound, as soon as it is ready.
    /// - Throws: `CancellationError` within one graph run after the turn is over, or what `emit` throws.
    package func speak(
        _ clause: String, turn: TurnToken, emit: @Sendable (SpokenChunk) async throws -> Void
    ) async throws {
        try session.begin(clause)
        while true {
            try turn.check()
            let chunk = try await scheduler.withCores(scheduler.cores, .playback) { _ in try session.step() }
            guard let chunk else { return }
            if !chunk.audio.samples.isEmpty { try await emit(chunk) }
        }
    }
}
