internal import Foundation

/// Groups the tokens of a text into words, each with its punctuation: a value without a model.
package struct WordSplitter: Sendable {
    /// One word and the tokens that it is made of.
    package struct Word: Sendable, Equatable {
        /// Without space around it.
        package var text: String
        package var tokens: Range<Int>

        package init(text: String, tokens: Range<Int>) {
            self.text = text
            self.tokens = tokens
        }
    }

    /// Languages that are written without spaces: every character counts as a word. Source: openai-whisper 20240930.
    private static let unspaced: Set<String> = ["zh", "ja", "th", "lo", "my", "yue"]
    /// Marks that belong to the word after them.
    private static let opening: Set<Character> = ["\"", "“", "¿", "¡", "(", "[", "{", "-", "«", "‘", "'"]

    private let isSpaced: Bool

    /// - Parameter language: ISO 639-1 code.
    package init(language: String) { isSpaced = !Self.unspaced.contains(language) }

    /// - Parameter tokens: the bytes of each text token.
    package func words(_ tokens: [[UInt8]]) -> [Word] {
        var words: [Word] = []
        var opened: Word?
        for piece in pieces(tokens) {
            let text = piece.text.trimmingCharacters(in: .whitespaces)
            let startsWord = !isSpaced || words.isEmpty || piece.text.first?.isWhitespace == true
            let isMark = !text.contains { $0.isLetter || $0.isNumber }
            if text.isEmpty {
                Self.extend(&words, with: piece, text: "")
            } else if isMark, startsWord || opened != nil, text.allSatisfy(Self.opening.contains) {
                let before = opened ?? Word(text: "", tokens: piece.tokens)
                opened = Word(
                    text: before.text + text, tokens: before.tokens.lowerBound..<piece.tokens.upperBound)
            } else if let before = opened {
                words.append(
                    Word(text: before.text + text, tokens: before.tokens.lowerBound..<piece.tokens.upperBound))
                opened = nil
            } else if startsWord, !isMark || words.isEmpty {
                words.append(Word(text: text, tokens: piece.tokens))
            } else {
                Self.extend(&words, with: piece, text: startsWord && isSpaced ? " " + text : text)
            }
        }
        if let opened { Self.extend(&words, with: (opened.text, opened.tokens), text: opened.text) }
        return words
    }

    private static func extend(
        _ words: inout [Word], with piece: (text: String, tokens: Range<Int>), text: String
    ) {
        guard var word = words.popLast() else {
            if !text.isEmpty { words.append(Word(text: text, tokens: piece.tokens)) }
            return
        }
        word.text += text
        word.tokens = word.tokens.lowerBound..<piece.tokens.upperBound
        words.append(word)
    }

    /// Runs of tokens that are whole characters together.
    private func pieces(_ tokens: [[UInt8]]) -> [(text: String, tokens: Range<Int>)] {
        var pieces: [(text: String, tokens: Range<Int>)] = []
        var bytes: [UInt8] = []
        var start = 0
        for (index, token) in tokens.enumerated() {
            bytes += token
            if let text = String(validating: bytes, as: UTF8.self) {
                pieces.append((text, start..<(index + 1)))
                bytes = []
                start = index + 1
            }
        }
        if start < tokens.count {
            pieces.append((WhisperVocabulary.wholeCharacters(bytes), start..<tokens.count))
        }
        return pieces
    }
}
