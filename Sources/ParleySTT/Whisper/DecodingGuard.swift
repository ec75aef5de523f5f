package import ParleyCore

/// Watches the tokens of one utterance and says when decoding has run away: a value, tested without a model.
///
/// With a window shorter than the one it was trained with, Whisper sometimes never ends its text and says it again.
package struct DecodingGuard: Sendable {
    /// Text tokens so far.
    package private(set) var tokens: [Int] = []
    /// How many of them come before the loop; all of them while no guard has tripped.
    package private(set) var kept = 0

    /// Most text tokens that this much audio can hold.
    package let budget: Int
    /// Whether a whole phrase said twice is suspicious. It is when a second try can correct a wrong suspicion.
    package let isStrict: Bool

    /// Least probability of the end of the text that outweighs beginning anew.
    static let restartEndProbability: Float = 0.1
    /// Tokens that make a phrase recognisable when it comes again.
    static let phraseLength = 4
    /// First tokens that may be missing or written otherwise when the text comes again: "To reset …, to reset …".
    static let looseStart = 2

    /// - Parameters:
    ///   - seconds: length of the audio without added silence.
    ///   - maximum: most tokens the model can hold.
    package init(seconds: Double, maximum: Int, isStrict: Bool, tuning: WhisperTuning = WhisperTuning()) {
        budget = max(1, min(maximum, Int(seconds * tuning.tokensPerSecond + tuning.tokensAtLeast)))
        self.isStrict = isStrict
    }

    /// Adds a text token.
    /// - Returns: the guard that trips with it, after which `kept` tokens are to be trusted.
    package mutating func accept(_ token: Int) -> TranscriptionGuard? {
        tokens.append(token)
        kept = tokens.count
        if let start = loopStart() ?? restart() {
            kept = start
            return .repetition
        }
        guard tokens.count > budget else { return nil }
        // What was heard before the budget ran out may still hold one repeated phrase: keep its first time only.
        kept = firstPhraseEnd() ?? budget
        return .tokenBudget
    }

    /// Whether the text should end here although the likeliest token is another: the one that the text began with.
    ///
    /// With a short window the decoder often prefers saying everything again to ending. The end is then the second
    /// choice, with a probability of 0.19 to 0.43 where its own runaways began, and below 0.01 within sentences.
    package func endsText(likeliest token: Int, endProbability: Float) -> Bool {
        isStrict && token == tokens.first && endProbability >= Self.restartEndProbability
    }

    /// How often a phrase of so many tokens may follow itself.
    private func repeatsAllowed(period: Int) -> Int {
        switch period {
        case 1: 7
        case 2, 3: 4
        case 4...7: 2
        default: isStrict ? 1 : 2
        }
    }

    /// Index after the first time of a phrase that follows itself too often at the end.
    private func loopStart() -> Int? {
        guard tokens.count >= 2 else { return nil }
        for period in 1...(tokens.count / 2) {
            let allowed = repeatsAllowed(period: period)
            guard tokens.count >= period * (allowed + 1) else { continue }
            let repeated = tailRepeats(period: period)
            if repeated > allowed { return tokens.count - (repeated - 1) * period }
        }
        return nil
    }

    /// Index where the text begins anew, word for word: the usual runaway of a short window, seen at its fourth token.
    /// People begin two sentences alike too, so this counts only while a second try can correct it.
    private func restart() -> Int? {
        guard isStrict else { return nil }
        for skipped in 0...Self.looseStart {
            let length = Self.phraseLength + (skipped == 0 ? 0 : 1)
            guard tokens.count >= skipped + 2 * length else { return nil }
            if tokens.suffix(length) == tokens.dropFirst(skipped).prefix(length) { return tokens.count - length }
        }
        return nil
    }

    /// How often in a row the last `period` tokens stand at the end, at least 1.
    private func tailRepeats(period: Int) -> Int {
        var matched = 0
        var index = tokens.count - 1
        while index >= period, tokens[index] == tokens[index - period] {
            matched += 1
            index -= 1
        }
        return matched / period + 1
    }

    /// Where a phrase from the very beginning starts again: the shape of most runaways.
    private func firstPhraseEnd() -> Int? {
        let length = Self.phraseLength
        guard tokens.count >= 2 * length else { return nil }
        let head = tokens[0..<length]
        return (length...(tokens.count - length)).first { tokens[$0..<($0 + length)] == head }
    }
}
