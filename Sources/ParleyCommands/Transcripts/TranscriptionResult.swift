internal import Parley

/// What `parley transcribe --format json` prints for one file.
package struct TranscriptionResult: Sendable, Equatable, Codable {
    /// A stretch of speech.
    package struct Segment: Sendable, Equatable, Codable {
        /// Seconds from the start of the file.
        package let start: Double
        /// Seconds from the start of the file.
        package let end: Double
        package let text: String
        /// 0...1.
        package let confidence: Double
        /// 0...1.
        package let noSpeechProbability: Double
        /// Why the stretch was recognised a second time; empty for most.
        package let reruns: [String]
        /// Only with `--words`.
        package let words: [Word]?

        package init(
            start: Double, end: Double, text: String, confidence: Double = 1, noSpeechProbability: Double = 0,
            reruns: [String] = [], words: [Word]? = nil
        ) {
            self.start = start
            self.end = end
            self.text = text
            self.confidence = confidence
            self.noSpeechProbability = noSpeechProbability
            self.reruns = reruns
            self.words = words
        }
    }

    /// A word as it was spoken.
    package struct Word: Sendable, Equatable, Codable {
        package let text: String
        /// Seconds from the start of the file.
        package let start: Double
        /// Seconds from the start of the file.
        package let end: Double
        /// 0...1.
        package let probability: Double

        package init(text: String, start: Double, end: Double, probability: Double) {
            self.text = text
            self.start = start
            self.end = end
            self.probability = probability
        }
    }

    /// The file as it was given.
    package let file: String
    /// ISO 639-1 code, given or detected; null when it was not given and nothing was said.
    package let language: String?
    /// 0...1; null when there is no language.
    package let languageProbability: Double?
    package let text: String
    package let segments: [Segment]
    /// Length of the recording.
    package let audioSeconds: Double
    /// From the readable file to the last word.
    package let processingMilliseconds: Double

    package init(
        file: String, language: String?, languageProbability: Double? = nil, text: String, segments: [Segment],
        audioSeconds: Double, processingMilliseconds: Double
    ) {
        self.file = file
        self.language = language
        self.languageProbability = languageProbability
        self.text = text
        self.segments = segments
        self.audioSeconds = audioSeconds
        self.processingMilliseconds = processingMilliseconds
    }

    /// Written out so that what is unknown is `null` and not left out.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(language, forKey: .language)
        try container.encode(languageProbability, forKey: .languageProbability)
        try container.encode(text, forKey: .text)
        try container.encode(segments, forKey: .segments)
        try container.encode(audioSeconds, forKey: .audioSeconds)
        try container.encode(processingMilliseconds, forKey: .processingMilliseconds)
    }

    private enum CodingKeys: String, CodingKey {
        case file, language, languageProbability, text, segments
        case audioSeconds = "audio_seconds"
        case processingMilliseconds = "processing_ms"
    }
}

extension TranscriptionResult {
    /// - Parameter words: whether the segments list their words.
    init(_ transcription: Transcription, file: String, words: Bool) {
        self.init(
            file: file, language: transcription.language,
            languageProbability: transcription.languageProbability?.roundedShare, text: transcription.text,
            segments: transcription.segments.map { Segment($0, words: words) },
            audioSeconds: transcription.audioDuration.roundedSeconds,
            processingMilliseconds: transcription.processing.roundedMilliseconds)
    }
}

extension TranscriptionResult.Segment {
    fileprivate init(_ segment: Transcription.Segment, words: Bool) {
        self.init(
            start: segment.start.roundedSeconds, end: segment.end.roundedSeconds, text: segment.text,
            confidence: segment.confidence.roundedShare, noSpeechProbability: segment.noSpeechProbability.roundedShare,
            reruns: segment.rerunReasons.map(\.rawValue),
            words: words ? segment.words.map(TranscriptionResult.Word.init(_:)) : nil)
    }
}

extension TranscriptionResult.Word {
    fileprivate init(_ word: Transcription.Word) {
        self.init(
            text: word.text, start: word.start.roundedSeconds, end: word.end.roundedSeconds,
            probability: word.probability.roundedShare)
    }
}

extension Double {
    /// To the fourth digit: more is noise.
    fileprivate var roundedShare: Double { (self * 10_000).rounded() / 10_000 }
}
