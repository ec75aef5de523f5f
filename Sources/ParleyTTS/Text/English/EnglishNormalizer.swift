/// Writes out what the dictionaries cannot read as it stands: times, dates, units, abbreviations, symbols.
/// Plain numbers, ordinals, years, amounts of dollars, pounds and euros, and percentages are read later by the lexicon.
struct EnglishNormalizer {
    /// What stands for some scalars from a place on.
    struct Rewrite {
        var length: Int
        var words: String
    }

    let months: RecordTable
    let titles: RecordTable
    let abbreviations: RecordTable
    let units: RecordTable
    let currencies: RecordTable
    let romanCardinal: RecordTable
    let romanOrdinal: RecordTable
    private let symbols: [Unicode.Scalar: String]
    /// Unit names, longest first.
    let unitNames: [Scalars]

    init(tables: TableFile) throws(TTSError) {
        months = try tables.table("months")
        titles = try tables.table("titles")
        abbreviations = try tables.table("abbreviations")
        units = try tables.table("units")
        currencies = try tables.table("currencies")
        romanCardinal = try tables.table("roman.cardinal")
        romanOrdinal = try tables.table("roman.ordinal")
        unitNames = units.all().map { Scalars($0.key) }.sorted { $0.count > $1.count }
        var symbols: [Unicode.Scalar: String] = [:]
        for (key, value) in try tables.table("symbols").all() {
            if let symbol = key.unicodeScalars.first { symbols[symbol] = String(decoding: value, as: UTF8.self) }
        }
        self.symbols = symbols
    }

    /// One pass from left to right: at each place the first rule that applies rewrites.
    func normalise(_ traced: TracedText) -> TracedText {
        let source = traced.tidied()
        let text = source.scalars.map(Self.plain)
        var result = TracedText()
        var index = 0
        while index < text.count {
            let origin = source.origins[index]
            if let rewrite = rewrite(text, at: index, written: result.scalars) {
                result.append(rewrite.words, from: origin)
                index += max(1, rewrite.length)
            } else {
                result.append(text[index], from: origin)
                index += 1
            }
        }
        return result.tidied()
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{2019}", "\u{2018}": "'"
        case "\u{2010}", "\u{2011}", "\u{2012}": "-"
        case "\u{2015}": "—"
        default: scalar
        }
    }

    private func rewrite(_ text: Scalars, at index: Int, written: Scalars) -> Rewrite? {
        let scalar = text[index]
        let before = text.at(index - 1)
        let isInside = before.map { $0.isWord || $0 == "." } ?? false
        if scalar.isDigit || (scalar == "-" && text.at(index + 1)?.isDigit == true) {
            return isInside ? nil : numeric(text, at: index, written: written)
        }
        if scalar.isLetter, !isInside || (before == "." && text.at(index - 2)?.isWord != true) {
            return verbal(text, at: index, written: written)
        }
        if let amount = amount(text, at: index) { return amount }
        if scalar == "#", text.at(index + 1)?.isDigit == true { return Rewrite(length: 1, words: "number ") }
        if scalar == "+", text.at(index + 1)?.isDigit == true, before?.isWord != true {
            return Rewrite(length: 1, words: "plus ")
        }
        return symbol(text, at: index)
    }

    private func symbol(_ text: Scalars, at index: Int) -> Rewrite? {
        guard let words = symbols[text[index]] else { return nil }
        if ["=", "<", ">", "~"].contains(text[index]) {
            guard index > 0, index < text.count - 1 else { return nil }
        }
        if text[index] == "*", text.at(index - 1)?.isDigit == true || text.at(index - 2)?.isDigit == true {
            return Rewrite(length: 1, words: " times ")
        }
        return Rewrite(length: 1, words: words.isEmpty ? " " : " " + words + " ")
    }

    // MARK: Amounts

    private static let multiples = ["hundred", "thousand", "million", "billion", "trillion"]

    /// A sign or code of a currency and a number, when the lexicon would not read it: yen, or "$3 million".
    private func amount(_ text: Scalars, at index: Int) -> Rewrite? {
        let names = ["US$", "$", "£", "€", "¥", "₹", "₩"]
        guard let name = names.first(where: { text.has($0, at: index) }) else { return nil }
        return amount(text, name: name, numberAt: index + name.unicodeScalars.count, start: index)
    }

    func amount(_ text: Scalars, name: String, numberAt place: Int, start: Int) -> Rewrite? {
        let from = text.at(place) == " " ? place + 1 : place
        guard let number = NumberSpan(text, at: from), let words = currencies.list(name == "US$" ? "$" : name) else {
            return nil
        }
        let isOwn = EnglishLexicon.currencyUnits[name] != nil
        if let (multiple, end) = Self.multiple(text, after: number.end) {
            return Rewrite(length: end - start, words: "\(number.text) \(multiple) \(words[1])")
        }
        return isOwn ? nil : Rewrite(length: number.end - start, words: number.text + " " + number.plural(words))
    }

    private static func multiple(_ text: Scalars, after end: Int) -> (String, Int)? {
        let place = text.at(end) == " " ? end + 1 : end
        for word in multiples where text.has(word, at: place) { return (word, place + word.count) }
        guard place == end, let letter = text.at(end), text.at(end + 1)?.isWord != true else { return nil }
        switch letter {
        case "k", "K": return ("thousand", end + 1)
        case "m", "M": return ("million", end + 1)
        case "b", "B": return ("billion", end + 1)
        default: return nil
        }
    }
}

/// A number written in digits with thousands separators and a decimal point.
struct NumberSpan {
    let text: String
    let end: Int

    init?(_ scalars: Scalars, at start: Int) {
        var end = start
        if scalars.at(end) == "-" { end += 1 }
        let first = end
        while scalars.at(end)?.isDigit == true { end += 1 }
        guard end > first else { return nil }
        while scalars.at(end) == ",", (1...3).allSatisfy({ scalars.at(end + $0)?.isDigit == true }) { end += 4 }
        if scalars.at(end) == ".", scalars.at(end + 1)?.isDigit == true {
            end += 1
            while scalars.at(end)?.isDigit == true { end += 1 }
        }
        self.end = end
        text = Array(scalars[start..<end]).string
    }

    /// The first word for one, the second for all other counts.
    func plural(_ words: [String]) -> String {
        ["1", "1.0", "-1"].contains(text) ? words[0] : words[words.count - 1]
    }
}
