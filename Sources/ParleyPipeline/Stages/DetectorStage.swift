package import ParleyAudio
package import ParleyCore

/// A voice activity detector over recordings, on its own thread, under leases of cores.
package struct DetectorStage: Sendable {
    let model: any VADModel
    let scheduler: ComputeScheduler
    let executor: InferenceExecutor

    package init(model: any VADModel, scheduler: ComputeScheduler, executor: InferenceExecutor) {
        self.model = model
        self.scheduler = scheduler
        self.executor = executor
    }

    /// Begins a recording.
    package func stream(_ settings: SpeechSegmenter.Settings = .init()) throws -> SpeechStream {
        try SpeechStream(self, settings)
    }
}

/// A stretch of speech and its sound.
package struct SpokenStretch: Sendable, Equatable {
    package let stretch: SpeechStretch
    /// The samples of `stretch.heard`.
    package let samples: [Float]
}

/// One recording on its way through the detector: samples in, stretches of speech out. Only the sound of speech that has
/// not been given out yet is kept.
package actor SpeechStream {
    /// Chunks per lease: at about 0.06 ms a chunk this is far below the longest quantum of 40 ms.
    private static let chunksPerLease = 64

    private let session: any VADSession
    private let scheduler: ComputeScheduler
    private let executor: InferenceExecutor
    private var segmenter: SpeechSegmenter
    /// Samples from `first` on.
    private var samples: [Float] = []
    private var first = 0
    /// Samples that the detector has heard.
    private var heard = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ stage: DetectorStage, _ settings: SpeechSegmenter.Settings) throws {
        let session = try stage.model.makeSession()
        self.session = session
        scheduler = stage.scheduler
        executor = stage.executor
        segmenter = SpeechSegmenter(
            settings: settings, chunkLength: session.chunkLength, sampleRate: session.sampleRate)
    }

    /// Hears more of the recording.
    /// - Parameter audio: mono at the detector's rate, 16 kHz.
    /// - Returns: stretches that are now complete, in order.
    package func append(_ audio: AudioChunk, turn: TurnToken) async throws -> [SpokenStretch] {
        try PipelineError.require(audio.sampleRate == session.sampleRate, .wrongSampleRate) {
            "The detector takes \(session.sampleRate) Hz and was given \(audio.sampleRate) Hz."
        }
        samples += audio.samples
        return try await run(turn: turn)
    }

    /// Ends the recording.
    /// - Returns: what was not given out before.
    package func finish(turn: TurnToken) async throws -> [SpokenStretch] {
        let end = first + samples.count
        let rest = end - heard
        // The last chunk is filled up with silence.
        if rest > 0 { samples += [Float](repeating: 0, count: session.chunkLength - rest) }
        var found = try await run(turn: turn)
        found += segmenter.finish(sampleCount: end).map(cut)
        return found
    }

    private func run(turn: TurnToken) async throws -> [SpokenStretch] {
        let length = session.chunkLength
        var found: [SpokenStretch] = []
        while first + samples.count - heard >= length {
            try turn.check()
            let chunks = min(Self.chunksPerLease, (first + samples.count - heard) / length)
            try await scheduler.withCores(1, .recognition) { _ in
                let start = heard - first
                let probabilities = try session.probabilities(of: samples[start..<(start + chunks * length)])
                for (index, probability) in probabilities.enumerated() {
                    let chunk = samples[(start + index * length)..<(start + (index + 1) * length)]
                    heard += length
                    found += segmenter.append(probability, level: Self.level(of: chunk)).map(cut)
                }
            }
            forget()
        }
        return found
    }

    private func cut(_ stretch: SpeechStretch) -> SpokenStretch {
        let range = stretch.heard.clamped(to: first..<(first + samples.count))
        return SpokenStretch(
            stretch: stretch, samples: Array(samples[(range.lowerBound - first)..<(range.upperBound - first)]))
    }

    private func forget() {
        let count = min(segmenter.keptFrom, heard) - first
        // In steps of a second, so that memory is not moved for every lease.
        guard count >= session.sampleRate else { return }
        samples.removeFirst(count)
        first += count
    }

    /// Loudness between -72 dB, the noise of a quiet room, and full scale, as 0...1.
    private static func level(of chunk: ArraySlice<Float>) -> Float {
        var power: Float = 0
        for sample in chunk { power += sample * sample }
        // 10 log10(2) = 3.01 dB for each doubling of the power; the exponent is enough to compare.
        let decibels = 3.01 * Float((power / Float(max(1, chunk.count)) + 1e-12).exponent)
        return max(0, min(1, (decibels + 72) / 72))
    }
}
