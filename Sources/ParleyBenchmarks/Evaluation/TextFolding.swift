internal import Foundation

/// Text as it is compared: Unicode NFKC, lower case, apostrophes removed, everything but letters, marks and numbers made
/// a space, white space collapsed. Accents stay; number words and digits stay different.
package enum TextFolding {
    private static let removed: Set<Unicode.Scalar> = ["’", "'", "`"]

    package static func fold(_ text: String) -> String {
        words(text).joined(separator: " ")
    }

    package static func words(_ text: String) -> [String] {
        var folded = String.UnicodeScalarView()
        for scalar in text.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars
        where !removed.contains(scalar) {
            folded.append(isKept(scalar) ? scalar : " ")
        }
        return String(folded).split(separator: " ").map(String.init)
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
