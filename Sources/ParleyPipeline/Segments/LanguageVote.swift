/// Decides in which language a recording is, from the first stretches that hold words: a value, tested without a model.
///
/// A short or unclear beginning does not decide alone: its vote counts by its length and its probability.
package struct LanguageVote: Sendable, Equatable {
    /// Probability at which one stretch decides.
    package static let sure: Float = 0.8
    /// Shortest stretch that decides alone: a "hello" sounds alike in many languages.
    package static let shortestSure: Duration = .seconds(1)
    /// Speech after which the best is taken.
    package static let enough: Duration = .seconds(12)

    /// ISO 639-1 code; `nil` while undecided.
    package private(set) var language: String?
    /// 0...1 that the language is right; 1 when it was given.
    package private(set) var probability: Float = 1
    private var heard: Duration = .zero
    private var scores: [String: Double] = [:]

    /// - Parameter given: a language that needs no vote.
    package init(given: String? = nil) { language = given }

    /// Counts a stretch with words.
    package mutating func hear(_ language: String, probability: Float, for length: Duration) {
        guard self.language == nil, !language.isEmpty else { return }
        heard += length
        scores[language, default: 0] += Double(probability) * (length / .seconds(1))
        if probability >= Self.sure && length >= Self.shortestSure || heard >= Self.enough { decide() }
    }

    /// Ends the vote: there is no more speech.
    package mutating func decide() {
        guard language == nil else { return }
        // By name where scores are equal: the same recording gives the same answer.
        guard let best = scores.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return }
        language = best.key
        probability = Float(min(1, best.value / max(heard / .seconds(1), 1e-9)))
    }
}
