/// Words that are read as a listed stem and -s, -ed or -ing.
extension EnglishLexicon {
    private static let voiceless = Set("ptkfθ".unicodeScalars)
    private static let sibilants = Set("szʃʒʧʤ".unicodeScalars)
    private static let voicelessBeforeEd = Set("pkfθʃsʧ".unicodeScalars)
    /// After these a t before a weak vowel is flapped in American English.
    private static let flapping = Set("AIOWYiuæɑəɛɪɹʊʌ".unicodeScalars)
    private static let doubling = Set("bcdgklmnprstvxz".unicodeScalars)

    func withEnding(_ word: String, tag: String, stress: Double?, _ context: EnglishContext) -> Phonemes? {
        if let stem = stemOfS(word) {
            return lookup(stem, tag: tag, stress: stress, context).flatMap(Self.addingS)
        }
        if let stem = stemOfEd(word) {
            return lookup(stem, tag: tag, stress: stress, context).flatMap(Self.addingEd)
        }
        if let stem = stemOfIng(word) {
            return lookup(stem, tag: tag, stress: stress ?? 0.5, context).flatMap(Self.addingIng)
        }
        return nil
    }

    private func known(_ word: Substring, _ addition: String = "") -> String? {
        let stem = word + addition
        return isKnown(String(stem)) ? String(stem) : nil
    }

    private func stemOfS(_ word: String) -> String? {
        guard word.count >= 3, word.hasSuffix("s") else { return nil }
        if !word.hasSuffix("ss"), let stem = known(word.dropLast()) { return stem }
        let isLong = word.count > 4
        if word.hasSuffix("'s") || (isLong && word.hasSuffix("es") && !word.hasSuffix("ies")),
            let stem = known(word.dropLast(2))
        {
            return stem
        }
        return isLong && word.hasSuffix("ies") ? known(word.dropLast(3), "y") : nil
    }

    private func stemOfEd(_ word: String) -> String? {
        guard word.count >= 4, word.hasSuffix("d") else { return nil }
        if !word.hasSuffix("dd"), let stem = known(word.dropLast()) { return stem }
        let isRegular = word.count > 4 && word.hasSuffix("ed") && !word.hasSuffix("eed")
        return isRegular ? known(word.dropLast(2)) : nil
    }

    private func stemOfIng(_ word: String) -> String? {
        guard word.count >= 5, word.hasSuffix("ing") else { return nil }
        if word.count > 5, let stem = known(word.dropLast(3)) { return stem }
        if let stem = known(word.dropLast(3), "e") { return stem }
        let letters = Scalars(word)
        let last = letters[letters.count - 4]
        let isDoubled = last == letters[letters.count - 5] && Self.doubling.contains(last)
        return word.count > 5 && (isDoubled || word.hasSuffix("cking")) ? known(word.dropLast(4)) : nil
    }

    static func addingS(_ stem: Phonemes) -> Phonemes? {
        guard let last = stem.last else { return nil }
        if voiceless.contains(last) { return stem + ["s"] }
        return sibilants.contains(last) ? stem + ["ᵻ", "z"] : stem + ["z"]
    }

    static func addingEd(_ stem: Phonemes) -> Phonemes? {
        guard let last = stem.last else { return nil }
        if voicelessBeforeEd.contains(last) { return stem + ["t"] }
        if last == "d" { return stem + ["ᵻ", "d"] }
        if last != "t" { return stem + ["d"] }
        guard stem.count > 1 else { return stem + ["ɪ", "d"] }
        return isFlapped(stem) ? stem.dropLast() + ["ɾ", "ᵻ", "d"] : stem + ["ᵻ", "d"]
    }

    static func addingIng(_ stem: Phonemes) -> Phonemes? {
        guard !stem.isEmpty else { return nil }
        return isFlapped(stem) ? stem.dropLast() + ["ɾ", "ɪ", "ŋ"] : stem + ["ɪ", "ŋ"]
    }

    private static func isFlapped(_ stem: Phonemes) -> Bool {
        stem.count > 1 && stem.last == "t" && flapping.contains(stem[stem.count - 2])
    }
}
