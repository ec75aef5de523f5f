/// What was heard in one recording.
package struct Hearing: Sendable, Equatable {
    package var recording: Recording
    package var text: String
    /// ISO 639-1 code, given or detected; `nil` when nothing was heard.
    package var language: String?
    /// Runs that a guard made the recogniser repeat.
    package var reruns: Int
    /// Stretches of speech that have words.
    package var stretches: Int
    package var seconds: Double

    package init(
        recording: Recording, text: String, language: String? = nil, reruns: Int, stretches: Int = 1, seconds: Double
    ) {
        self.recording = recording
        self.text = text
        self.language = language
        self.reruns = reruns
        self.stretches = stretches
        self.seconds = seconds
    }
}

/// Errors over the recordings of one language and kind.
package struct Score: Sendable, Equatable, Codable {
    package var files = 0
    package var words = 0
    package var wordErrors = EditCounts()
    package var characters = 0
    package var characterErrors = EditCounts()

    package init() {}

    /// Errors per hundred words of the reference.
    package var wordErrorRate: Double { words == 0 ? 0 : 100 * Double(wordErrors.total) / Double(words) }
    /// Errors per hundred characters of the reference, spaces counted.
    package var characterErrorRate: Double {
        characters == 0 ? 0 : 100 * Double(characterErrors.total) / Double(characters)
    }

    package mutating func add(reference: String, hypothesis: String) {
        let expected = TextFolding.words(reference)
        let heard = TextFolding.words(hypothesis)
        files += 1
        words += expected.count
        wordErrors += EditCounts(reference: expected, hypothesis: heard)
        let expectedCharacters = Array(expected.joined(separator: " ").unicodeScalars)
        characters += expectedCharacters.count
        characterErrors += EditCounts(
            reference: expectedCharacters, hypothesis: Array(heard.joined(separator: " ").unicodeScalars))
    }
}

/// The result of `eval`.
package struct EvaluationReport: Sendable, Equatable, Codable {
    /// One line of the table; `kind` "all" sums a language.
    package struct Row: Sendable, Equatable, Codable {
        package var language: String
        package var kind: String
        package var score: Score
        package var wordErrorRate: Double
        package var characterErrorRate: Double
    }

    package var rows: [Row]
    /// Files that could not be read.
    package var filesLeftOut: Int
    /// Runs repeated by a guard, of so many stretches of speech.
    package var reruns: Int
    package var stretches: Int
    /// Files heard in another language than the one that is spoken.
    package var languagesMissed: Int
    /// Files without speech, and the words that were written into them.
    package var noiseFiles: Int
    package var noiseWords: Int
    package var audioSeconds: Double
    package var processingSeconds: Double

    package init(hearings: [Hearing], filesLeftOut: Int) {
        let spoken = hearings.filter { $0.recording.text?.isEmpty == false }
        let silent = hearings.filter { $0.recording.text?.isEmpty != false }
        rows = Self.rows(spoken)
        self.filesLeftOut = filesLeftOut
        reruns = hearings.reduce(0) { $0 + $1.reruns }
        stretches = hearings.reduce(0) { $0 + $1.stretches }
        languagesMissed = spoken.filter { $0.language != nil && $0.language != $0.recording.lang }.count
        noiseFiles = silent.count
        noiseWords = silent.reduce(0) { $0 + TextFolding.words($1.text).count }
        audioSeconds = hearings.reduce(0) { $0 + $1.recording.seconds }
        processingSeconds = hearings.reduce(0) { $0 + $1.seconds }
    }

    private static func rows(_ hearings: [Hearing]) -> [Row] {
        var scores: [String: [String: Score]] = [:]
        for hearing in hearings {
            for kind in [hearing.recording.kind, "all"] {
                scores[hearing.recording.lang, default: [:]][kind, default: Score()]
                    .add(reference: hearing.recording.text ?? "", hypothesis: hearing.text)
            }
        }
        return scores.sorted { $0.key < $1.key }.flatMap { language, kinds in
            kinds.sorted { ($0.key == "all" ? 1 : 0, $0.key) < ($1.key == "all" ? 1 : 0, $1.key) }.map { kind, score in
                Row(
                    language: language, kind: kind, score: score, wordErrorRate: score.wordErrorRate,
                    characterErrorRate: score.characterErrorRate)
            }
        }
    }
}
