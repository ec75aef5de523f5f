/// Cuts a growing reply into clauses that can be spoken one after another.
///
/// The first clause is kept short, so that it sounds while the rest is still being written; later ones run to the end of
/// a sentence, because a voice reads whole sentences best. A value: feed text, get clauses.
package struct ClauseSplitter: Sendable {
    /// Bounds of a clause, in words. The defaults were chosen by listening for where a cut disturbs the melody least.
    package struct Limits: Sendable, Equatable {
        /// Words before a comma that make the first clause long enough to stand alone.
        package var firstComma = 2
        /// Words before a joining word ("because", "which") at which a first clause without punctuation is cut.
        package var firstJoin = 6
        /// Words before a comma that end a later clause.
        package var laterComma = 12
        /// Words before a joining word that end a later clause.
        package var laterJoin = 24
        /// Characters after which a clause is cut at the last space, whatever stands there.
        package var characters = 280

        package init() {}
    }

    private let limits: Limits
    private var pending = ""
    private var spokenFirst = false

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes more text of the reply.
    /// - Returns: the clauses that are complete now, trimmed, each with its punctuation.
    package mutating func feed(_ text: String) -> [String] {
        pending += text
        var clauses: [String] = []
        while let end = boundary() {
            let clause = pending[..<end].trimmed
            pending.removeSubrange(..<end)
            if !clause.isEmpty {
                clauses.append(clause)
                spokenFirst = true
            }
        }
        return clauses
    }

    /// Says that the reply is complete.
    /// - Returns: what is left to speak.
    package mutating func finish() -> String? {
        let rest = pending[...].trimmed
        pending = ""
        return rest.isEmpty ? nil : rest
    }

    /// Where the first clause of `pending` ends, when that is certain.
    private func boundary() -> String.Index? {
        var words = 0
        var length = 0
        var insideWord = false
        var lastSpace: String.Index?
        var index = pending.startIndex
        while index < pending.endIndex {
            let character = pending[index]
            let next = pending.index(after: index)
            if character == "\n", words > 0 { return next }
            if character.isWhitespace {
                if insideWord {
                    if let cut = joint(before: index, words: words) { return cut }
                    insideWord = false
                }
                lastSpace = next
            } else {
                if !insideWord {
                    words += 1
                    insideWord = true
                }
                if ends(at: index, words: words) { return next }
            }
            length += 1
            if length > limits.characters, let lastSpace { return lastSpace }
            index = next
        }
        return nil
    }

    /// Whether a clause ends with the character at `index`. Needs the character behind it, so that "3.5" stays whole.
    private func ends(at index: String.Index, words: Int) -> Bool {
        let next = pending.index(after: index)
        guard next < pending.endIndex, pending[next].isWhitespace else { return false }
        switch Self.bare(pending[...index]).last {
        case "!", "?", "…", "。": return true
        case ".": return endsSentence(at: index)
        case ";", ":": return words > 1
        case ",": return words >= (spokenFirst ? limits.laterComma : limits.firstComma)
        default: return false
        }
    }

    /// Whether the full stop at `index` ends a sentence and not an abbreviation, an initial or a list number.
    private func endsSentence(at index: String.Index) -> Bool {
        let before = Self.bare(pending[...index]).dropLast()
        let word = before[(before.lastIndex(where: \.isWhitespace).map(before.index(after:)) ?? before.startIndex)...]
        let bareWord = word.drop { !$0.isLetter && !$0.isNumber }
        if bareWord.isEmpty { return true }
        if bareWord.count == 1, bareWord.allSatisfy(\.isUppercase) { return false }
        if before.count == word.count, bareWord.allSatisfy(\.isNumber) { return false }
        return !Abbreviations.open.contains(bareWord.lowercased())
    }

    /// Where to cut a long clause before a joining word that ends at `index`.
    private func joint(before index: String.Index, words: Int) -> String.Index? {
        guard words > (spokenFirst ? limits.laterJoin : limits.firstJoin) else { return nil }
        let text = pending[..<index]
        guard let space = text.lastIndex(where: \.isWhitespace) else { return nil }
        let start = text.index(after: space)
        return Abbreviations.joining.contains(text[start...].lowercased()) ? start : nil
    }

    /// Text without closing quotes and brackets at its end, which belong to the sentence before them.
    private static func bare(_ text: Substring) -> Substring {
        var text = text
        while let last = text.last, "\"'”’)]*_".contains(last) { text = text.dropLast() }
        return text
    }
}

/// Words that decide where English and Spanish clauses may be cut.
private enum Abbreviations {
    /// Abbreviations that are followed by more of the sentence.
    static let open: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "mt", "vs", "e.g", "i.e", "no", "fig", "approx", "gen", "gov", "sen",
        "rep", "capt", "lt", "col", "sgt", "sr", "jr", "sra", "srta", "dra", "ud", "uds", "p.ej",
    ]
    /// Words before which a breath is natural.
    static let joining: Set<String> = [
        "and", "but", "because", "which", "so", "while", "although", "where", "when", "unless", "or", "y", "pero",
        "porque", "aunque", "cuando", "donde", "mientras",
    ]
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
