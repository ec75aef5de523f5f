/// A piece of text that is never divided, with the time of its sound: a word for most languages.
struct TimedPiece: Equatable {
    var text: String
    /// Whether a space stands before it.
    var hasSpace: Bool
    var start: Duration
    var end: Duration
}

/// The pieces of a stretch of speech.
enum CueText {
    /// - Parameters:
    ///   - text: all words.
    ///   - words: their times; when there are none, or they are not those of the text, time is shared out by length.
    ///   - longest: columns of the longest piece.
    static func pieces(
        _ text: String, words: [(text: String, start: Duration, end: Duration)], start: Duration, end: Duration,
        longest: Int
    ) -> [TimedPiece] {
        let timed = located(words, in: text) ?? shared(text, start, end)
        return timed.flatMap { divided($0, longest) }
    }

    /// Columns that a text takes: letters of East Asian scripts take two.
    static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + ($1.unicodeScalars.contains(where: isWide) ? 2 : 1) }
    }

    /// Finds every word in the text, so that what stands between them stays as it is: not all scripts have spaces.
    private static func located(
        _ words: [(text: String, start: Duration, end: Duration)], in text: String
    ) -> [TimedPiece]? {
        guard !words.isEmpty else { return nil }
        var pieces: [TimedPiece] = []
        var rest = text[...]
        for word in words where !word.text.isEmpty {
            let body = rest.drop(while: \.isWhitespace)
            guard body.hasPrefix(word.text) else { return nil }
            pieces.append(
                TimedPiece(
                    text: word.text, hasSpace: body.startIndex != rest.startIndex, start: word.start, end: word.end))
            rest = body.dropFirst(word.text.count)
        }
        return rest.allSatisfy(\.isWhitespace) ? pieces : nil
    }

    private static func shared(_ text: String, _ start: Duration, _ end: Duration) -> [TimedPiece] {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        let total = words.reduce(0) { $0 + $1.count + 1 }
        var position = 0
        return words.map { word in
            let from = start + (end - start) * (Double(position) / Double(total))
            position += word.count + 1
            let to = start + (end - start) * (Double(position) / Double(total))
            return TimedPiece(text: word, hasSpace: true, start: from, end: to)
        }
    }

    /// What is longer than a line is cut between letters.
    private static func divided(_ piece: TimedPiece, _ longest: Int) -> [TimedPiece] {
        guard width(piece.text) > longest else { return [piece] }
        var parts: [String] = [""]
        for letter in piece.text {
            if width(parts[parts.count - 1]) + width(String(letter)) > longest { parts.append("") }
            parts[parts.count - 1].append(letter)
        }
        let step = (piece.end - piece.start) / parts.count
        return parts.enumerated().map { index, part in
            TimedPiece(
                text: part, hasSpace: index == 0 && piece.hasSpace, start: piece.start + step * index,
                end: piece.start + step * (index + 1))
        }
    }

    /// Source: Unicode 15, EastAsianWidth.txt, the blocks of class W and F that speech is written with.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
