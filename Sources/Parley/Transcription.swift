internal import Foundation
internal import ParleyCore
internal import ParleyPipeline

/// The words of a recording.
public struct Transcription: Sendable {
    /// A stretch of speech.
    public struct Segment: Sendable, Equatable {
        /// From the start of the recording.
        public let start: Duration
        /// From the start of the recording, after `start`.
        public let end: Duration
        /// The words, with punctuation.
        public let text: String
        /// 0...1: geometric mean of the probabilities of what was chosen.
        public let confidence: Double
        /// 0...1 that the stretch holds no speech.
        public let noSpeechProbability: Double
        /// Why the stretch was recognised a second time over the full window; empty for most.
        public let rerunReasons: [RerunReason]
        /// In order; empty unless asked for.
        public let words: [Word]

        package init(
            start: Duration, end: Duration, text: String, confidence: Double = 1, noSpeechProbability: Double = 0,
            rerunReasons: [RerunReason] = [], words: [Word] = []
        ) {
            self.start = start
            self.end = end
            self.text = text
            self.confidence = confidence
            self.noSpeechProbability = noSpeechProbability
            self.rerunReasons = rerunReasons
            self.words = words
        }
    }

    /// A word as it was spoken.
    public struct Word: Sendable, Equatable {
        /// With its punctuation, without space around it.
        public let text: String
        /// From the start of the recording.
        public let start: Duration
        /// From the start of the recording, not before `start`.
        public let end: Duration
        /// 0...1.
        public let probability: Double

        package init(text: String, start: Duration, end: Duration, probability: Double) {
            self.text = text
            self.start = start
            self.end = end
            self.probability = probability
        }
    }

    /// Why a stretch was recognised a second time; new reasons may be added.
    public struct RerunReason: RawRepresentable, Hashable, Sendable {
        /// The name itself: `repetition`.
        public let rawValue: String

        /// - Parameter rawValue: the name itself.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// More words than a person can speak in that time.
        public static let tokenBudget = RerunReason(rawValue: "token_budget")
        /// The same words again and again.
        public static let repetition = RerunReason(rawValue: "repetition")
    }

    /// All words; empty when nothing was said.
    public let text: String
    /// ISO 639-1 code, given or detected; `nil` when it was not given and nothing was said.
    public let language: String?
    /// 0...1 that `language` is right; 1 when it was given, `nil` when there is none.
    public let languageProbability: Double?
    /// Stretches of speech in order.
    public let segments: [Segment]
    /// Length of the recording.
    public let audioDuration: Duration
    /// Time from the readable file to the last word.
    public let processing: Duration
    /// How many stretches had to be recognised a second time with the full window, because a guard tripped.
    package var reruns: Int { segments.count { !$0.rerunReasons.isEmpty } }

    package init(
        text: String, language: String?, languageProbability: Double?, segments: [Segment], audioDuration: Duration,
        processing: Duration
    ) {
        self.text = text
        self.language = language
        self.languageProbability = languageProbability
        self.segments = segments
        self.audioDuration = audioDuration
        self.processing = processing
    }

    init(_ result: TranscribedAudio, processing: Duration) {
        self.init(
            text: result.text, language: result.language,
            languageProbability: result.language.map { _ in Double(result.languageProbability) },
            segments: result.segments.map(Segment.init(_:)), audioDuration: result.duration, processing: processing)
    }
}

extension Transcription.Segment {
    init(_ segment: TranscribedSegment) {
        let transcript = segment.transcript
        self.init(
            start: segment.start, end: segment.end, text: transcript.text,
            confidence: exp(Double(min(0, transcript.averageLogProbability))),
            noSpeechProbability: Double(transcript.noSpeechProbability),
            rerunReasons: transcript.guards.map { guardian in
                switch guardian {
                case .tokenBudget: .tokenBudget
                case .repetition: .repetition
                }
            },
            words: transcript.words.map {
                Transcription.Word(
                    text: $0.text, start: $0.start, end: $0.end, probability: Double($0.probability))
            })
    }
}

/// How far a transcription is.
public struct TranscriptionProgress: Sendable, Equatable {
    /// Length of the recording up to which everything is recognised.
    public let done: Duration
    /// Length of the recording; `nil` for a pipe, which does not say.
    public let total: Duration?

    /// 0...1; `nil` when the length is not known.
    public var share: Double? {
        total.map { $0 > .zero ? max(0, min(1, done / $0)) : 1 }
    }
}
