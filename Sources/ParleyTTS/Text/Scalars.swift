/// Text as an array: indexed in constant time by the scanners of this target.
package typealias Scalars = [Unicode.Scalar]

/// Phonemes in the alphabet of the voice, one scalar each, stress marks before the vowel.
package typealias Phonemes = [Unicode.Scalar]

extension Array where Element == Unicode.Scalar {
    package init(_ text: String) {
        self = Array(text.unicodeScalars)
    }

    package var string: String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: self)
        return String(result)
    }

    func has(_ text: String, at index: Int) -> Bool {
        var position = index
        for scalar in text.unicodeScalars {
            guard position < count, self[position] == scalar else { return false }
            position += 1
        }
        return true
    }

    /// The scalar at an index; `nil` outside.
    func at(_ index: Int) -> Unicode.Scalar? {
        indices.contains(index) ? self[index] : nil
    }
}

extension Unicode.Scalar {
    var isDigit: Bool { (48...57).contains(value) }

    var digit: Int { Int(value) - 48 }

    var isLetter: Bool {
        if value < 128 { return (65...90).contains(value) || (97...122).contains(value) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    /// A letter, a digit or an underscore.
    var isWord: Bool { isLetter || isDigit || self == "_" || (value >= 128 && properties.numericType != nil) }

    var isSpace: Bool { value == 32 || (9...13).contains(value) || (value >= 128 && properties.isWhitespace) }

    var isUpperLatin: Bool { (65...90).contains(value) || ((0xC0...0xDE).contains(value) && value != 0xD7) }

    var isLowerLatin: Bool { (97...122).contains(value) || ((0xDF...0xFF).contains(value) && value != 0xF7) }

    var isApostrophe: Bool { self == "'" || self == "\u{2018}" || self == "\u{2019}" }
}

extension String {
    /// Only letters, and at least one.
    var isAllLetters: Bool { !isEmpty && unicodeScalars.allSatisfy(\.isLetter) }

    /// Only ASCII digits, and at least one.
    var isAllDigits: Bool { !isEmpty && unicodeScalars.allSatisfy(\.isDigit) }

    var isLower: Bool { self == lowercased() }

    var isUpper: Bool { self == uppercased() }

    /// First letter upper case, the others lower case.
    var capitalised: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
