package import ParleyCore

/// A stretch of speech and its words.
package struct TranscribedSegment: Sendable, Equatable {
    /// From the start of the recording.
    package var start: Duration
    package var end: Duration
    /// Times of its words count from the start of the recording.
    package var transcript: Transcript

    package init(start: Duration, end: Duration, transcript: Transcript) {
        self.start = start
        self.end = end
        self.transcript = transcript
    }
}

/// The words of a recording.
package struct TranscribedAudio: Sendable, Equatable {
    /// Stretches with words, in order.
    package var segments: [TranscribedSegment] = []
    /// ISO 639-1 code: given, or that of the first speech; `nil` when it was not given and nothing was said.
    package var language: String?
    /// 0...1 that `language` is right; 1 when it was given.
    package var languageProbability: Float = 1
    /// Length of the recording.
    package var duration: Duration = .zero
    /// Time spent on reading and on finding speech.
    package var detection: Duration = .zero
    /// The rest: recognition.
    package var recognition: Duration = .zero

    package var text: String {
        segments.map(\.transcript.text).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// All stretches as one transcript.
    package var joined: Transcript {
        let all = segments.map(\.transcript)
        let count = Float(max(1, all.count))
        return Transcript(
            text: text, language: language ?? "", languageProbability: languageProbability,
            averageLogProbability: all.reduce(0) { $0 + $1.averageLogProbability } / count,
            noSpeechProbability: all.map(\.noSpeechProbability).min() ?? 1,
            guards: all.flatMap(\.guards), words: all.flatMap(\.words))
    }
}
