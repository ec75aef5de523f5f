/// The sounds of American English in the alphabet of the voice, and where their stress lies.
enum Stress {
    static let primary: Unicode.Scalar = "ˈ"
    static let secondary: Unicode.Scalar = "ˌ"
    static let vowels = Set("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ".unicodeScalars)
    static let consonants = Set("bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ".unicodeScalars)
    private static let long = Set("AIOQWYʤʧ".unicodeScalars)

    /// How much a stretch of phonemes weighs when words compete for stress.
    static func weight(_ phonemes: Phonemes) -> Int {
        phonemes.reduce(0) { $0 + (long.contains($1) ? 2 : 1) }
    }

    /// Raises or lowers the stress of a word.
    /// - Parameter level: below -1 removes all, -1 makes the primary secondary, 0 and ±0.5 weaken or give a secondary,
    ///   1 and above raise; `nil` leaves the word as it is.
    static func apply(_ level: Double?, to phonemes: Phonemes) -> Phonemes {
        guard let level else { return phonemes }
        let hasPrimary = phonemes.contains(primary)
        let hasSecondary = phonemes.contains(secondary)
        if level < -1 { return phonemes.filter { $0 != primary && $0 != secondary } }
        if level == -1 || (hasPrimary && (level == 0 || level == -0.5)) {
            return phonemes.filter { $0 != secondary }.map { $0 == primary ? secondary : $0 }
        }
        if !hasPrimary, !hasSecondary, level >= 0 {
            return marked(phonemes, level > 1 ? primary : secondary)
        }
        if level >= 1, !hasPrimary, hasSecondary {
            return phonemes.map { $0 == secondary ? primary : $0 }
        }
        return phonemes
    }

    /// The mark goes before the first vowel; without a vowel there is none.
    private static func marked(_ phonemes: Phonemes, _ mark: Unicode.Scalar) -> Phonemes {
        guard let vowel = phonemes.firstIndex(where: vowels.contains) else { return phonemes }
        var result = phonemes
        result.insert(mark, at: vowel)
        return result
    }
}
