/// What begins with a letter: months with a day, titles, abbreviations, currency codes, Roman numerals.
extension EnglishNormalizer {
    func verbal(_ text: Scalars, at index: Int, written: Scalars) -> Rewrite? {
        let run = text[index...].prefix(while: \.isLetter)
        let word = Array(run).string
        let end = index + run.count
        return monthAndDay(text, at: index) ?? title(text, word, index, end) ?? number(text, word, index, end)
            ?? currencyCode(text, word, index, end) ?? abbreviation(text, at: index, end: end)
            ?? roman(text, run, written: written)
    }

    /// "March 5", "Jan. 5th, 2024".
    private func monthAndDay(_ text: Scalars, at index: Int) -> Rewrite? {
        guard let month = month(text, at: index), text.at(month.end) == " ",
            let day = Self.digits(text, at: month.end + 1, 1...2), (1...31).contains(day.value)
        else { return nil }
        var end = day.end
        for ending in ["st", "nd", "rd", "th"] where text.has(ending, at: end) { end += 2 }
        guard text.at(end)?.isWord != true, text.at(end) != ":", text.at(end) != "%" else { return nil }
        return Rewrite(length: end - index, words: "\(month.name) \(EnglishNumbers.ordinal(day.value))")
    }

    /// "Dr. Smith", "St Paul": only before a capital.
    private func title(_ text: Scalars, _ word: String, _ index: Int, _ end: Int) -> Rewrite? {
        let place = text.at(end) == "." ? end + 1 : end
        guard text.at(place) == " ", text.at(place + 1)?.isUpperLatin == true, let full = titles.text(word) else {
            return nil
        }
        return Rewrite(length: place - index, words: full)
    }

    /// "No. 5".
    private func number(_ text: Scalars, _ word: String, _ index: Int, _ end: Int) -> Rewrite? {
        guard word == "No" || word == "Nos" || word == "no" || word == "nos", text.at(end) == "." else { return nil }
        let place = text.at(end + 1) == " " ? end + 2 : end + 1
        guard text.at(place)?.isDigit == true else { return nil }
        return Rewrite(length: place - index, words: word.lowercased() == "no" ? "number " : "numbers ")
    }

    /// "USD 20", "Rs. 500".
    private func currencyCode(_ text: Scalars, _ word: String, _ index: Int, _ end: Int) -> Rewrite? {
        guard ["USD", "EUR", "GBP", "Rs"].contains(word) else { return nil }
        return amount(text, name: word, numberAt: word == "Rs" && text.at(end) == "." ? end + 1 : end, start: index)
    }

    /// Words in their own right: as abbreviations they are only taken before a number.
    private static let ambiguous: Set<String> = [
        "no.", "nos.", "fig.", "Fig.", "ch.", "Ch.", "vol.", "Vol.", "ed.", "pp.", "Sun.", "Sat.", "Wed.", "Mar.",
        "est.",
    ]

    private func abbreviation(_ text: Scalars, at index: Int, end: Int) -> Rewrite? {
        for candidate in [end + 2, end + 1, end] where candidate <= text.count {
            guard candidate == end || text[end] == "." || text[end] == "/", text.at(candidate)?.isWord != true else {
                continue
            }
            let written = Array(text[index..<candidate]).string
            guard let full = abbreviations.text(written) else { continue }
            if Self.ambiguous.contains(written), text.at(candidate + 1)?.isDigit != true { continue }
            let closes = candidate == text.count && written.hasSuffix(".")
            return Rewrite(length: candidate - index, words: closes ? full + "." : full)
        }
        return nil
    }

    // MARK: Roman numerals

    /// "Chapter IV" is "Chapter 4", "Henry VIII" is "Henry the eighth".
    private func roman(_ text: Scalars, _ run: ArraySlice<Unicode.Scalar>, written: Scalars) -> Rewrite? {
        guard let value = Self.romanValue(run), written.last == " ", text.at(run.endIndex)?.isWord != true else {
            return nil
        }
        if let mark = text.at(run.endIndex), mark == "." || mark == "'", text.at(run.endIndex + 1)?.isWord == true {
            return nil
        }
        let words = written.split(separator: " ").suffix(3).map { Array($0).string }
        for count in 1...3 where count <= words.count {
            let key = words.suffix(count).joined(separator: " ")
            if romanCardinal.contains(key) { return Rewrite(length: run.count, words: String(value)) }
            if romanOrdinal.contains(key) {
                return Rewrite(length: run.count, words: "the " + EnglishNumbers.ordinal(value))
            }
        }
        return nil
    }

    /// The value of a numeral in the usual form; `nil` for anything else.
    static func romanValue(_ letters: ArraySlice<Unicode.Scalar>) -> Int? {
        let steps: [(Int, String)] = [
            (1_000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
            (10, "X"),
            (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        let values: [Unicode.Scalar: Int] = ["I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1_000]
        var total = 0
        var largest = 0
        for letter in letters.reversed() {
            guard let value = values[letter] else { return nil }
            total += value < largest ? -value : value
            largest = max(largest, value)
        }
        guard (1..<4_000).contains(total) else { return nil }
        var rest = total
        var usual = ""
        for (value, name) in steps {
            while rest >= value {
                usual += name
                rest -= value
            }
        }
        return usual == Array(letters).string ? total : nil
    }
}
