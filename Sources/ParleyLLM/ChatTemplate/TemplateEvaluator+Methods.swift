extension TemplateEvaluator {
    /// Calls a method of a value: those of Python's strings, mappings and lists that chat templates use.
    func method(_ name: String, of receiver: TemplateValue, _ call: TemplateCall) throws(LLMError) -> TemplateValue {
        switch receiver {
        case .string(let text): return try stringMethod(name, text, call)
        case .dictionary(let dictionary): return try dictionaryMethod(name, dictionary, call)
        case .undefined(let missing): throw failure("'\(missing)' is undefined and has no '\(name)'")
        default: throw unsupported("the method '\(name)' of a value of kind \(receiver.kind)")
        }
    }

    private func stringMethod(_ name: String, _ text: String, _ call: TemplateCall) throws(LLMError) -> TemplateValue {
        let first = call.positional.first
        switch name {
        case "strip": return .string(TemplateText.strip(text, first?.text))
        case "lstrip": return .string(TemplateText.strip(text, first?.text, right: false))
        case "rstrip": return .string(TemplateText.strip(text, first?.text, left: false))
        case "upper": return .string(text.uppercased())
        case "lower": return .string(text.lowercased())
        case "capitalize": return .string(TemplateText.capitalize(text))
        case "startswith": return .boolean(try anyOf(first) { TemplateText.startsWith(text, $0) })
        case "endswith": return .boolean(try anyOf(first) { TemplateText.endsWith(text, $0) })
        case "split":
            let separator: String? = if case .string(let value)? = call.value(0, "sep") { value } else { nil }
            let pieces = TemplateText.split(text, separator, maximum: call.value(1, "maxsplit")?.integer)
            return .list(pieces.map { .string($0) })
        case "splitlines":
            let lines = TemplateText.split(text, "\n", maximum: nil)
            return .list((lines.last == "" ? lines.dropLast() : lines[...]).map { .string($0) })
        case "replace":
            guard call.positional.count >= 2 else { throw failure("'replace' needs two arguments") }
            let count = call.value(2, "count")?.integer
            return .string(TemplateText.replace(text, call.positional[0].text, call.positional[1].text, count: count))
        case "find":
            let found = TemplateText.range(of: first?.text ?? "", in: text)
            return .integer(found.map { text.unicodeScalars.distance(from: text.startIndex, to: $0.lowerBound) } ?? -1)
        case "count":
            guard let part = first?.text, !part.isEmpty else { throw failure("'count' needs an argument") }
            return .integer(TemplateText.split(text, part, maximum: nil).count - 1)
        case "join": return .string(try elements(of: first ?? .none).map(\.text).joined(separator: text))
        default: throw unsupported("the string method '\(name)'")
        }
    }

    /// Whether a test holds for a string or for one of a list of them.
    private func anyOf(_ value: TemplateValue?, _ holds: (String) -> Bool) throws(LLMError) -> Bool {
        switch value {
        case .string(let text)?: return holds(text)
        case .list(let values)?: return values.contains { holds($0.text) }
        default: throw failure("a string is needed")
        }
    }

    private func dictionaryMethod(
        _ name: String, _ dictionary: TemplateDictionary, _ call: TemplateCall
    ) throws(LLMError) -> TemplateValue {
        switch name {
        case "items": return .list(dictionary.entries.map { .list([.string($0.key), $0.value]) })
        case "keys": return .list(dictionary.entries.map { .string($0.key) })
        case "values": return .list(dictionary.entries.map(\.value))
        case "get":
            guard case .string(let key)? = call.positional.first else { return .none }
            return dictionary[key] ?? call.value(1, "default") ?? .none
        default: throw unsupported("the mapping method '\(name)'")
        }
    }

    /// Applies a test: `value is name`.
    func test(_ name: String, _ value: TemplateValue, _ call: TemplateCall) throws(LLMError) -> Bool {
        if let symbol = Self.comparisons[name] {
            guard let other = call.positional.first else { throw failure("the test '\(name)' needs a value") }
            return try holds(symbol, value, other)
        }
        switch (name, value) {
        case ("defined", _): return value.isDefined
        case ("undefined", _): return !value.isDefined
        case ("none", .none), ("string", .string), ("mapping", .dictionary), ("boolean", .boolean): return true
        case ("integer", .integer), ("float", .number), ("number", .integer), ("number", .number): return true
        case ("number", .boolean), ("callable", .macro), ("callable", .function): return true
        case ("sequence", .list), ("sequence", .string), ("sequence", .dictionary): return true
        case ("iterable", .list), ("iterable", .string), ("iterable", .dictionary), ("iterable", .undefined):
            return true
        case ("true", .boolean(let flag)): return flag
        case ("false", .boolean(let flag)): return !flag
        case ("odd", _), ("even", _):
            guard let number = value.integer else { throw failure("the test '\(name)' needs a whole number") }
            return number.isMultiple(of: 2) == (name == "even")
        case ("divisibleby", _):
            guard let number = value.integer, let divisor = call.positional.first?.integer, divisor != 0 else {
                throw failure("the test '\(name)' needs whole numbers")
            }
            return number.isMultiple(of: divisor)
        default:
            guard Self.kindTests.contains(name) else { throw unsupported("the test '\(name)'") }
            return false
        }
    }

    private static let comparisons = [
        "==": "==", "eq": "==", "equalto": "==", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", "lessthan": "<",
        "<=": "<=", "le": "<=", ">": ">", "gt": ">", "greaterthan": ">", ">=": ">=", "ge": ">=", "in": "in",
    ]

    private static let kindTests: Set<String> = [
        "none", "string", "mapping", "boolean", "integer", "float", "number", "callable", "sequence", "iterable",
        "true",
        "false",
    ]
}
