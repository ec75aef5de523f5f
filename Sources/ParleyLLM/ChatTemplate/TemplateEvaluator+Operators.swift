extension TemplateEvaluator {
    mutating func compare(
        _ first: TemplateExpression, _ rest: [(String, TemplateExpression)]
    ) throws(LLMError) -> TemplateValue {
        var left = try evaluate(first)
        for (symbol, expression) in rest {
            let right = try evaluate(expression)
            guard try holds(symbol, left, right) else { return false }
            left = right
        }
        return true
    }

    func holds(_ symbol: String, _ left: TemplateValue, _ right: TemplateValue) throws(LLMError) -> Bool {
        switch symbol {
        case "==": return left.equals(right)
        case "!=": return !left.equals(right)
        case "in": return try contains(right, left)
        case "not in": return !(try contains(right, left))
        default: break
        }
        let order: Int
        if let left = left.double, let right = right.double {
            order = left < right ? -1 : left > right ? 1 : 0
        } else if case .string(let left) = left, case .string(let right) = right {
            let isBefore = left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
            order = isBefore ? -1 : left.unicodeScalars.elementsEqual(right.unicodeScalars) ? 0 : 1
        } else {
            throw failure("values of kind \(left.kind) and \(right.kind) have no order")
        }
        switch symbol {
        case "<": return order < 0
        case "<=": return order <= 0
        case ">": return order > 0
        default: return order >= 0
        }
    }

    private func contains(_ whole: TemplateValue, _ part: TemplateValue) throws(LLMError) -> Bool {
        switch (whole, part) {
        case (.string(let text), .string(let part)): return TemplateText.range(of: part, in: text) != nil
        case (.list(let values), _): return values.contains { $0.equals(part) }
        case (.dictionary(let dictionary), .string(let key)): return dictionary[key] != nil
        case (.dictionary, _): return false
        case (.undefined, _): return false
        default: throw failure("a value of kind \(whole.kind) cannot contain one of kind \(part.kind)")
        }
    }

    func negate(_ value: TemplateValue) throws(LLMError) -> TemplateValue {
        if let value = value.integer, value != Int.min { return .integer(-value) }
        if let value = value.double { return .number(-value) }
        throw failure("a value of kind \(value.kind) has no negative")
    }

    mutating func arithmetic(
        _ symbol: String, _ left: TemplateValue, _ right: TemplateValue
    ) throws(LLMError) -> TemplateValue {
        switch (symbol, left, right) {
        case ("~", _, _): return try joined(left.text, right.text)
        case ("+", .string(let left), .string(let right)): return try joined(left, right)
        case ("+", .list(let left), .list(let right)):
            try charge(16 * (left.count + right.count))
            return .list(left + right)
        case ("*", .string(let text), _) where right.integer != nil: return try repeated(text, right.integer ?? 0)
        case ("*", _, .string(let text)) where left.integer != nil: return try repeated(text, left.integer ?? 0)
        case ("%", .string, _): throw unsupported("formatting with '%'")
        default: break
        }
        if symbol != "/", let left = left.integer, let right = right.integer {
            return try whole(symbol, left, right)
        }
        guard let first = left.double, let second = right.double else {
            throw failure("'\(symbol)' does not work on \(left.kind) and \(right.kind)")
        }
        return try real(symbol, first, second)
    }

    private mutating func joined(_ left: String, _ right: String) throws(LLMError) -> TemplateValue {
        try charge(left.utf8.count + right.utf8.count)
        return .string(left + right)
    }

    private mutating func repeated(_ text: String, _ count: Int) throws(LLMError) -> TemplateValue {
        let count = max(0, count)
        let (size, overflow) = text.utf8.count.multipliedReportingOverflow(by: count)
        try charge(overflow ? Self.maximumBytes + 1 : size)
        return .string(String(repeating: text, count: text.isEmpty ? 0 : count))
    }

    private func whole(_ symbol: String, _ left: Int, _ right: Int) throws(LLMError) -> TemplateValue {
        let result: (partialValue: Int, overflow: Bool)
        switch symbol {
        case "+": result = left.addingReportingOverflow(right)
        case "-": result = left.subtractingReportingOverflow(right)
        case "*": result = left.multipliedReportingOverflow(by: right)
        case "//", "%":
            guard right != 0 else { throw failure("a division by zero") }
            var (quotient, overflow) = left.dividedReportingOverflow(by: right)
            var remainder = overflow ? 0 : left % right
            if remainder != 0, (remainder < 0) != (right < 0) {
                quotient -= 1
                remainder += right
            }
            if symbol == "%" { overflow = false }
            result = (symbol == "//" ? quotient : remainder, overflow)
        default: throw unsupported("the operator '\(symbol)'")
        }
        guard !result.overflow else { throw failure("a number is too large") }
        return .integer(result.partialValue)
    }

    private func real(_ symbol: String, _ left: Double, _ right: Double) throws(LLMError) -> TemplateValue {
        switch symbol {
        case "+": return .number(left + right)
        case "-": return .number(left - right)
        case "*": return .number(left * right)
        case "/", "//", "%":
            guard right != 0 else { throw failure("a division by zero") }
            if symbol == "/" { return .number(left / right) }
            let quotient = (left / right).rounded(.down)
            return .number(symbol == "//" ? quotient : left - quotient * right)
        default: throw unsupported("the operator '\(symbol)'")
        }
    }
}
