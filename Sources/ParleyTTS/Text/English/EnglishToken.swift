/// A word or a mark of English text on its way to phonemes.
struct EnglishToken {
    var text: String
    /// Part of speech, Penn Treebank.
    var tag: String
    /// White space follows.
    var hasSpace: Bool
    /// Index of its first scalar in the normalised text.
    var position: Int
    var phonemes: Phonemes?
    /// Begins a word: numbers inside a word are read digit by digit.
    var isHead = true
    /// Reads as this text instead.
    var alias: String?
    /// The currency sign that stood before the number.
    var currency: String?
    /// A space is spoken between this part of a word and the one before.
    var isApart = false

    /// One token for several parts of a word: the tag is that of the weightiest part.
    static func merged(_ parts: ArraySlice<EnglishToken>) -> EnglishToken {
        var result = parts[parts.startIndex]
        var best = -1
        var text = ""
        for (index, part) in zip(parts.indices, parts) {
            let weight = part.text.unicodeScalars.reduce(0) { $0 + ($1.properties.isUppercase ? 2 : 1) }
            if weight > best {
                best = weight
                result.tag = part.tag
            }
            text += part.text
            if part.hasSpace, index < parts.endIndex - 1 { text += " " }
            result.hasSpace = part.hasSpace
            result.currency = part.currency ?? result.currency
        }
        result.text = text
        result.alias = nil
        result.phonemes = nil
        return result
    }
}
