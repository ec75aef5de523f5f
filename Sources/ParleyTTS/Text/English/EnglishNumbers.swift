/// English words for numbers, with "and" after hundreds and hyphens in tens: "one hundred and twenty-three".
package enum EnglishNumbers {
    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let scales = [
        "", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion",
    ]
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    package static func cardinal(_ number: Int) -> String {
        if number < 0 { return "minus " + cardinal(-number) }
        var groups: [String] = []
        var rest = number
        for scale in scales where rest > 0 {
            if rest % 1_000 > 0 { groups.insert(belowThousand(rest % 1_000) + scale, at: 0) }
            rest /= 1_000
        }
        guard let last = groups.last else { return small[0] }
        if groups.count > 1, number % 1_000 > 0, number % 1_000 < 100 {
            return groups.dropLast().joined(separator: ", ") + " and " + last
        }
        return groups.joined(separator: ", ")
    }

    /// "twenty-third", "one hundred and first".
    package static func ordinal(_ number: Int) -> String {
        let words = cardinal(number)
        let start = words.lastIndex { $0 == " " || $0 == "-" }.map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[start...])
        let head = words[..<start]
        if let irregular = irregularOrdinals[last] { return head + irregular }
        return head + (last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th")
    }

    /// A year as it is said: "nineteen eighty-four", "two thousand and five", "twenty ten".
    package static func year(_ number: Int) -> String {
        let century = number / 100
        let rest = number % 100
        if century == 0 || century >= 100 || (century % 10 == 0 && rest < 10) { return cardinal(number) }
        if rest == 0 { return cardinal(century) + " hundred" }
        return cardinal(century) + (rest < 10 ? " oh-" : " ") + cardinal(rest)
    }

    /// Digits with one point: "3.14" gives "three point one four".
    package static func decimal(_ text: String) -> String {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = cardinal(Int(parts[0]) ?? 0)
        guard parts.count > 1 else { return whole }
        var digits = Array(parts[1].unicodeScalars)
        while digits.last == "0" { digits.removeLast() }
        return digits.isEmpty ? whole : whole + " point " + digits.map { small[$0.digit] }.joined(separator: " ")
    }

    private static func belowThousand(_ number: Int) -> String {
        var words: [String] = []
        if number >= 100 { words.append(small[number / 100] + " hundred") }
        let rest = number % 100
        if rest >= 20 {
            words.append(tens[rest / 10] + (rest % 10 > 0 ? "-" + small[rest % 10] : ""))
        } else if rest > 0 {
            words.append(small[rest])
        }
        return words.joined(separator: " and ")
    }
}
