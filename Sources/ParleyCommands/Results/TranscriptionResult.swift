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

        package init(start: Double, end: Double, text: String) {
            self.start = start
            self.end = end
            self.text = text
        }
    }

    /// The file as it was given.
    package let file: String
    /// ISO 639-1 code, given or detected; null when it was not given and nothing was said.
    package let language: String?
    package let text: String
    package let segments: [Segment]
    /// Length of the recording.
    package let audioSeconds: Double
    /// From the readable file to the last word.
    package let processingMilliseconds: Double

    package init(
        file: String, language: String?, text: String, segments: [Segment], audioSeconds: Double,
        processingMilliseconds: Double
    ) {
        self.file = file
        self.language = language
        self.text = text
        self.segments = segments
        self.audioSeconds = audioSeconds
        self.processingMilliseconds = processingMilliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case file, language, text, segments
        case audioSeconds = "audio_seconds"
        case processingMilliseconds = "processing_ms"
    }
}

extension TranscriptionResult {
    init(_ transcription: Transcription, file: String) {
        self.init(
            file: file, language: transcription.language, text: transcription.text,
            segments: transcription.segments.map {
                Segment(start: $0.start.roundedSeconds, end: $0.end.roundedSeconds, text: $0.text)
            },
            audioSeconds: transcription.audioDuration.roundedSeconds,
            processingMilliseconds: transcription.processing.roundedMilliseconds)
    }
}
