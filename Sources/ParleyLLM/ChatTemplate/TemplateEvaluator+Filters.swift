extension TemplateEvaluator {
    /// Applies a filter: `value | name`.
    mutating func filter(
        _ name: String, _ value: TemplateValue, _ call: TemplateCall
    ) throws(LLMError) -> TemplateValue {
        switch name {
        case "default", "d":
            let replaces = call.value(1, "boolean")?.isTrue == true ? !value.isTrue : !value.isDefined
            return replaces ? call.value(0, "default_value") ?? "" : value
        case "trim": return .string(TemplateText.strip(value.text, call.value(0, "chars")?.text))
        case "upper": return .string(value.text.uppercased())
        case "lower": return .string(value.text.lowercased())
        case "capitalize": return .string(TemplateText.capitalize(value.text))
        case "string", "safe": return .string(value.text)
        case "replace":
            guard call.positional.count >= 2 else { throw failure("the filter 'replace' needs two arguments") }
            let count = call.value(2, "count")?.integer
            let text = TemplateText.replace(value.text, call.positional[0].text, call.positional[1].text, count: count)
            try charge(text.utf8.count)
            return .string(text)
        case "indent":
            let first = call.value(1, "first")?.isTrue ?? false
            return .string(TemplateText.indent(value.text, call.value(0, "width")?.integer ?? 4, first: first))
        case "tojson":
            let text = try TemplateJSON.text(of: value, indent: call.value(named: "indent")?.integer, line: line)
            try charge(text.utf8.count)
            return .string(text)
        case "int": return .integer(Self.whole(value) ?? call.value(0, "default")?.integer ?? 0)
        case "float": return .number(value.double ?? Double(value.text) ?? 0)
        case "abs":
            guard let number = value.double else { throw failure("the filter 'abs' needs a number") }
            return number < 0 ? try negate(value) : value
        default: return try listFilter(name, value, call)
        }
    }

    private static func whole(_ value: TemplateValue) -> Int? {
        if let whole = value.integer { return whole }
        if case .number(let number) = value { return Int(exactly: number.rounded(.towardZero)) }
        return Int(TemplateText.strip(value.text))
    }

    private mutating func listFilter(
        _ name: String, _ value: TemplateValue, _ call: TemplateCall
    ) throws(LLMError) -> TemplateValue {
        switch name {
        case "length", "count":
            if case .string(let text) = value { return .integer(text.unicodeScalars.count) }
            return .integer(try elements(of: value).count)
        case "list": return .list(try elements(of: value))
        case "first": return try elements(of: value).first ?? .undefined("first")
        case "last": return try elements(of: value).last ?? .undefined("last")
        case "reverse":
            if case .string(let text) = value {
                return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
            }
            return .list(try elements(of: value).reversed())
        case "unique":
            var kept: [TemplateValue] = []
            for item in try elements(of: value) where !kept.contains(where: { $0.equals(item) }) { kept.append(item) }
            return .list(kept)
        case "join":
            let attribute = call.value(1, "attribute")?.text
            var texts: [String] = []
            for item in try elements(of: value) { texts.append(try member(attribute, of: item).text) }
            let text = texts.joined(separator: call.value(0, "d")?.text ?? "")
            try charge(text.utf8.count)
            return .string(text)
        case "items":
            guard value.isDefined else { return .list([]) }
            return try method("items", of: value, TemplateCall())
        case "map": return try map(value, call)
        case "select", "reject", "selectattr", "rejectattr": return try select(name, value, call)
        default: throw unsupported("the filter '\(name)'")
        }
    }

    /// Elements of a value; none for `none`, which Jinja's selecting filters accept.
    private func optionalElements(of value: TemplateValue) throws(LLMError) -> [TemplateValue] {
        if case .none = value { return [] }
        return try elements(of: value)
    }

    private func member(_ name: String?, of item: TemplateValue) throws(LLMError) -> TemplateValue {
        guard let name else { return item }
        guard case .dictionary(let dictionary) = item else { return .undefined(name) }
        return dictionary[name] ?? .undefined(name)
    }

    private mutating func map(_ value: TemplateValue, _ call: TemplateCall) throws(LLMError) -> TemplateValue {
        var result: [TemplateValue] = []
        for item in try optionalElements(of: value) {
            if let attribute = call.value(named: "attribute") {
                let found = try member(attribute.text, of: item)
                result.append(found.isDefined ? found : call.value(named: "default") ?? found)
            } else {
                guard case .string(let filter)? = call.positional.first else { throw failure("'map' needs a filter") }
                let rest = TemplateCall(positional: Array(call.positional.dropFirst()), named: call.named)
                result.append(try self.filter(filter, item, rest))
            }
        }
        return .list(result)
    }

    private func select(_ name: String, _ value: TemplateValue, _ call: TemplateCall) throws(LLMError) -> TemplateValue
    {
        let usesAttribute = name.hasSuffix("attr")
        let isKept = name.hasPrefix("select")
        var arguments = call.positional
        var attribute: String?
        if usesAttribute {
            guard !arguments.isEmpty else { throw failure("the filter '\(name)' needs the name of an attribute") }
            attribute = arguments.removeFirst().text
        }
        let test = arguments.isEmpty ? nil : arguments.removeFirst().text
        var result: [TemplateValue] = []
        for item in try optionalElements(of: value) {
            let subject = try member(attribute, of: item)
            let holds: Bool
            if let test {
                holds = try self.test(test, subject, TemplateCall(positional: arguments))
            } else {
                holds = subject.isTrue
            }
            if holds == isKept { result.append(item) }
        }
        return .list(result)
    }
}
