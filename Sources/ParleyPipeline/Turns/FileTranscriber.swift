package import ParleyAudio
package import ParleyCore

/// A stretch of speech and its words.
package struct TranscribedSegment: Sendable, Equatable {
    /// From the start of the recording.
    package var start: Duration
    package var end: Duration
    package var transcript: Transcript
}

/// The words of a recording.
package struct TranscribedAudio: Sendable, Equatable {
    /// Stretches with words, in order.
    package var segments: [TranscribedSegment]
    /// ISO 639-1 code: given, or that of the first stretch; `nil` when it was not given and nothing was said.
    package var language: String?
    /// Time that finding speech took.
    package var detection: Duration
    /// Time that recognition took.
    package var recognition: Duration

    package var text: String {
        segments.map(\.transcript.text).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// All stretches as one transcript.
    package var joined: Transcript {
        let all = segments.map(\.transcript)
        let count = Float(max(1, all.count))
        return Transcript(
            text: text, language: language ?? "",
            averageLogProbability: all.reduce(0) { $0 + $1.averageLogProbability } / count,
            noSpeechProbability: all.map(\.noSpeechProbability).min() ?? 1,
            guards: all.flatMap(\.guards))
    }
}

/// Recognises whole recordings: finds the stretches of speech, recognises one after the other.
package struct FileTranscriber: Sendable {
    private let detector: DetectorStage
    private let recognizer: RecognizerStage
    private let sampleRate: Int

    /// - Parameter sampleRate: that of the detector and the recogniser.
    package init(detector: DetectorStage, recognizer: RecognizerStage, sampleRate: Int) {
        self.detector = detector
        self.recognizer = recognizer
        self.sampleRate = sampleRate
    }

    /// - Parameters:
    ///   - audio: mono at the recogniser's sample rate.
    ///   - progress: gets the share of the audio that is done, 0...1.
    package func transcribe(
        _ audio: AudioChunk, options: TranscriptionOptions, turn: TurnToken,
        progress: @Sendable (Double) -> Void = { _ in }
    ) async throws -> TranscribedAudio {
        try PipelineError.require(audio.sampleRate == sampleRate, .wrongSampleRate) {
            "The recogniser takes \(sampleRate) Hz and was given \(audio.sampleRate) Hz."
        }
        let clock = ContinuousClock()
        let begin = clock.now
        let ranges = try await detector.segments(audio, turn: turn)
        let found = clock.now
        var options = options
        var segments: [TranscribedSegment] = []
        for range in ranges {
            let transcript = try await recognizer.transcribe(audio.samples[range], options: options, turn: turn)
            if !transcript.text.isEmpty {
                if options.language == nil { options.language = transcript.language }
                segments.append(
                    TranscribedSegment(
                        start: time(range.lowerBound), end: time(range.upperBound), transcript: transcript))
            }
            progress(Double(range.upperBound) / Double(max(1, audio.samples.count)))
        }
        return TranscribedAudio(
            segments: segments, language: options.language, detection: begin.duration(to: found),
            recognition: found.duration(to: clock.now))
    }

    private func time(_ sample: Int) -> Duration {
        .seconds(Double(sample) / Double(sampleRate))
    }
}
