/// Takes out of a reply what is meant for the eye: Markdown, emoji, code fences, addresses in full.
package enum ReplyCleaner {
    /// The text to speak; each scalar keeps its place in the original.
    package static func clean(_ text: String) -> TracedText {
        let source = Scalars(text)
        var result = TracedText()
        var index = 0
        var isLineStart = true
        while index < source.count {
            if isLineStart, let marker = lineMarker(source, at: index) {
                index += marker
                isLineStart = false
                continue
            }
            if let address = address(source, at: index) {
                result.append(address.words, from: index)
                index += address.length
                continue
            }
            if let link = link(source, at: index) {
                for place in link.label { result.append(source[place], from: place) }
                index = link.end
                continue
            }
            let scalar = source[index]
            if scalar == "\n" || scalar == "\r" {
                endLine(&result, from: index)
                isLineStart = true
            } else if !isDecoration(source, at: index) {
                result.append(isPictogram(scalar) ? " " : scalar, from: index)
                isLineStart = isLineStart && scalar.isSpace
            }
            index += 1
        }
        return result
    }

    /// A line that ends without a mark ends as a sentence does.
    private static func endLine(_ result: inout TracedText, from origin: Int) {
        let last = result.scalars.last { !$0.isSpace }
        if let last, last.isWord || last == ")" { result.append(".", from: origin) }
        result.append(" ", from: origin)
    }

    /// Length of a heading, quotation, bullet or fence at the start of a line.
    private static func lineMarker(_ text: Scalars, at index: Int) -> Int? {
        if text.has("```", at: index) {
            return text[index...].firstIndex(of: "\n").map { $0 - index } ?? text.count - index
        }
        for mark in ["#", ">", "-", "*", "+", "•"] as [Unicode.Scalar] where text[index] == mark {
            let run = text[index...].prefix { $0 == mark }.count
            guard run == 1 || mark == "#" || mark == ">" else { return nil }
            return text.at(index + run) == " " ? run + 1 : nil
        }
        return nil
    }

    /// `[label](target)`: the label is read.
    private static func link(_ text: Scalars, at index: Int) -> (label: Range<Int>, end: Int)? {
        let start = text[index] == "!" ? index + 1 : index
        guard text.at(start) == "[", let close = text[start...].firstIndex(of: "]"), text.at(close + 1) == "(",
            let end = text[close...].firstIndex(of: ")")
        else { return nil }
        return (start + 1..<close, end + 1)
    }

    /// Emphasis and code marks. An asterisk between numbers is multiplication and stays.
    private static func isDecoration(_ text: Scalars, at index: Int) -> Bool {
        switch text[index] {
        case "`": return true
        case "*":
            let isProduct = text.at(index + 1).map { $0.isDigit || $0 == " " } == true
            return !(isProduct && index > 0 && (text[index - 1].isDigit || text[index - 1] == " "))
        case "_": return index == 0 || !text[index - 1].isWord || text.at(index + 1)?.isWord != true
        case "~": return text.at(index + 1) == "~" || (index > 0 && text[index - 1] == "~")
        default: return false
        }
    }

    private static func isPictogram(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x200B else { return false }
        switch scalar.value {
        case 0x200B...0x200F, 0x2060, 0xFE00...0xFE0F, 0xFEFF, 0x1F000...0x1FAFF, 0xE0000...0xE007F: return true
        case 0x20E3, 0x2600...0x27BF, 0x2B00...0x2BFF: return true
        default: return scalar.properties.isEmojiPresentation
        }
    }

    // MARK: Addresses

    /// A web or mail address, read as its name: "example dot com".
    private static func address(_ text: Scalars, at index: Int) -> (words: String, length: Int)? {
        guard index == 0 || !text[index - 1].isWord, text[index].isWord else { return nil }
        var chunk = text[index...].prefix { !$0.isSpace && !"<>\"()[]".unicodeScalars.contains($0) }
        while let last = chunk.last, ".,;:!?'".unicodeScalars.contains(last) { chunk.removeLast() }
        let written = Array(chunk).string
        if let name = hostName(written) { return (spoken(name), chunk.count) }
        let halves = written.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty, halves[1].contains("."), !halves[1].hasPrefix(".") else {
            return nil
        }
        return (spoken(String(halves[0])) + " at " + spoken(String(halves[1])), chunk.count)
    }

    private static func hostName(_ text: String) -> String? {
        var rest = Substring(text)
        let scheme = ["https://", "http://", "ftp://"].first { text.lowercased().hasPrefix($0) }
        if let scheme { rest = rest.dropFirst(scheme.count) }
        let isBare = rest.lowercased().hasPrefix("www.")
        guard scheme != nil || isBare else { return nil }
        if isBare { rest = rest.dropFirst(4) }
        return String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != ":" })
    }

    private static func spoken(_ name: String) -> String {
        var words = ""
        for character in name {
            switch character {
            case ".": words += " dot "
            case "-": words += " dash "
            case "_": words += " underscore "
            case "+": words += " plus "
            default: words.append(character)
            }
        }
        return words
    }
}
