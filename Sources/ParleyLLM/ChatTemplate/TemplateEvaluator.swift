/// Runs the statements of a template over given values, within limits, without access to anything else.
struct TemplateEvaluator {
    /// Steps that one rendering may take; a conversation of a thousand messages needs about 50,000.
    static let maximumSteps = 1_000_000
    /// Bytes of text that one rendering may make, intermediate strings included.
    static let maximumBytes = 16 << 20
    private static let maximumCalls = 32

    private enum Flow {
        case normal
        case leave
        case proceed
    }

    private struct Macro {
        var definition: TemplateMacro
        /// Scopes that the macro sees: those around its definition.
        var scopes: Int
    }

    private var scopes: [[String: TemplateValue]]
    private var namespaces: [TemplateDictionary] = []
    private var macros: [Macro] = []
    private var output = ""
    private var steps = 0
    private var bytes = 0
    private var calls = 0
    private(set) var line = 1

    private init(_ values: [String: TemplateValue]) { scopes = [values] }

    static func render(
        _ statements: [TemplateStatement], with values: [String: TemplateValue]
    ) throws(LLMError) -> String {
        var evaluator = TemplateEvaluator(values)
        _ = try evaluator.run(statements)
        return evaluator.output
    }

    // MARK: statements

    private mutating func run(_ statements: [TemplateStatement]) throws(LLMError) -> Flow {
        for statement in statements {
            line = statement.line
            try step()
            let flow = try run(statement)
            if flow != .normal { return flow }
        }
        return .normal
    }

    private mutating func run(_ statement: TemplateStatement) throws(LLMError) -> Flow {
        switch statement.kind {
        case .text(let text): try write(text)
        case .output(let expression): try write(try evaluate(expression).text)
        case .branch(let branches, let otherwise):
            for (condition, body) in branches where try evaluate(condition).isTrue { return try run(body) }
            return try run(otherwise)
        case .loop(let loop): try run(loop)
        case .set(let targets, let expression): try assign(try evaluate(expression), to: targets)
        case .setAttribute(let name, let attribute, let expression):
            let value = try evaluate(expression)
            guard case .namespace(let index) = lookUp(name) else {
                throw failure("only a namespace's attributes can be set, '\(name)' is none")
            }
            namespaces[index][attribute] = value
        case .setBlock(let name, let body): define(name, .string(try capture(body)))
        case .macro(let macro):
            macros.append(Macro(definition: macro, scopes: scopes.count))
            define(macro.name, .macro(macros.count - 1))
        case .filterBlock(let expression, let body):
            scopes.append([TemplateParser.filterInput: .string(try capture(body))])
            defer { scopes.removeLast() }
            try write(try evaluate(expression).text)
        case .leave: return .leave
        case .proceed: return .proceed
        }
        return .normal
    }

    private mutating func run(_ loop: TemplateLoop) throws(LLMError) {
        var items = try elements(of: try evaluate(loop.values))
        scopes.append([:])
        defer { scopes.removeLast() }
        if let condition = loop.condition {
            var kept: [TemplateValue] = []
            for item in items {
                try assign(item, to: loop.targets)
                if try evaluate(condition).isTrue { kept.append(item) }
            }
            items = kept
        }
        for (index, item) in items.enumerated() {
            scopes[scopes.count - 1] = ["loop": Self.loopVariable(index, items)]
            try assign(item, to: loop.targets)
            try step()
            if try run(loop.body) == .leave { break }
        }
        if items.isEmpty { _ = try run(loop.otherwise) }
    }

    private static func loopVariable(_ index: Int, _ items: [TemplateValue]) -> TemplateValue {
        let last = items.count - 1
        return .dictionary(
            TemplateDictionary([
                ("index", .integer(index + 1)), ("index0", .integer(index)),
                ("revindex", .integer(last - index + 1)), ("revindex0", .integer(last - index)),
                ("first", .boolean(index == 0)), ("last", .boolean(index == last)), ("length", .integer(items.count)),
                ("previtem", index > 0 ? items[index - 1] : .undefined("previtem")),
                ("nextitem", index < last ? items[index + 1] : .undefined("nextitem")),
            ]))
    }

    private mutating func capture(_ body: [TemplateStatement]) throws(LLMError) -> String {
        let before = output
        output = ""
        _ = try run(body)
        defer { output = before }
        return output
    }

    // MARK: names

    private func lookUp(_ name: String) -> TemplateValue {
        for scope in scopes.reversed() { if let value = scope[name] { return value } }
        return TemplateFunctions.names.contains(name) ? .function(name) : .undefined(name)
    }

    private mutating func define(_ name: String, _ value: TemplateValue) { scopes[scopes.count - 1][name] = value }

    private mutating func assign(_ value: TemplateValue, to targets: [String]) throws(LLMError) {
        if targets.count == 1 { return define(targets[0], value) }
        let values = try elements(of: value)
        guard values.count == targets.count else {
            throw failure("\(values.count) values cannot be given to \(targets.count) names")
        }
        for (name, value) in zip(targets, values) { define(name, value) }
    }

    // MARK: expressions

    mutating func evaluate(_ expression: TemplateExpression) throws(LLMError) -> TemplateValue {
        try step()
        switch expression {
        case .literal(let value): return value
        case .name(let name): return lookUp(name)
        case .attribute(let base, let name): return try attribute(name, of: try evaluate(base))
        case .item(let base, let index): return try item(try evaluate(index), of: try evaluate(base))
        case .slice(let base, let from, let to, let step): return try slice(try evaluate(base), from, to, step)
        case .call(let callee, let arguments): return try call(callee, arguments)
        case .filter(let name, let input, let arguments):
            return try filter(name, try evaluate(input), try evaluate(arguments))
        case .test(let name, let input, let arguments):
            return .boolean(try test(name, try evaluate(input), try evaluate(arguments)))
        case .not(let value): return .boolean(!(try evaluate(value).isTrue))
        case .negative(let value): return try negate(try evaluate(value))
        case .and(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? try evaluate(right) : value
        case .or(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? value : try evaluate(right)
        case .compare(let first, let rest): return try compare(first, rest)
        case .arithmetic(let symbol, let left, let right):
            return try arithmetic(symbol, try evaluate(left), try evaluate(right))
        case .conditional(let condition, let then, let otherwise):
            if try evaluate(condition).isTrue { return try evaluate(then) }
            return try otherwise.map { (value) throws(LLMError) in try evaluate(value) } ?? .undefined("else")
        case .list(let values): return .list(try evaluate(values))
        case .dictionary(let entries): return try dictionary(entries)
        }
    }

    private mutating func evaluate(_ expressions: [TemplateExpression]) throws(LLMError) -> [TemplateValue] {
        var values: [TemplateValue] = []
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    private mutating func evaluate(_ arguments: TemplateArguments) throws(LLMError) -> TemplateCall {
        var call = TemplateCall(positional: try evaluate(arguments.positional))
        for (name, expression) in arguments.named { call.named.append((name, try evaluate(expression))) }
        return call
    }

    private mutating func dictionary(
        _ entries: [(TemplateExpression, TemplateExpression)]
    ) throws(LLMError) -> TemplateValue {
        var dictionary = TemplateDictionary()
        for (key, value) in entries {
            guard case .string(let key) = try evaluate(key) else {
                throw unsupported("a mapping with keys that are not strings")
            }
            dictionary[key] = try evaluate(value)
        }
        return .dictionary(dictionary)
    }

    private func attribute(_ name: String, of base: TemplateValue) throws(LLMError) -> TemplateValue {
        switch base {
        case .undefined(let missing): throw failure("'\(missing)' is undefined and has no '\(name)'")
        case .dictionary(let dictionary): return dictionary[name] ?? .undefined(name)
        case .namespace(let index): return namespaces[index][name] ?? .undefined(name)
        default: return .undefined(name)
        }
    }

    private func item(_ index: TemplateValue, of base: TemplateValue) throws(LLMError) -> TemplateValue {
        switch (base, index) {
        case (.undefined(let missing), _): throw failure("'\(missing)' is undefined and has no '\(index.text)'")
        case (.list(let values), _):
            guard let wanted = index.integer else { return .undefined(index.text) }
            let position = wanted < 0 ? values.count + wanted : wanted
            return values.indices.contains(position) ? values[position] : .undefined(index.text)
        case (.string(let text), _):
            guard let wanted = index.integer else { return .undefined(index.text) }
            let scalars = Array(text.unicodeScalars)
            let position = wanted < 0 ? scalars.count + wanted : wanted
            return scalars.indices.contains(position)
                ? .string(String(Character(scalars[position]))) : .undefined(index.text)
        case (_, .string(let name)): return try attribute(name, of: base)
        default: return .undefined(index.text)
        }
    }

    private mutating func slice(
        _ base: TemplateValue, _ from: TemplateExpression?, _ to: TemplateExpression?, _ by: TemplateExpression?
    ) throws(LLMError) -> TemplateValue {
        let bounds = [try bound(from), try bound(to), try bound(by)]
        switch base {
        case .list(let values): return .list(try pick(values, bounds))
        case .string(let text):
            var result = String.UnicodeScalarView()
            result.append(contentsOf: try pick(Array(text.unicodeScalars), bounds))
            return .string(String(result))
        default: throw failure("a value of kind \(base.kind) cannot be sliced")
        }
    }

    private mutating func bound(_ expression: TemplateExpression?) throws(LLMError) -> Int? {
        guard let expression else { return nil }
        let value = try evaluate(expression)
        if case .none = value { return nil }
        guard let bound = value.integer else { throw failure("a slice needs whole numbers") }
        return bound
    }

    /// Elements of a slice, bounds as in Python.
    private func pick<Element>(_ values: [Element], _ bounds: [Int?]) throws(LLMError) -> [Element] {
        let by = bounds[2] ?? 1
        guard by != 0 else { throw failure("the step of a slice is 0") }
        let range = by > 0 ? (0, values.count) : (-1, values.count - 1)
        func clamp(_ bound: Int?, _ missing: Int) -> Int {
            guard let bound else { return missing }
            return min(max(bound < 0 ? bound + values.count : bound, range.0), range.1)
        }
        let start = clamp(bounds[0], by > 0 ? 0 : values.count - 1)
        let end = clamp(bounds[1], by > 0 ? values.count : -1)
        return stride(from: start, to: end, by: by).map { values[$0] }
    }

    // MARK: calls

    private mutating func call(
        _ callee: TemplateExpression, _ arguments: TemplateArguments
    ) throws(LLMError) -> TemplateValue {
        if case .attribute(let base, let name) = callee {
            let receiver = try evaluate(base)
            let call = try evaluate(arguments)
            if case .macro(let index) = (try? attribute(name, of: receiver)) ?? .none { return try invoke(index, call) }
            return try method(name, of: receiver, call)
        }
        let function = try evaluate(callee)
        let call = try evaluate(arguments)
        switch function {
        case .macro(let index): return try invoke(index, call)
        case .function("namespace"):
            var start = TemplateDictionary()
            if case .dictionary(let given)? = call.positional.first { start = given }
            for (name, value) in call.named { start[name] = value }
            namespaces.append(start)
            return .namespace(namespaces.count - 1)
        case .function(let name): return try TemplateFunctions.call(name, call, line: line)
        case .undefined(let name): throw unsupported("the function '\(name)'")
        default: throw failure("a value of kind \(function.kind) cannot be called")
        }
    }

    private mutating func invoke(_ index: Int, _ call: TemplateCall) throws(LLMError) -> TemplateValue {
        let macro = macros[index]
        calls += 1
        defer { calls -= 1 }
        guard calls <= Self.maximumCalls else { throw limit("calls nested more than \(Self.maximumCalls) deep") }
        let parameters = macro.definition.parameters
        guard call.positional.count <= parameters.count else {
            throw failure("the macro '\(macro.definition.name)' takes \(parameters.count) arguments at most")
        }
        let around = scopes
        scopes = Array(scopes.prefix(macro.scopes)) + [[:]]
        defer { scopes = around }
        for (position, parameter) in parameters.enumerated() {
            if let value = call.value(position, parameter.name) {
                define(parameter.name, value)
            } else if let fallback = parameter.value {
                define(parameter.name, try evaluate(fallback))
            } else {
                define(parameter.name, .undefined(parameter.name))
            }
        }
        return .string(try capture(macro.definition.body))
    }

    // MARK: limits and errors

    private mutating func step() throws(LLMError) {
        steps += 1
        if steps > Self.maximumSteps { throw limit("more than \(Self.maximumSteps) steps") }
    }

    private mutating func write(_ text: String) throws(LLMError) {
        try charge(text.utf8.count)
        output += text
    }

    /// Counts text that is made against the limit.
    mutating func charge(_ count: Int) throws(LLMError) {
        bytes += count
        if bytes > Self.maximumBytes { throw limit("more than \(Self.maximumBytes >> 20) MiB of text") }
    }

    /// What a loop or an unpacking goes through.
    func elements(of value: TemplateValue) throws(LLMError) -> [TemplateValue] {
        switch value {
        case .list(let values): return values
        case .undefined: return []
        case .dictionary(let dictionary): return dictionary.entries.map { .string($0.key) }
        case .string(let text): return text.unicodeScalars.map { .string(String(Character($0))) }
        default: throw failure("a value of kind \(value.kind) has no elements")
        }
    }

    func failure(_ reason: String) -> LLMError {
        LLMError(.templateInvalid, "The chat template failed in line \(line): \(reason).")
    }

    func unsupported(_ what: String) -> LLMError {
        LLMError(.templateUnsupported, "The chat template uses \(what) in line \(line), which is not supported.")
    }

    private func limit(_ what: String) -> LLMError {
        LLMError(.templateLimit, "The chat template was stopped in line \(line): \(what).")
    }
}

/// Arguments of a call, evaluated.
struct TemplateCall {
    var positional: [TemplateValue] = []
    var named: [(String, TemplateValue)] = []

    /// The argument at a position or of a name.
    func value(_ position: Int, _ name: String) -> TemplateValue? {
        position < positional.count ? positional[position] : value(named: name)
    }

    /// The argument of a name.
    func value(named name: String) -> TemplateValue? { named.first { $0.0 == name }?.1 }
}
