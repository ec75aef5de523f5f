/// Cuts English text into words and marks: contractions by a table, marks off both ends, then hyphens inside.
/// The rules are those of the corpus the tagger was trained on.
struct EnglishTokenizer {
    private let exceptions: RecordTable

    init(tables: TableFile) throws(TTSError) {
        exceptions = try tables.table("tokens")
    }

    /// - Parameter text: normalised, single spaces.
    func tokens(_ text: Scalars) -> [EnglishToken] {
        var result: [EnglishToken] = []
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: " ") ?? text.count
            if end > start {
                var position = start
                for piece in pieces(Array(text[start..<end])) {
                    result.append(EnglishToken(text: piece.string, tag: "", hasSpace: false, position: position))
                    position += piece.count
                }
                if end < text.count, let last = result.indices.last { result[last].hasSpace = true }
            }
            start = end + 1
        }
        return result
    }

    private func special(_ scalars: Scalars) -> [Scalars]? {
        scalars.isEmpty ? nil : exceptions.list(scalars.string)?.map { Scalars($0) }
    }

    private func pieces(_ chunk: Scalars) -> [Scalars] {
        if let parts = special(chunk) { return parts }
        var front: [Scalars] = []
        var back: [Scalars] = []
        var rest = chunk
        while !rest.isEmpty, special(rest) == nil {
            let head = Self.prefixLength(rest)
            if head > 0, special(Array(rest[head...])) != nil {
                front.append(Array(rest[..<head]))
                rest.removeFirst(head)
                break
            }
            let tail = Self.suffixLength(Array(rest[head...]))
            if tail > 0, special(Array(rest.dropLast(tail))) != nil {
                back.append(Array(rest.suffix(tail)))
                rest.removeLast(tail)
                break
            }
            if head == 0, tail == 0 { break }
            if head > 0 { front.append(Array(rest[..<head])) }
            if tail > 0 { back.append(Array(rest.suffix(tail))) }
            rest = Array(rest[head..<(rest.count - tail)])
        }
        let middle = rest.isEmpty ? [] : special(rest) ?? Self.split(rest)
        let all = front + middle + back.reversed()
        return all.count > 1 ? rejoined(all) : all
    }

    /// Pieces that spell an exception together are cut as the exception says: "Sept" and "." are one.
    private func rejoined(_ pieces: [Scalars]) -> [Scalars] {
        var result: [Scalars] = []
        var index = 0
        while index < pieces.count {
            let match = [3, 2].lazy
                .filter { index + $0 <= pieces.count }
                .compactMap { length in
                    special(Array(pieces[index..<index + length].joined())).map { (length, $0) }
                }
                .first
            result += match?.1 ?? [pieces[index]]
            index += match?.0 ?? 1
        }
        return result
    }
}

// MARK: - Marks

extension EnglishTokenizer {
    private static let quotes = Set("'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉".unicodeScalars)
    private static let punctuation = Set("…,:;!?¿¡()[]{}<>_#*&。？！，、；：～·".unicodeScalars)
    private static let icons = Set("™®©°§¶†‡•".unicodeScalars)
    private static let currencies = Set("$£€¥฿₽₹₩₪₺₴₦₫₱₲₵₸₼₾₿".unicodeScalars)
    private static let openers = Set("§%=—–".unicodeScalars)
    private static let dollars = ["US$", "C$", "A$"]
    /// Longest first.
    private static let units = [
        "mbar", "km²", "km³", "dm²", "dm³", "cm²", "cm³", "mm²", "mm³", "km/h", "kmh", "mph", "hPa", "m/s", "km", "m²",
        "m³", "dm", "cm", "mm", "ha", "µm", "nm", "yd", "in", "ft", "kg", "mg", "µg", "lb", "oz", "Pa", "mb", "MB",
        "kb", "KB", "gb", "GB", "tb", "TB", "m", "g", "t", "T", "G", "M", "K", "%",
    ].map { Scalars($0) }.sorted { $0.count > $1.count }

    /// Length of the mark that the text begins with, 0 without one.
    static func prefixLength(_ text: Scalars) -> Int {
        guard let first = text.first else { return 0 }
        if openers.contains(first) || punctuation.contains(first) || quotes.contains(first) { return 1 }
        if first == "+" { return text.at(1)?.isDigit == true ? 0 : 1 }
        if first == "." {
            let run = text.prefix { $0 == "." }.count
            return run > 1 ? run : 0
        }
        for sign in dollars where text.has(sign, at: 0) { return sign.unicodeScalars.count }
        return currencies.contains(first) || icons.contains(first) ? 1 : 0
    }

    /// Length of the mark, unit or possessive that the text ends with, 0 without one.
    static func suffixLength(_ text: Scalars) -> Int {
        guard let last = text.last else { return 0 }
        let dots = text.reversed().prefix { $0 == "." }.count
        if dots > 1 { return dots }
        if dots == 1 { return endsSentence(text.dropLast()) ? 1 : 0 }
        for unit in units where text.count > unit.count && text.suffix(unit.count).elementsEqual(unit) {
            if text[text.count - unit.count - 1].isDigit { return unit.count }
        }
        if last == "s" || last == "S", text.count >= 2, let mark = text.at(text.count - 2), mark == "'" || mark == "’" {
            return 2
        }
        if punctuation.contains(last) || quotes.contains(last) || icons.contains(last) { return 1 }
        if last == "—" || last == "–" { return 1 }
        let afterDigit = text.at(text.count - 2)?.isDigit == true
        return afterDigit && (last == "+" || currencies.contains(last)) ? 1 : 0
    }

    /// Whether a full stop after this text is a mark of its own.
    private static func endsSentence(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let last = text.last else { return false }
        if last.isDigit || last.isLowerLatin || "%²-+".unicodeScalars.contains(last) { return true }
        if punctuation.contains(last) || quotes.contains(last) { return true }
        let before = text.dropLast().last
        if before == "°", "FCK".unicodeScalars.contains(last) { return true }
        return last.isUpperLatin && before?.isUpperLatin == true
    }

    /// Cuts at marks inside a word: hyphens, slashes, dots between sentences.
    static func split(_ text: Scalars) -> [Scalars] {
        var result: [Scalars] = []
        var start = 0
        var index = 1
        while index < text.count {
            let length = infixLength(text, at: index)
            if length == 0 {
                index += 1
                continue
            }
            if index > start { result.append(Array(text[start..<index])) }
            result.append(Array(text[index..<index + length]))
            index += length
            start = index
        }
        if start < text.count { result.append(Array(text[start...])) }
        return result
    }

    private static func infixLength(_ text: Scalars, at index: Int) -> Int {
        let scalar = text[index]
        if scalar.isWord { return 0 }
        if scalar == "." {
            let run = text[index...].prefix { $0 == "." }.count
            if run > 1 { return run }
        }
        if scalar == "…" || icons.contains(scalar) { return 1 }
        let before = text[index - 1]
        if "-–—~".unicodeScalars.contains(scalar), before.isWord, before != "_" {
            let run = text[index...].prefix { $0 == scalar }.count
            let limit = scalar == "-" ? 3 : scalar == "—" ? 2 : 1
            if run <= limit, text.at(index + run)?.isLetter == true { return run }
        }
        guard let after = text.at(index + 1) else { return 0 }
        switch scalar {
        case "+", "-", "*", "^":
            return before.isDigit && (after.isDigit || after == "-") ? 1 : 0
        case ".":
            let opens = before.isLowerLatin || quotes.contains(before)
            return opens && (after.isUpperLatin || quotes.contains(after)) ? 1 : 0
        case ",":
            return before.isLetter && after.isLetter ? 1 : 0
        case ":", "<", ">", "=", "/":
            return before.isWord && before != "_" && after.isLetter ? 1 : 0
        default:
            return 0
        }
    }
}
