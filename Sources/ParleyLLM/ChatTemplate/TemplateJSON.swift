/// Writes a value as JSON the way the chat templates of published models expect it: Python's `json.dumps` with
/// `ensure_ascii=False`.
enum TemplateJSON {
    static func text(of value: TemplateValue, indent: Int?, line: Int) throws(LLMError) -> String {
        var writer = Writer(indent: indent, line: line)
        try writer.write(value, depth: 0)
        return writer.text
    }

    private struct Writer {
        let indent: Int?
        let line: Int
        var text = ""

        mutating func write(_ value: TemplateValue, depth: Int) throws(LLMError) {
            guard depth < 64 else { throw failure("JSON nested more than 64 deep") }
            switch value {
            case .none: text += "null"
            case .boolean(let flag): text += flag ? "true" : "false"
            case .integer(let number): text += String(number)
            case .number(let number): text += TemplateValue.python(number)
            case .string(let string): quote(string)
            case .list(let values):
                if values.isEmpty { return text += "[]" }
                text += "["
                for (index, value) in values.enumerated() {
                    separate(index, depth)
                    try write(value, depth: depth + 1)
                }
                close("]", depth)
            case .dictionary(let dictionary):
                if dictionary.entries.isEmpty { return text += "{}" }
                text += "{"
                for (index, entry) in dictionary.entries.enumerated() {
                    separate(index, depth)
                    quote(entry.key)
                    text += ": "
                    try write(entry.value, depth: depth + 1)
                }
                close("}", depth)
            case .undefined, .namespace, .macro, .function: throw failure("\(value.kind) cannot be written as JSON")
            }
        }

        private mutating func separate(_ index: Int, _ depth: Int) {
            if let indent {
                text += (index > 0 ? ",\n" : "\n") + String(repeating: " ", count: max(0, indent) * (depth + 1))
            } else if index > 0 {
                text += ", "
            }
        }

        private mutating func close(_ bracket: String, _ depth: Int) {
            if let indent { text += "\n" + String(repeating: " ", count: max(0, indent) * depth) }
            text += bracket
        }

        private mutating func quote(_ string: String) {
            text += "\""
            for scalar in string.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\n": text += "\\n"
                case "\r": text += "\\r"
                case "\t": text += "\\t"
                case "\u{8}": text += "\\b"
                case "\u{c}": text += "\\f"
                case _ where scalar.value < 0x20:
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                default: text.unicodeScalars.append(scalar)
                }
            }
            text += "\""
        }

        private func failure(_ reason: String) -> LLMError {
            LLMError(.templateInvalid, "The chat template failed in line \(line): \(reason).")
        }
    }
}
