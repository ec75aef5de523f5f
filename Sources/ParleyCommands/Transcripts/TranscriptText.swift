package import Parley

/// Writes one recording down in one form, stretch by stretch: a value that gives the text to print.
package struct TranscriptText: Sendable {
    private let format: TranscriptFormat
    private let file: String
    private let title: String
    private let hasLines: Bool
    private let hasWords: Bool
    private var cues = CueBuilder()
    private var cueCount = 0
    private var hasBegun = false
    private var isLineOpen = false

    /// - Parameters:
    ///   - file: its name as given.
    ///   - isTitled: whether text begins with the name, because there are several.
    ///   - hasLines: whether every stretch of text has a line of its own: on a terminal, where people read along.
    ///   - hasWords: whether JSON lists the words of each segment.
    package init(_ format: TranscriptFormat, file: String, isTitled: Bool, hasLines: Bool, hasWords: Bool) {
        self.format = format
        self.file = file
        title = isTitled ? "\(file.oneLine): " : ""
        self.hasLines = hasLines
        self.hasWords = hasWords
    }

    /// - Returns: what can be printed now that this stretch is known.
    package mutating func append(_ segment: Transcription.Segment) -> String {
        switch format {
        case .json: return ""
        case .text:
            let text = head() + (isLineOpen ? " " : "") + segment.text.oneLine
            isLineOpen = !hasLines
            return text + (hasLines ? "\n" : "")
        case .srt, .vtt:
            return cues.cues(segment).reduce(into: head()) { text, cue in
                cueCount += 1
                text += format == .srt ? cue.srt(number: cueCount) : cue.vtt
            }
        }
    }

    /// - Returns: what is missing when all stretches are known.
    package mutating func end(_ transcription: Transcription) throws -> String {
        switch format {
        case .json:
            try JSONText.line(TranscriptionResult(transcription, file: file, words: hasWords)) + "\n"
        case .text: hasBegun ? interrupted() : head() + "\n"
        case .srt, .vtt: head()
        }
    }

    /// - Returns: what ends an open line when there will be no more.
    package mutating func interrupted() -> String {
        defer { isLineOpen = false }
        return isLineOpen ? "\n" : ""
    }

    /// What stands before the first stretch.
    private mutating func head() -> String {
        if hasBegun { return "" }
        hasBegun = true
        switch format {
        case .text: return title
        case .vtt: return "WEBVTT\n"
        case .json, .srt: return ""
        }
    }
}
