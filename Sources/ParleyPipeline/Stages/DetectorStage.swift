package import ParleyAudio
package import ParleyCore

/// Runs a voice activity detector over recordings, on its own thread, under leases of cores.
package actor DetectorStage {
    /// Chunks per lease: at about 0.12 ms a chunk this is far below the longest quantum of 40 ms.
    private static let chunksPerLease = 64

    private let model: any VADModel
    private let scheduler: ComputeScheduler
    private let executor: InferenceExecutor

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(model: any VADModel, scheduler: ComputeScheduler, executor: InferenceExecutor) {
        self.model = model
        self.scheduler = scheduler
        self.executor = executor
    }

    /// Stretches of speech in a recording.
    /// - Parameter audio: mono at the detector's rate, 16 kHz.
    /// - Returns: sample ranges in order; empty when nothing was said.
    package func segments(
        _ audio: AudioChunk, settings: SpeechSegmenter.Settings = .init(), turn: TurnToken
    ) async throws -> [SampleRange] {
        let session = try model.makeSession()
        try PipelineError.require(audio.sampleRate == session.sampleRate, .wrongSampleRate) {
            "The detector takes \(session.sampleRate) Hz and was given \(audio.sampleRate) Hz."
        }
        let length = session.chunkLength
        var probabilities: [Float] = []
        probabilities.reserveCapacity(audio.samples.count / length + 1)
        var start = 0
        while start < audio.samples.count {
            try turn.check()
            let end = min(audio.samples.count, start + length * Self.chunksPerLease)
            try await scheduler.withCores(1, .recognition) { _ in
                try Self.run(session, audio.samples[start..<end], into: &probabilities)
            }
            start = end
        }
        let segmenter = SpeechSegmenter(settings: settings, chunkLength: length, sampleRate: session.sampleRate)
        return segmenter.segments(probabilities, sampleCount: audio.samples.count)
    }

    /// The last chunk is filled up with silence.
    private static func run(
        _ session: any VADSession, _ samples: ArraySlice<Float>, into probabilities: inout [Float]
    ) throws {
        let length = session.chunkLength
        var start = samples.startIndex
        while start < samples.endIndex {
            let end = start + length
            if end <= samples.endIndex {
                probabilities.append(try session.probability(of: samples[start..<end]))
            } else {
                let rest = samples[start...]
                let filled = Array(rest) + [Float](repeating: 0, count: length - rest.count)
                probabilities.append(try session.probability(of: filled[...]))
            }
            start = end
        }
    }
}
