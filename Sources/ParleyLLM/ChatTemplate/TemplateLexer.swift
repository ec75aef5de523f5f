/// A word of the template language inside `{{ }}` or `{% %}`.
struct TemplateToken: Equatable {
    enum Kind: Equatable {
        case name(String)
        case string(String)
        case integer(Int)
        case number(Double)
        case symbol(String)
        case end
    }

    var kind: Kind
    var line: Int
}

/// A stretch of the template.
enum TemplateSegment {
    case text(String)
    /// `{{ … }}`
    case output([TemplateToken])
    /// `{% … %}`
    case statement([TemplateToken])
}

/// Cuts a template into text, outputs and statements, with Jinja's whitespace control.
///
/// The environment is the one chat templates are written for: `trim_blocks` and `lstrip_blocks` are on, the last newline
/// of the source is dropped. Source: Jinja 3.1 documentation, "Whitespace Control".
struct TemplateLexer {
    private let source: [UInt8]
    private var position = 0
    private var line = 1
    private var segments: [TemplateSegment] = []

    private init(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == .newline, previous == .carriageReturn { bytes.removeLast() }
            bytes.append(byte)
            previous = byte
        }
        if bytes.last == .newline { bytes.removeLast() }
        source = bytes
    }

    static func segments(of text: String) throws(LLMError) -> [TemplateSegment] {
        var lexer = TemplateLexer(text)
        try lexer.run()
        return lexer.segments
    }

    private mutating func run() throws(LLMError) {
        // How the tag before the text ended.
        var before = TagEnd.none
        while position < source.count {
            let start = position
            let opening = findTag()
            var text = Array(source[start..<position])
            before.trim(&text)
            guard let opening else {
                append(text)
                break
            }
            let marker = position + 2 < source.count ? source[position + 2] : 0
            if marker == UInt8(ascii: "-") {
                while text.last.map(\.isSpace) == true { text.removeLast() }
            } else if opening != UInt8(ascii: "{"), marker != UInt8(ascii: "+") {
                stripIndentation(of: &text, isLineStart: start == 0 || before == .newlineTrimmed)
            }
            append(text)
            countLines(from: start, to: position)
            position += 2
            if marker == UInt8(ascii: "-") || marker == UInt8(ascii: "+") { position += 1 }
            before = try readTag(opening)
        }
    }

    private enum TagEnd: Equatable {
        case none
        /// `-%}`: all white space after it goes.
        case trimmed
        /// `%}`: one newline after it goes.
        case newline
        /// The newline after the tag went: the text begins a line.
        case newlineTrimmed

        mutating func trim(_ text: inout [UInt8]) {
            switch self {
            case .trimmed:
                text.removeFirst(text.prefix { $0.isSpace }.count)
            case .newline where text.first == .newline:
                text.removeFirst()
                self = .newlineTrimmed
            default: break
            }
        }
    }

    /// Moves to the next tag; its second character, `nil` at the end of the source.
    private mutating func findTag() -> UInt8? {
        while position < source.count {
            if source[position] == UInt8(ascii: "{"), position + 1 < source.count {
                let next = source[position + 1]
                if next == UInt8(ascii: "{") || next == UInt8(ascii: "%") || next == UInt8(ascii: "#") { return next }
            }
            position += 1
        }
        return nil
    }

    /// Removes spaces and tabs between the start of the line and a block tag.
    private func stripIndentation(of text: inout [UInt8], isLineStart: Bool) {
        var kept = text.count
        while kept > 0, text[kept - 1] == UInt8(ascii: " ") || text[kept - 1] == UInt8(ascii: "\t") { kept -= 1 }
        if kept > 0 ? text[kept - 1] == .newline : isLineStart { text.removeLast(text.count - kept) }
    }

    private mutating func append(_ text: [UInt8]) {
        if !text.isEmpty { segments.append(.text(String(decoding: text, as: UTF8.self))) }
    }

    private mutating func countLines(from start: Int, to end: Int) {
        for index in start..<end where source[index] == .newline { line += 1 }
    }

    private mutating func readTag(_ opening: UInt8) throws(LLMError) -> TagEnd {
        if opening == UInt8(ascii: "#") { return try skipComment() }
        let isOutput = opening == UInt8(ascii: "{")
        let close = isOutput ? UInt8(ascii: "}") : UInt8(ascii: "%")
        var tokens: [TemplateToken] = []
        // Brackets that are open: `}}` inside a dictionary does not end the tag.
        var depth = 0
        while true {
            skipSpace()
            guard position < source.count else {
                throw LLMError(
                    .templateInvalid, "The chat template is invalid: line \(line) opens a tag that never ends.")
            }
            if depth == 0, let end = closing(close) {
                segments.append(isOutput ? .output(tokens) : .statement(tokens))
                return isOutput && end == .newline ? .none : end
            }
            let token = try readToken()
            if case .symbol(let symbol) = token.kind {
                if "([{".contains(symbol) { depth += 1 }
                if ")]}".contains(symbol) { depth -= 1 }
            }
            tokens.append(token)
        }
    }

    private mutating func closing(_ close: UInt8) -> TagEnd? {
        var end = position
        var result = TagEnd.newline
        if source[end] == UInt8(ascii: "-") || source[end] == UInt8(ascii: "+") {
            result = source[end] == UInt8(ascii: "-") ? .trimmed : .none
            end += 1
        }
        guard end + 1 < source.count, source[end] == close, source[end + 1] == UInt8(ascii: "}") else { return nil }
        position = end + 2
        return result
    }

    private mutating func skipComment() throws(LLMError) -> TagEnd {
        let start = position
        while position + 1 < source.count {
            if source[position] == UInt8(ascii: "#"), source[position + 1] == UInt8(ascii: "}") {
                let mark = source[position - 1]
                countLines(from: start, to: position)
                position += 2
                return mark == UInt8(ascii: "-") ? .trimmed : mark == UInt8(ascii: "+") ? .none : .newline
            }
            position += 1
        }
        throw LLMError(.templateInvalid, "The chat template is invalid: line \(line) opens a comment that never ends.")
    }

    private mutating func skipSpace() {
        while position < source.count, source[position].isSpace {
            if source[position] == .newline { line += 1 }
            position += 1
        }
    }

    private mutating func readToken() throws(LLMError) -> TemplateToken {
        let first = source[position]
        if first.isNameStart { return TemplateToken(kind: .name(take { $0.isNameStart || $0.isDigit }), line: line) }
        if first.isDigit { return try readNumber() }
        if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") { return try readString(first) }
        if position + 1 < source.count {
            let pair = String(decoding: source[position...(position + 1)], as: UTF8.self)
            if ["==", "!=", "<=", ">=", "//", "**"].contains(pair) {
                position += 2
                return TemplateToken(kind: .symbol(pair), line: line)
            }
        }
        let symbol = String(decoding: [first], as: UTF8.self)
        guard "+-*/%~<>=()[]{}.,:|".contains(symbol) else {
            throw LLMError(.templateInvalid, "The chat template is invalid: unexpected '\(symbol)' in line \(line).")
        }
        position += 1
        return TemplateToken(kind: .symbol(symbol), line: line)
    }

    private mutating func readNumber() throws(LLMError) -> TemplateToken {
        let whole = take { $0.isDigit || $0 == UInt8(ascii: "_") }.filter { $0 != "_" }
        if position + 1 < source.count, source[position] == UInt8(ascii: "."), source[position + 1].isDigit {
            position += 1
            let fraction = take { $0.isDigit }
            if let value = Double("\(whole).\(fraction)") { return TemplateToken(kind: .number(value), line: line) }
        } else if let value = Int(whole) {
            return TemplateToken(kind: .integer(value), line: line)
        }
        throw LLMError(.templateInvalid, "The chat template is invalid: line \(line) has a number that is too large.")
    }

    private mutating func readString(_ quote: UInt8) throws(LLMError) -> TemplateToken {
        let start = line
        var bytes: [UInt8] = []
        position += 1
        while position < source.count, source[position] != quote {
            if source[position] == .newline { line += 1 }
            if source[position] == UInt8(ascii: "\\"), position + 1 < source.count {
                position += 1
                try appendEscape(to: &bytes)
            } else {
                bytes.append(source[position])
                position += 1
            }
        }
        guard position < source.count else {
            throw LLMError(
                .templateInvalid, "The chat template is invalid: line \(start) opens a string that never ends.")
        }
        position += 1
        return TemplateToken(kind: .string(String(decoding: bytes, as: UTF8.self)), line: start)
    }

    private mutating func appendEscape(to bytes: inout [UInt8]) throws(LLMError) {
        let letter = source[position]
        position += 1
        switch letter {
        case UInt8(ascii: "n"): bytes.append(.newline)
        case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "r"): bytes.append(.carriageReturn)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): bytes.append(letter)
        case .newline: line += 1
        case UInt8(ascii: "u"), UInt8(ascii: "x"):
            let digits = letter == UInt8(ascii: "u") ? 4 : 2
            let end = min(position + digits, source.count)
            guard let value = UInt32(String(decoding: source[position..<end], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            else {
                throw LLMError(.templateInvalid, "The chat template is invalid: bad escape in line \(line).")
            }
            position = end
            bytes.append(contentsOf: String(Character(scalar)).utf8)
        default: bytes.append(contentsOf: [UInt8(ascii: "\\"), letter])
        }
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> String {
        let start = position
        while position < source.count, isPart(source[position]) { position += 1 }
        return String(decoding: source[start..<position], as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate static let newline = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
    fileprivate var isSpace: Bool { self == 32 || (9...13).contains(self) }
    fileprivate var isDigit: Bool { (48...57).contains(self) }
    fileprivate var isNameStart: Bool { (65...90).contains(self) || (97...122).contains(self) || self == 95 }
}
