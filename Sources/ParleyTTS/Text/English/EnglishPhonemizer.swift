/// Reads a word that no dictionary knows.
package protocol UnknownWordReader: AnyObject {
    /// - Parameter word: letters with apostrophes.
    /// - Returns: `nil` when the word has no letter it knows.
    func phonemes(ofUnknown word: String) -> Phonemes?
}

/// A stretch of phonemes and where its text stands.
package struct SpokenToken: Equatable, Sendable {
    package var phonemes: Phonemes
    /// Index of its first scalar in the text handed in.
    package var origin: Int
    /// A space follows.
    package var hasSpace: Bool
}

/// English text to phonemes: words, tags, dictionaries, rules, and a reader for what is left.
package struct EnglishPhonemizer: Sendable {
    let lexicon: EnglishLexicon
    private let normalizer: EnglishNormalizer
    private let tokenizer: EnglishTokenizer
    private let tagger: EnglishTagger

    package init(tables: TableFile) throws(TTSError) {
        lexicon = try EnglishLexicon(tables: tables)
        normalizer = try EnglishNormalizer(tables: tables)
        tokenizer = try EnglishTokenizer(tables: tables)
        tagger = try EnglishTagger(tables: tables)
    }

    /// - Parameter text: any reply; what cannot be spoken is left out.
    package func tokens(_ text: String, unknown: any UnknownWordReader) -> [SpokenToken] {
        let normalised = normalizer.normalise(ReplyCleaner.clean(text))
        var tokens = tokenizer.tokens(normalised.scalars)
        tagger.tag(&tokens)
        var spoken = read(EnglishWord.words(tokens), unknown: unknown).map { token in
            let sounds = (token.phonemes ?? []).map { $0 == "ɾ" ? "T" : $0 == "ʔ" ? "t" : $0 }
            return SpokenToken(
                phonemes: sounds, origin: normalised.origins[token.position], hasSpace: token.hasSpace)
        }
        // The point of a last abbreviation ("10 p.m.") also ends the sentence.
        if normalised.scalars.last == ".", let end = spoken.last?.phonemes.last, !EnglishWord.marks.contains(end) {
            spoken[spoken.count - 1].phonemes.append(".")
        }
        return spoken
    }

    /// The phonemes of a text in one string, as the reference prints them.
    package func phonemes(_ text: String, unknown: any UnknownWordReader) -> String {
        let tokens = tokens(text, unknown: unknown)
        let joined = Phonemes(tokens.flatMap { $0.phonemes + ($0.hasSpace ? [" "] : []) })
        return Phonemes(joined.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()).string
    }

    /// From the last word to the first: how some words sound depends on what follows.
    private func read(_ words: [EnglishWord], unknown: any UnknownWordReader) -> [EnglishToken] {
        var context = EnglishContext()
        var result: [EnglishToken] = []
        for word in words.reversed() {
            var parts = word.parts
            if parts.count == 1 {
                var token = parts[0]
                token.phonemes =
                    token.phonemes ?? sounds(of: token, context) ?? fallback(token.text, unknown: unknown)
                context = Self.context(before: token, context)
                result.append(token)
            } else {
                context = readParts(&parts, context, unknown: unknown)
                result.append(Self.joined(parts))
            }
        }
        return result.reversed()
    }

    private func sounds(of token: EnglishToken, _ context: EnglishContext) -> Phonemes? {
        let text = (token.alias ?? token.text).replacingApostrophes
        let stress: Double? = text.isLower ? nil : text.isUpper ? 2 : 0.5
        if let sounds = lexicon.word(text, tag: token.tag, stress: stress, context) {
            guard let unit = token.currency.flatMap({ EnglishLexicon.currencyUnits[$0] }),
                let name = lexicon.lookup(unit.0, tag: nil, stress: nil, nil).flatMap(EnglishLexicon.addingS)
            else { return sounds }
            return sounds + [" "] + name
        }
        guard EnglishLexicon.isNumber(text, isHead: token.isHead) else { return nil }
        return lexicon.number(text, currency: token.currency, isHead: token.isHead)
    }

    /// Reads the longest stretches of parts that are known together, from the end of the word.
    private func readParts(
        _ parts: inout [EnglishToken], _ context: EnglishContext, unknown: any UnknownWordReader
    ) -> EnglishContext {
        var context = context
        var left = 0
        var right = parts.count
        while left < right {
            let isFixed = parts[left..<right].contains { $0.alias != nil || $0.phonemes != nil }
            let merged = EnglishToken.merged(parts[left..<right])
            if !isFixed, let sounds = sounds(of: merged, context) {
                parts[left].phonemes = sounds
                for index in parts.indices[(left + 1)..<right] { parts[index].phonemes = [] }
                var spoken = merged
                spoken.phonemes = sounds
                context = Self.context(before: spoken, context)
                right = left
                left = 0
            } else if left + 1 < right {
                left += 1
            } else {
                right -= 1
                left = 0
                guard parts[right].phonemes == nil else { continue }
                guard parts[right].isJunk else {
                    readWhole(&parts, unknown: unknown)
                    return context
                }
                parts[right].phonemes = []
            }
        }
        WordStress.settle(&parts)
        return context
    }

    private func readWhole(_ parts: inout [EnglishToken], unknown: any UnknownWordReader) {
        let whole = EnglishToken.merged(parts[...])
        for index in parts.indices { parts[index].phonemes = [] }
        parts[0].phonemes = fallback(whole.text, unknown: unknown)
    }

    private static func joined(_ parts: [EnglishToken]) -> EnglishToken {
        var sounds: Phonemes = []
        for part in parts {
            let own = part.phonemes ?? []
            if part.isApart, !own.isEmpty, let last = sounds.last, last != " " { sounds.append(" ") }
            sounds += own
        }
        var result = EnglishToken.merged(parts[...])
        result.phonemes = sounds
        return result
    }

    private static func context(before token: EnglishToken, _ following: EnglishContext) -> EnglishContext {
        var vowel = following.vowelFollows
        for symbol in token.phonemes ?? [] {
            if EnglishWord.pauses.contains(symbol) {
                vowel = nil
            } else if Stress.vowels.contains(symbol) {
                vowel = true
            } else if Stress.consonants.contains(symbol) {
                vowel = false
            } else {
                continue
            }
            break
        }
        let isTo = ["to", "To"].contains(token.text) || (token.text == "TO" && ["TO", "IN"].contains(token.tag))
        return EnglishContext(vowelFollows: vowel, toFollows: isTo)
    }

    // MARK: What no dictionary knows

    private static let symbolSounds: [Unicode.Scalar: String] = [
        "/": "slˈæʃ", "=": "ˈikwᵊlz", "+": "plˈʌs", "&": "ænd", "@": "æt", "%": "pəɹsˈɛnt", "#": "hˈæʃ",
        "*": "ˈæstəɹˌɪsk", "~": "tˈɪldə", "^": "kˈɛɹət", "<": "lˈɛs ðən", ">": "ɡɹˈATəɹ ðən", "—": "—",
    ]

    /// Letters go to the reader of unknown words, digits to the number rules, symbols to their names.
    private func fallback(_ text: String, unknown: any UnknownWordReader) -> Phonemes {
        var pieces: [Phonemes] = []
        let scalars = Scalars(text)
        var index = 0
        while index < scalars.count {
            let start = index
            let scalar = scalars[index]
            index += 1
            if scalar.isLetter {
                while let next = scalars.at(index) {
                    let joins = next.isApostrophe && scalars.at(index + 1)?.isLetter == true
                    guard next.isLetter || joins else { break }
                    index += joins ? 2 : 1
                }
                if let sounds = unknown.phonemes(ofUnknown: scalars[start..<index].map { $0 }.string) {
                    pieces.append(sounds)
                }
            } else if scalar.isDigit {
                while let next = scalars.at(index), next.isDigit || scalars.at(index + 1)?.isDigit == true {
                    guard next.isDigit || next == "," || next == "." else { break }
                    index += 1
                }
                let digits = Array(scalars[start..<index]).string
                if let sounds = lexicon.number(digits, currency: nil, isHead: false) { pieces.append(sounds) }
            } else if let name = Self.symbolSounds[scalar] {
                pieces.append(Phonemes(name))
            }
        }
        return Phonemes(pieces.filter { !$0.isEmpty }.joined(separator: [" "]))
    }
}

extension String {
    fileprivate var replacingApostrophes: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isApostrophe ? "'" : $0 }))
    }
}
