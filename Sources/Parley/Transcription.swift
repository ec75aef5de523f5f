internal import ParleyCore
internal import ParleyPipeline

/// The words of a recording.
public struct Transcription: Sendable {
    /// A stretch of speech.
    public struct Segment: Sendable, Equatable {
        /// From the start of the recording.
        public let start: Duration
        /// From the start of the recording.
        public let end: Duration
        /// The words, with punctuation.
        public let text: String
    }

    /// All words; empty when nothing was said.
    public let text: String
    /// ISO 639-1 code, given or detected; `nil` when it was not given and nothing was said.
    public let language: String?
    /// Stretches of speech in order.
    public let segments: [Segment]
    /// Length of the recording.
    public let audioDuration: Duration
    /// Time from the readable file to the last word.
    public let processing: Duration
    /// How many stretches had to be recognised a second time with the full window, because a guard tripped.
    package let reruns: Int

    init(_ result: TranscribedAudio, audioDuration: Duration, processing: Duration) {
        text = result.text
        language = result.language
        segments = result.segments.map { Segment(start: $0.start, end: $0.end, text: $0.transcript.text) }
        reruns = result.segments.filter { !$0.transcript.guards.isEmpty }.count
        self.audioDuration = audioDuration
        self.processing = processing
    }
}
