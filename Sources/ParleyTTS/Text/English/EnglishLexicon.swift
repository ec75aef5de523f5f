/// What follows a word, as far as it changes how the word sounds.
struct EnglishContext: Equatable {
    /// The next sound is a vowel; `nil` before a pause or the end.
    var vowelFollows: Bool?
    /// The next word is "to".
    var toFollows = false
}

/// Words to phonemes: two mapped dictionaries, readings by part of speech, endings, and the words with rules of their own.
struct EnglishLexicon {
    /// Readings of one word.
    enum Entry {
        case one(Phonemes)
        /// By tag, with "DEFAULT" and sometimes "None" for the place before a pause; no phonemes: spell it.
        case byTag([String: Phonemes?])
    }

    private let gold: RecordTable
    private let silver: RecordTable
    private let alphabet: [Unicode.Scalar]

    init(tables: TableFile) throws(TTSError) {
        gold = try tables.table("lexicon.gold")
        silver = try tables.table("lexicon.silver")
        alphabet = try Alphabet(tables: tables).symbols
    }

    // MARK: Dictionaries

    /// A key in lower case also answers to its capitalised form and the other way round.
    private func bytes(_ word: String, in table: RecordTable) -> [UInt8]? {
        if let found = table.bytes(word) { return found }
        guard word.unicodeScalars.count > 1 else { return nil }
        if word.isLower { return table.bytes(word.capitalised) }
        return word == word.capitalised ? table.bytes(word.lowercased()) : nil
    }

    private func entry(_ word: String, in table: RecordTable) -> Entry? {
        guard let packed = bytes(word, in: table) else { return nil }
        guard packed.first == 255, packed.count > 1 else { return .one(symbols(packed[...])) }
        var readings: [String: Phonemes?] = [:]
        var at = 2
        for _ in 0..<packed[1] {
            let nameEnd = at + 1 + Int(packed[at])
            let name = String(decoding: packed[at + 1..<nameEnd], as: UTF8.self)
            let length = packed[nameEnd] == 255 ? 0 : Int(packed[nameEnd])
            let none = packed[nameEnd] == 255
            readings.updateValue(none ? nil : symbols(packed[nameEnd + 1..<nameEnd + 1 + length]), forKey: name)
            at = nameEnd + 1 + length
        }
        return .byTag(readings)
    }

    private func symbols(_ ids: ArraySlice<UInt8>) -> Phonemes {
        ids.map { alphabet[Int($0)] }
    }

    func isGold(_ word: String) -> Bool { bytes(word, in: gold) != nil }

    func isListed(_ word: String) -> Bool { isGold(word) || bytes(word, in: silver) != nil }

    /// Whether `lookup` can read the word without endings being taken off.
    func isKnown(_ word: String) -> Bool {
        if isListed(word) || EnglishLexicon.symbolWords[word] != nil { return true }
        guard !word.isEmpty, word.unicodeScalars.allSatisfy({ $0.isLetter && $0.value < 128 }) else { return false }
        if word.unicodeScalars.count == 1 || (word.isUpper && isGold(word.lowercased())) { return true }
        return String(word.dropFirst()).isUpper
    }

    // MARK: Reading

    /// Letter by letter, the last one stressed.
    func spelled(_ word: String) -> Phonemes? {
        var sounds: Phonemes = []
        for scalar in word.unicodeScalars where scalar.isLetter {
            guard case .one(let letter) = entry(String(scalar).uppercased(), in: gold) else { return nil }
            sounds += letter
        }
        sounds = Stress.apply(0, to: sounds)
        if let last = sounds.lastIndex(of: Stress.secondary) { sounds[last] = Stress.primary }
        return sounds
    }

    /// A word of the dictionaries in the reading of its tag.
    func lookup(_ word: String, tag: String?, stress: Double?, _ context: EnglishContext?) -> Phonemes? {
        var word = word
        var isName = false
        if word.isUpper, !isGold(word) {
            word = word.lowercased()
            isName = tag == "NNP"
        }
        let found = entry(word, in: gold) ?? (isName ? nil : entry(word, in: silver))
        var sounds: Phonemes?
        switch found {
        case .one(let phonemes): sounds = phonemes
        case .byTag(let readings): sounds = Self.reading(readings, tag: tag, context)
        case nil: sounds = nil
        }
        if sounds.map({ isName && !$0.contains(Stress.primary) }) ?? true, let letters = spelled(word) {
            return letters
        }
        return sounds.map { Stress.apply(stress, to: $0) }
    }

    private static func reading(
        _ readings: [String: Phonemes?], tag: String?, _ context: EnglishContext?
    ) -> Phonemes? {
        if let context, context.vowelFollows == nil, let beforePause = readings["None"] { return beforePause }
        if let tag, let exact = readings[tag] { return exact }
        if let tag, let general = readings[generalTag(tag)] { return general }
        return readings["DEFAULT"] ?? nil
    }

    static func generalTag(_ tag: String) -> String {
        if tag.hasPrefix("VB") { return "VERB" }
        if tag.hasPrefix("NN") { return "NOUN" }
        if tag.hasPrefix("RB") || tag.hasPrefix("ADV") { return "ADV" }
        return tag.hasPrefix("JJ") || tag.hasPrefix("ADJ") ? "ADJ" : tag
    }

    static let symbolWords = ["%": "percent", "&": "and", "+": "plus", "@": "at"]

    /// A word with its own rules, with endings or as listed; `nil` when the lexicon cannot read it.
    func word(_ original: String, tag: String, stress: Double?, _ context: EnglishContext) -> Phonemes? {
        if let special = specialCase(original, tag: tag, stress: stress, context) { return special }
        let word = readsInLowerCase(original, tag: tag) ? original.lowercased() : original
        if isKnown(word) { return lookup(word, tag: tag, stress: stress, context) }
        if word.hasSuffix("s'"), isKnown(word.dropLast(2) + "'s") {
            return lookup(word.dropLast(2) + "'s", tag: tag, stress: stress, context)
        }
        if word.hasSuffix("'"), isKnown(String(word.dropLast())) {
            return lookup(String(word.dropLast()), tag: tag, stress: stress, context)
        }
        return withEnding(word, tag: tag, stress: stress, context)
    }

    /// A capitalised or shouted word that is only listed in lower case is read as that, unless it is a short name.
    private func readsInLowerCase(_ word: String, tag: String) -> Bool {
        let scalars = word.unicodeScalars
        guard scalars.count > 1, word.filter({ $0 != "'" }).isAllLetters, !word.isLower,
            tag != "NNP" || scalars.count > 7, !isListed(word),
            word.isUpper || String(word.dropFirst()).isLower
        else { return false }
        let lower = word.lowercased()
        return isListed(lower) || withEnding(lower, tag: tag, stress: nil, EnglishContext()) != nil
    }

    private func specialCase(
        _ word: String, tag: String, stress: Double?, _ context: EnglishContext
    ) -> Phonemes? {
        if tag == "ADD", word == "." { return lookup("dot", tag: nil, stress: -0.5, context) }
        if tag == "ADD", word == "/" { return lookup("slash", tag: nil, stress: -0.5, context) }
        if let name = Self.symbolWords[word] { return lookup(name, tag: nil, stress: nil, context) }
        if Self.isDotted(word) { return spelled(word) }
        let isShouted = word.isUpper
        switch word.lowercased() {
        case "a": return Phonemes(tag == "DT" ? "ɐ" : "ˈA")
        case "am":
            if tag.hasPrefix("NN") { return spelled(word) }
            let isWeak = context.vowelFollows != nil && word == "am" && (stress ?? 0) <= 0
            return isWeak ? Phonemes("ɐm") : lookup("am", tag: nil, stress: nil, nil)
        case "an": return isShouted && tag.hasPrefix("NN") ? spelled(word) : Phonemes("ɐn")
        case "i" where isShouted && tag == "PRP": return Phonemes("ˌI")
        case "by" where Self.generalTag(tag) == "ADV": return Phonemes("bˈI")
        case "to" where !isShouted || tag == "TO" || tag == "IN":
            guard let vowel = context.vowelFollows else { return lookup("to", tag: nil, stress: nil, nil) }
            return Phonemes(vowel ? "tʊ" : "tə")
        case "in" where !isShouted || tag != "NNP":
            return Phonemes(context.vowelFollows == nil || tag != "IN" ? "ˈɪn" : "ɪn")
        case "the" where !isShouted || tag == "DT": return Phonemes(context.vowelFollows == true ? "ði" : "ðə")
        case "vs" where tag == "IN", "vs." where tag == "IN":
            return lookup("versus", tag: nil, stress: nil, context)
        case "used":
            let isHabit = (tag == "VBD" || tag == "JJ") && context.toFollows
            return lookup("used", tag: isHabit ? "VBD" : "DEFAULT", stress: nil, nil)
        default: return nil
        }
    }

    /// Initials with points: "U.S.", "e.g.".
    private static func isDotted(_ word: String) -> Bool {
        let parts = word.split(separator: ".")
        return parts.count > 1 && parts.allSatisfy { $0.count < 3 && String($0).isAllLetters }
    }
}
