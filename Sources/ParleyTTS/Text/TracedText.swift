/// Text under rewriting that remembers where each scalar comes from, so that sounds can be traced to the words written.
package struct TracedText: Equatable {
    package private(set) var scalars: Scalars = []
    /// For each scalar the index in the original text it stands for; never falls.
    package private(set) var origins: [Int] = []

    init() {}

    package init(_ text: String) {
        scalars = Scalars(text)
        origins = Array(scalars.indices)
    }

    package var string: String { scalars.string }

    mutating func append(_ scalar: Unicode.Scalar, from origin: Int) {
        scalars.append(scalar)
        origins.append(origin)
    }

    mutating func append(_ text: String, from origin: Int) {
        for scalar in text.unicodeScalars { append(scalar, from: origin) }
    }

    mutating func removeLast() {
        scalars.removeLast()
        origins.removeLast()
    }

    /// White space runs become one space, none stays at the ends or before punctuation.
    func tidied() -> TracedText {
        var result = TracedText()
        for (scalar, origin) in zip(scalars, origins) {
            if scalar.isSpace {
                if let last = result.scalars.last, last != " " { result.append(" ", from: origin) }
            } else {
                if Self.closing.contains(scalar), result.scalars.last == " " { result.removeLast() }
                result.append(scalar, from: origin)
            }
        }
        if result.scalars.last == " " { result.removeLast() }
        return result
    }

    private static let closing: Set<Unicode.Scalar> = [",", ".", ";", ":", "!", "?"]
}
