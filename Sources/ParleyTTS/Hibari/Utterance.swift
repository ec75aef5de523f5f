/// A stretch of a clause that the voice says in one go: its phonemes and the words they belong to.
struct Utterance: Equatable {
    /// Phonemes the network knows, marks and spaces among them.
    var symbols: Phonemes = []
    /// For each symbol the word it sounds for; marks and spaces have that of the word before.
    var words: [Int] = []

    /// The network's limit in the package is 400 phonemes a sentence.
    static let longest = 400

    private static let silent = EnglishWord.marks.union(" ()".unicodeScalars)

    static func sounds(_ symbol: Unicode.Scalar) -> Bool { !silent.contains(symbol) }

    /// Anything but marks.
    var isSpeakable: Bool { symbols.contains(where: Self.sounds) }

    /// Cuts spoken tokens into utterances, at a mark where possible.
    /// - Parameter text: what the origins of the tokens count in.
    static func utterances(_ tokens: [SpokenToken], in text: WrittenWords, alphabet: Alphabet) -> [Utterance] {
        var result: [Utterance] = []
        var current = Utterance()
        for token in tokens {
            let word = text.index(of: token.origin)
            var symbols = token.phonemes.filter { alphabet.number($0) != nil }
            if token.hasSpace, !(current.symbols.isEmpty && symbols.isEmpty) { symbols.append(" ") }
            if current.symbols.count + symbols.count > longest, !current.symbols.isEmpty {
                let rest = current.cut()
                result.append(current)
                current = rest
            }
            current.symbols += symbols
            current.words += symbols.map { _ in word }
        }
        result.append(current)
        return result.map(\.trimmed).filter(\.isSpeakable)
    }

    /// Keeps what lies before the last mark, or all, and returns the rest.
    private mutating func cut() -> Utterance {
        guard let mark = symbols.lastIndex(where: EnglishWord.pauses.contains), mark > Self.longest / 4 else {
            return Utterance()
        }
        let rest = Utterance(symbols: Array(symbols[(mark + 1)...]), words: Array(words[(mark + 1)...]))
        symbols.removeSubrange((mark + 1)...)
        words.removeSubrange((mark + 1)...)
        return rest
    }

    /// Without spaces at the ends.
    private var trimmed: Utterance {
        guard let first = symbols.firstIndex(where: { $0 != " " }), let last = symbols.lastIndex(where: { $0 != " " })
        else { return Utterance() }
        return Utterance(symbols: Array(symbols[first...last]), words: Array(words[first...last]))
    }
}

/// The words of a text as they are written, split at white space.
struct WrittenWords {
    private(set) var words: [String] = []
    private var starts: [Int] = []

    init(_ text: String) {
        let scalars = Scalars(text)
        for (index, scalar) in zip(0..., scalars) where !scalar.isSpace {
            if index == 0 || scalars[index - 1].isSpace {
                starts.append(index)
                words.append("")
            }
            words[words.count - 1].unicodeScalars.append(scalar)
        }
    }

    /// The word that a scalar of the text belongs to; white space belongs to the word before.
    func index(of origin: Int) -> Int {
        max(0, (starts.firstIndex { $0 > origin } ?? starts.count) - 1)
    }
}
