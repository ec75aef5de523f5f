/// Tokens that are written together and so are read as one word.
struct EnglishWord {
    var parts: [EnglishToken]

    /// Marks that are also phonemes: the voice pauses at them.
    static let pauses = Set(";:,.!?—…".unicodeScalars)
    static let marks = pauses.union("\"“”".unicodeScalars)
    private static let markTags: Set<String> = [".", ",", "-LRB-", "-RRB-", "``", "\"\"", "''", ":", "$", "#", "NFP"]
    private static let markSounds = ["-LRB-": "(", "-RRB-": ")", "``": "“", "\"\"": "”", "''": "”"]

    /// Cuts tokens into parts of one kind each, settles marks and currency signs, and groups what has no space between.
    static func words(_ tokens: [EnglishToken]) -> [EnglishWord] {
        var words: [EnglishWord] = []
        var isOpen = false
        var currency: String?
        for (index, token) in tokens.enumerated() {
            var parts = subtokens(of: token)
            let nextIsNumber = tokens.indices.contains(index + 1) && tokens[index + 1].tag == "CD"
            for place in parts.indices {
                let isLastOfAmount = place == parts.count - 1 && !nextIsNumber
                settle(&parts, place, &currency, isLastOfAmount: isLastOfAmount)
                let part = parts[place]
                if part.alias != nil || part.phonemes != nil {
                    words.append(EnglishWord(parts: [part]))
                    isOpen = false
                } else if isOpen, let last = words.indices.last {
                    var tail = part
                    tail.isHead = false
                    words[last].parts.append(tail)
                    isOpen = !part.hasSpace
                } else {
                    words.append(EnglishWord(parts: [part]))
                    isOpen = !part.hasSpace
                }
            }
        }
        return words
    }

    private static func settle(
        _ parts: inout [EnglishToken], _ place: Int, _ currency: inout String?, isLastOfAmount: Bool
    ) {
        let part = parts[place]
        if part.tag == "$", EnglishLexicon.currencyUnits[part.text] != nil {
            currency = part.text
            parts[place].phonemes = []
        } else if part.tag == ":", part.text == "-" || part.text == "–" {
            parts[place].phonemes = ["—"]
        } else if markTags.contains(part.tag), !part.text.unicodeScalars.allSatisfy({ $0.isLetter && $0.value < 128 }) {
            parts[place].phonemes =
                markSounds[part.tag].map { Phonemes($0) } ?? part.text.unicodeScalars.filter(marks.contains)
        } else if currency != nil {
            if part.tag != "CD" {
                currency = nil
            } else if isLastOfAmount {
                parts[place].currency = currency
            }
        } else if part.text == "2", place > 0, place < parts.count - 1,
            parts[place - 1].text.unicodeScalars.last?.isLetter == true,
            parts[place + 1].text.unicodeScalars.first?.isLetter == true
        {
            parts[place].alias = "to"
        }
    }

    /// Splits "iPhone15" where letters, digits, marks and the case change.
    private static func subtokens(of token: EnglishToken) -> [EnglishToken] {
        let scalars = Scalars(token.text)
        var result: [EnglishToken] = []
        var index = 0
        while index < scalars.count {
            let length = subtokenLength(scalars, at: index)
            guard length > 0 else {
                index += 1
                continue
            }
            var part = token
            part.text = Array(scalars[index..<index + length]).string
            part.hasSpace = false
            part.position = token.position + index
            result.append(part)
            index += length
        }
        if result.isEmpty { result = [token] }
        result[result.count - 1].hasSpace = token.hasSpace
        return result
    }

    private static func subtokenLength(_ text: Scalars, at index: Int) -> Int {
        let scalar = text[index]
        if scalar.isApostrophe {
            let run = text[index...].prefix(while: \.isApostrophe).count
            return index == 0 || run > 1 || index + run == text.count ? run : 0
        }
        if scalar.isUpperLatin, text.at(index + 1)?.isUpperLatin == true, text.at(index + 2)?.isLowerLatin == true {
            return 1
        }
        let digits = digitsLength(text, at: index)
        if digits > 0 { return digits }
        if scalar == "-" || scalar == "_" { return text[index...].prefix { $0 == "-" || $0 == "_" }.count }
        if scalar.isLetter { return lettersLength(text, at: index) }
        return scalar.isWord ? 0 : 1
    }

    /// Digits with single commas and points between, a minus only at the start.
    private static func digitsLength(_ text: Scalars, at index: Int) -> Int {
        var end = index
        if index == 0, text[0] == "-" { end += 1 }
        let start = end
        while let scalar = text.at(end) {
            if scalar.isDigit {
                end += 1
            } else if scalar == "," || scalar == ".", text.at(end + 1)?.isDigit == true {
                end += 2
            } else {
                break
            }
        }
        return end > start ? end - index : 0
    }

    /// Letters up to where lower case turns to upper case; an apostrophe takes one letter with it.
    private static func lettersLength(_ text: Scalars, at index: Int) -> Int {
        let run = text[index...].prefix(while: \.isLetter).count
        for length in 1..<max(run, 1) where text[index + length - 1].isLowerLatin && text[index + length].isUpperLatin {
            return length
        }
        var end = index + run
        while let mark = text.at(end), mark.isApostrophe, text.at(end + 1)?.isLetter == true { end += 2 }
        return end - index
    }
}

extension EnglishToken {
    /// Has nothing that sounds: hyphens, apostrophes, slashes.
    var isJunk: Bool { text.unicodeScalars.allSatisfy { Self.junk.contains($0) } }

    static let junk = Set("',-._‘’/".unicodeScalars)
}

/// Stress between the parts of one written word.
enum WordStress {
    static func settle(_ parts: inout [EnglishToken]) {
        let text = EnglishToken.merged(parts[...]).text
        let kinds = Set(
            text.unicodeScalars.filter { !EnglishToken.junk.contains($0) }.map { $0.isLetter ? 0 : $0.isDigit ? 1 : 2 })
        let isApart = text.contains(" ") || text.contains("/") || kinds.count > 1
        for index in parts.indices {
            if parts[index].phonemes == nil {
                let isPause = index == parts.count - 1 && parts[index].text.unicodeScalars.count == 1
                if isPause, let mark = parts[index].text.unicodeScalars.first, EnglishWord.pauses.contains(mark) {
                    parts[index].phonemes = [mark]
                } else if parts[index].isJunk {
                    parts[index].phonemes = []
                }
            } else if index > 0 {
                parts[index].isApart = isApart
            }
        }
        if !isApart { balance(&parts) }
    }

    /// Of several stressed parts the lighter half steps back.
    private static func balance(_ parts: inout [EnglishToken]) {
        let spoken = parts.indices.filter { !(parts[$0].phonemes ?? []).isEmpty }
        let ranked = spoken.map { index -> (isStressed: Int, weight: Int, index: Int) in
            let sounds = parts[index].phonemes ?? []
            return (sounds.contains(Stress.primary) ? 1 : 0, Stress.weight(sounds), index)
        }
        var weakened: [Int] = []
        if ranked.count == 2, parts[ranked[0].index].text.unicodeScalars.count == 1 {
            weakened = [ranked[1].index]
        } else if ranked.count >= 2, ranked.reduce(0, { $0 + $1.isStressed }) > (ranked.count + 1) / 2 {
            weakened = ranked.sorted { $0 < $1 }.prefix(ranked.count / 2).map(\.index)
        }
        for index in weakened {
            parts[index].phonemes = parts[index].phonemes.map { Stress.apply(-0.5, to: $0) }
        }
    }
}
