/// Python's string methods, over Unicode scalars.
enum TemplateText {
    /// Removes white space, or the given characters, from the ends.
    static func strip(_ text: String, _ characters: String? = nil, left: Bool = true, right: Bool = true) -> String {
        let set = characters.map { Set($0.unicodeScalars) }
        func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
            set?.contains(scalar) ?? (scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value))
        }
        var scalars = Substring(text).unicodeScalars
        if left { scalars = scalars.drop(while: isRemoved) }
        while right, let last = scalars.last, isRemoved(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// First place of a text in another, by scalars.
    static func range(of part: String, in text: String, from start: String.Index? = nil) -> Range<String.Index>? {
        let bytes = text.utf8
        let wanted = Array(part.utf8)
        var index = start ?? text.startIndex
        if wanted.isEmpty { return index..<index }
        while let found = bytes[index...].firstIndex(of: wanted[0]) {
            if bytes[found...].starts(with: wanted) { return found..<bytes.index(found, offsetBy: wanted.count) }
            index = bytes.index(after: found)
        }
        return nil
    }

    static func replace(_ text: String, _ old: String, _ new: String, count: Int? = nil) -> String {
        guard !old.isEmpty else { return text }
        var result = ""
        var start = text.startIndex
        var left = count ?? Int.max
        while left > 0, let found = range(of: old, in: text, from: start) {
            result += text[start..<found.lowerBound]
            result += new
            start = found.upperBound
            left -= 1
        }
        return result + text[start...]
    }

    /// Pieces between separators, or between runs of white space.
    static func split(_ text: String, _ separator: String?, maximum: Int?) -> [String] {
        let limit = maximum.flatMap { $0 < 0 ? nil : $0 } ?? Int.max
        guard let separator, !separator.isEmpty else { return words(text, limit) }
        var pieces: [String] = []
        var start = text.startIndex
        while pieces.count < limit, let found = range(of: separator, in: text, from: start) {
            pieces.append(String(text[start..<found.lowerBound]))
            start = found.upperBound
        }
        return pieces + [String(text[start...])]
    }

    private static func words(_ text: String, _ limit: Int) -> [String] {
        var pieces: [String] = []
        var rest = strip(text, right: false)
        while !rest.isEmpty {
            guard pieces.count < limit,
                let end = rest.unicodeScalars.firstIndex(where: { $0.properties.isWhitespace })
            else {
                pieces.append(strip(rest, left: false))
                break
            }
            pieces.append(String(rest[..<end]))
            rest = strip(String(rest[end...]), right: false)
        }
        return pieces
    }

    static func startsWith(_ text: String, _ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

    static func endsWith(_ text: String, _ suffix: String) -> Bool {
        text.utf8.reversed().starts(with: suffix.utf8.reversed())
    }

    static func capitalize(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst().lowercased() }

    /// Indents every line but the first, and empty ones, as Jinja's filter does.
    static func indent(_ text: String, _ width: Int, first: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            (index == 0 ? first : !line.isEmpty) ? space + line : String(line)
        }.joined(separator: "\n")
    }
}
