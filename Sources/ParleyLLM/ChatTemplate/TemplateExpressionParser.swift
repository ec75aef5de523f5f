/// Reads the expression inside one tag. Precedence as in Jinja 3.1, `parser.py`.
struct TemplateExpressionParser {
    private let tokens: [TemplateToken]
    private var position = 0
    private var depth = 0
    private static let maximumDepth = 100

    init(_ tokens: [TemplateToken]) { self.tokens = tokens }

    private var kind: TemplateToken.Kind { position < tokens.count ? tokens[position].kind : .end }
    private var line: Int { (position < tokens.count ? tokens[position] : tokens.last)?.line ?? 1 }

    // MARK: words

    mutating func take(symbol: String) -> Bool {
        guard kind == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    mutating func take(name: String) -> Bool {
        guard kind == .name(name) else { return false }
        position += 1
        return true
    }

    mutating func takeName() throws(LLMError) -> String {
        guard case .name(let name) = kind else { throw invalid("a name is missing") }
        position += 1
        return name
    }

    mutating func expect(symbol: String) throws(LLMError) {
        guard take(symbol: symbol) else { throw invalid("'\(symbol)' is missing") }
    }

    mutating func expect(name: String) throws(LLMError) {
        guard take(name: name) else { throw invalid("'\(name)' is missing") }
    }

    func expectEnd() throws(LLMError) {
        guard kind == .end else { throw invalid("the tag goes on after its end") }
    }

    /// Names that `set` or `for` assign to.
    mutating func targets() throws(LLMError) -> [String] {
        let isTuple = take(symbol: "(")
        var names = [try takeName()]
        while take(symbol: ",") { names.append(try takeName()) }
        if isTuple { try expect(symbol: ")") }
        return names
    }

    // MARK: expressions

    /// One expression, or several with commas, which make a list.
    mutating func tuple() throws(LLMError) -> TemplateExpression {
        let first = try expression()
        guard kind == .symbol(",") else { return first }
        var values = [first]
        while take(symbol: ",") {
            if kind == .end { break }
            values.append(try expression())
        }
        return .list(values)
    }

    mutating func expression(withConditional: Bool = true) throws(LLMError) -> TemplateExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw invalid("an expression is nested too deep") }
        var value = try or()
        while withConditional, take(name: "if") {
            let condition = try or()
            let otherwise = take(name: "else") ? try expression() : nil
            value = .conditional(condition, then: value, else: otherwise)
        }
        return value
    }

    private mutating func or() throws(LLMError) -> TemplateExpression {
        var value = try and()
        while take(name: "or") { value = .or(value, try and()) }
        return value
    }

    private mutating func and() throws(LLMError) -> TemplateExpression {
        var value = try not()
        while take(name: "and") { value = .and(value, try not()) }
        return value
    }

    private mutating func not() throws(LLMError) -> TemplateExpression {
        var negations = 0
        while take(name: "not") { negations += 1 }
        var value = try comparison()
        for _ in 0..<negations { value = .not(value) }
        return value
    }

    private mutating func comparison() throws(LLMError) -> TemplateExpression {
        let first = try sum()
        var rest: [(String, TemplateExpression)] = []
        while let operation = comparisonOperator() { rest.append((operation, try sum())) }
        return rest.isEmpty ? first : .compare(first, rest)
    }

    private mutating func comparisonOperator() -> String? {
        for symbol in ["==", "!=", "<=", ">=", "<", ">"] where take(symbol: symbol) { return symbol }
        if take(name: "in") { return "in" }
        if kind == .name("not"), position + 1 < tokens.count, tokens[position + 1].kind == .name("in") {
            position += 2
            return "not in"
        }
        return nil
    }

    private mutating func sum() throws(LLMError) -> TemplateExpression {
        var value = try joined()
        while let symbol = operation(["+", "-"]) { value = .arithmetic(symbol, value, try joined()) }
        return value
    }

    private mutating func joined() throws(LLMError) -> TemplateExpression {
        var value = try product()
        while take(symbol: "~") { value = .arithmetic("~", value, try product()) }
        return value
    }

    private mutating func product() throws(LLMError) -> TemplateExpression {
        var value = try unary()
        while let symbol = operation(["*", "//", "/", "%", "**"]) { value = .arithmetic(symbol, value, try unary()) }
        return value
    }

    private mutating func operation(_ symbols: [String]) -> String? { symbols.first { take(symbol: $0) } }

    private mutating func unary(withFilters: Bool = true) throws(LLMError) -> TemplateExpression {
        var signs: [Bool] = []
        while let sign = operation(["-", "+"]) { signs.append(sign == "-") }
        var value = try postfix(try primary())
        for isNegative in signs.reversed() where isNegative { value = .negative(value) }
        return withFilters ? try filtersAndTests(value) : value
    }

    private mutating func primary() throws(LLMError) -> TemplateExpression {
        let current = kind
        position += 1
        switch current {
        case .string(var text):
            while case .string(let more) = kind {
                text += more
                position += 1
            }
            return .literal(.string(text))
        case .integer(let value): return .literal(.integer(value))
        case .number(let value): return .literal(.number(value))
        case .name("true"), .name("True"): return .literal(.boolean(true))
        case .name("false"), .name("False"): return .literal(.boolean(false))
        case .name("none"), .name("None"): return .literal(.none)
        case .name(let name): return .name(name)
        case .symbol("("):
            if take(symbol: ")") { return .list([]) }
            let value = try group()
            try expect(symbol: ")")
            return value
        case .symbol("["): return .list(try values(until: "]"))
        case .symbol("{"): return try dictionary()
        default:
            position -= 1
            throw invalid("a value is missing")
        }
    }

    /// What stands between round brackets.
    private mutating func group() throws(LLMError) -> TemplateExpression {
        let first = try expression()
        guard take(symbol: ",") else { return first }
        var values = [first]
        while kind != .symbol(")") {
            values.append(try expression())
            if !take(symbol: ",") { break }
        }
        return .list(values)
    }

    private mutating func values(until close: String) throws(LLMError) -> [TemplateExpression] {
        var values: [TemplateExpression] = []
        while !take(symbol: close) {
            if !values.isEmpty {
                try expect(symbol: ",")
                if take(symbol: close) { break }
            }
            values.append(try expression())
        }
        return values
    }

    private mutating func dictionary() throws(LLMError) -> TemplateExpression {
        var entries: [(TemplateExpression, TemplateExpression)] = []
        while !take(symbol: "}") {
            if !entries.isEmpty {
                try expect(symbol: ",")
                if take(symbol: "}") { break }
            }
            let key = try expression()
            try expect(symbol: ":")
            entries.append((key, try expression()))
        }
        return .dictionary(entries)
    }

    private mutating func postfix(_ start: TemplateExpression) throws(LLMError) -> TemplateExpression {
        var value = start
        while true {
            if take(symbol: ".") {
                if case .integer(let index) = kind {
                    position += 1
                    value = .item(value, .literal(.integer(index)))
                } else {
                    value = .attribute(value, try takeName())
                }
            } else if take(symbol: "[") {
                value = try subscripted(value)
            } else if take(symbol: "(") {
                value = .call(value, try arguments())
            } else {
                return value
            }
        }
    }

    private mutating func subscripted(_ value: TemplateExpression) throws(LLMError) -> TemplateExpression {
        var parts: [TemplateExpression?] = [nil]
        var isSlice = false
        while !take(symbol: "]") {
            if take(symbol: ":") {
                isSlice = true
                parts.append(nil)
            } else {
                guard parts[parts.count - 1] == nil else { throw invalid("']' is missing") }
                parts[parts.count - 1] = try expression()
            }
        }
        if isSlice {
            parts += Array(repeating: nil, count: max(0, 3 - parts.count))
            return .slice(value, from: parts[0], to: parts[1], step: parts[2])
        }
        guard let index = parts[0] else { throw invalid("an index is missing") }
        return .item(value, index)
    }

    /// Arguments after an opening bracket.
    private mutating func arguments() throws(LLMError) -> TemplateArguments {
        var arguments = TemplateArguments()
        var isFirst = true
        while !take(symbol: ")") {
            if !isFirst {
                try expect(symbol: ",")
                if take(symbol: ")") { break }
            }
            isFirst = false
            if case .name(let name) = kind, position + 1 < tokens.count, tokens[position + 1].kind == .symbol("=") {
                position += 2
                arguments.named.append((name, try expression()))
            } else {
                arguments.positional.append(try expression())
            }
        }
        return arguments
    }

    private mutating func filtersAndTests(_ start: TemplateExpression) throws(LLMError) -> TemplateExpression {
        var value = start
        while true {
            if take(symbol: "|") {
                value = try filter(over: value)
            } else if take(name: "is") {
                value = try test(value)
            } else if take(symbol: "(") {
                value = .call(value, try arguments())
            } else {
                return value
            }
        }
    }

    private mutating func filter(over value: TemplateExpression) throws(LLMError) -> TemplateExpression {
        let name = try takeName()
        return .filter(name, value, take(symbol: "(") ? try arguments() : TemplateArguments())
    }

    /// The filters of a `{% filter %}` tag, applied to a value.
    mutating func filterChain(over value: TemplateExpression) throws(LLMError) -> TemplateExpression {
        var value = try filter(over: value)
        while take(symbol: "|") { value = try filter(over: value) }
        return value
    }

    private mutating func test(_ value: TemplateExpression) throws(LLMError) -> TemplateExpression {
        let isNegated = take(name: "not")
        let name: String
        if let symbol = operation(["==", "!=", "<=", ">=", "<", ">"]) { name = symbol } else { name = try takeName() }
        var arguments = TemplateArguments()
        if take(symbol: "(") {
            arguments = try self.arguments()
        } else if startsArgument {
            arguments.positional.append(try postfix(try primary()))
        }
        let test = TemplateExpression.test(name, value, arguments)
        return isNegated ? .not(test) : test
    }

    /// Whether the next word can be the argument of a test without brackets: `is divisibleby 2`.
    private var startsArgument: Bool {
        switch kind {
        case .name(let name): !["else", "or", "and", "is", "if", "not", "in", "recursive"].contains(name)
        case .string, .integer, .number: true
        case .symbol(let symbol): symbol == "[" || symbol == "{"
        case .end: false
        }
    }

    private func invalid(_ reason: String) -> LLMError {
        LLMError(.templateInvalid, "The chat template is invalid: \(reason), line \(line).")
    }
}
