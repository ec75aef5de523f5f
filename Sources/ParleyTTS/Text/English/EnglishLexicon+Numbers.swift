/// Numbers in digits, read by what they look like: ordinal, year, amount, decimal, digits.
extension EnglishLexicon {
    private static let ordinalEndings: Set<String> = ["st", "nd", "rd", "th"]
    private static let endings = ["ing", "'d", "ed", "'s", "st", "nd", "rd", "th", "s"]
    static let currencyUnits = ["$": ("dollar", "cent"), "£": ("pound", "pence"), "€": ("euro", "cent")]

    /// Digits with commas, points and perhaps one ending; a minus only at the head of a word.
    static func isNumber(_ word: String, isHead: Bool) -> Bool {
        guard word.unicodeScalars.contains(where: \.isDigit) else { return false }
        var body = word
        if let ending = endings.first(where: word.hasSuffix) { body.removeLast(ending.count) }
        return zip(0..., body.unicodeScalars).allSatisfy { index, scalar in
            scalar.isDigit || scalar == "," || scalar == "." || (isHead && index == 0 && scalar == "-")
        }
    }

    /// The phonemes of a number; `nil` when nothing can be read.
    func number(_ text: String, currency: String?, isHead: Bool) -> Phonemes? {
        let letters = text.unicodeScalars.reversed().prefix { $0 == "'" || (97...122).contains($0.value) }
        let ending = String(String.UnicodeScalarView(letters.reversed()))
        var digits = String(text.dropLast(ending.count))
        var words: [String] = []
        if digits.hasPrefix("-") {
            words.append("minus")
            digits.removeFirst()
        }
        words += numberWords(digits, ending: ending, isNegative: !words.isEmpty, currency: currency, isHead: isHead)
        let sounds = words.compactMap { sound(ofNumberWord: $0) }
        guard !sounds.isEmpty else { return nil }
        let joined = Phonemes(sounds.joined(separator: [" "]))
        switch ending {
        case "s", "'s": return Self.addingS(joined)
        case "ed", "'d": return Self.addingEd(joined)
        case "ing": return Self.addingIng(joined)
        default: return joined
        }
    }

    private func sound(ofNumberWord word: String) -> Phonemes? {
        switch word {
        case "point", "O": lookup(word, tag: nil, stress: -2, nil)
        case _ where isKnown(word): lookup(word, tag: nil, stress: nil, nil)
        default: withEnding(word, tag: "", stress: nil, EnglishContext())
        }
    }

    private func numberWords(
        _ digits: String, ending: String, isNegative: Bool, currency: String?, isHead: Bool
    ) -> [String] {
        let plain = digits.filter { $0 != "," }
        let isOrdinal = Self.ordinalEndings.contains(ending)
        let units = currency.flatMap { Self.currencyUnits[$0] }
        // Longer numbers than the scales have names for are read digit by digit.
        guard let value = Int(plain.filter { $0 != "." }), plain.count <= 18 else { return Self.oneByOne(plain) }
        if digits.isAllDigits, isOrdinal { return Self.words(EnglishNumbers.ordinal(value)) }
        if !isNegative, digits.count == 4, units == nil, digits.isAllDigits {
            return Self.words(EnglishNumbers.year(value))
        }
        if !isHead, !digits.contains(".") { return Self.inside(plain) }
        let points = digits.count { $0 == "." }
        if points > 1 || !isHead {
            return plain.split(separator: ".").flatMap { Self.versionPart(String($0)) }
        }
        if let units, Self.isAmount(plain) { return Self.amount(plain, units) }
        if points == 0 { return Self.words(isOrdinal ? EnglishNumbers.ordinal(value) : EnglishNumbers.cardinal(value)) }
        if plain.hasPrefix(".") { return ["point"] + Self.oneByOne(String(plain.dropFirst())) }
        return Self.words(EnglishNumbers.decimal(plain))
    }

    /// "and" is not spoken inside numbers.
    private static func words(_ text: String) -> [String] {
        text.split { !$0.isLetter }.map(String.init).filter { $0 != "and" }
    }

    private static func oneByOne(_ digits: String) -> [String] {
        digits.unicodeScalars.filter(\.isDigit).map { EnglishNumbers.cardinal($0.digit) }
    }

    /// Digits that follow letters: "A380" is "three eighty", "R2D2" digit by digit.
    private static func inside(_ digits: String) -> [String] {
        if digits.hasPrefix("0") || digits.count > 3 { return oneByOne(digits) }
        guard digits.count == 3, !digits.hasSuffix("00") else {
            return words(EnglishNumbers.cardinal(Int(digits) ?? 0))
        }
        let hundreds = oneByOne(String(digits.prefix(1)))
        let rest = digits.dropFirst()
        if rest.hasPrefix("0") { return hundreds + ["O"] + oneByOne(String(rest.dropFirst())) }
        return hundreds + words(EnglishNumbers.cardinal(Int(rest) ?? 0))
    }

    private static func versionPart(_ digits: String) -> [String] {
        let hasTail = digits.dropFirst().contains { $0 != "0" }
        if digits.hasPrefix("0") || (digits.count != 2 && hasTail) { return oneByOne(digits) }
        return words(EnglishNumbers.cardinal(Int(digits) ?? 0))
    }

    private static func isAmount(_ digits: String) -> Bool {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 1 || (parts.count == 2 && parts[1].count < 3)
    }

    private static func amount(_ digits: String, _ units: (String, String)) -> [String] {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false).enumerated().map { index, part in
            (Int(part) ?? 0) * (index == 1 && part.count == 1 ? 10 : 1)
        }
        var pairs = Array(zip(parts, [units.0, units.1]))
        if pairs.count > 1 {
            if pairs[1].0 == 0 { pairs.removeLast() } else if pairs[0].0 == 0 { pairs.removeFirst() }
        }
        return Array(
            pairs.map { count, unit in
                words(EnglishNumbers.cardinal(count)) + [count == 1 || unit == "pence" ? unit : unit + "s"]
            }.joined(separator: ["and"]))
    }
}
