/// Turns the segments of a template into statements.
struct TemplateParser {
    private let segments: [TemplateSegment]
    private var position = 0
    private var line = 1
    /// Nesting of blocks; bounded so that a file cannot exhaust the stack.
    private var depth = 0
    private static let maximumDepth = 64

    private init(_ segments: [TemplateSegment]) { self.segments = segments }

    static func parse(_ source: String) throws(LLMError) -> [TemplateStatement] {
        var parser = TemplateParser(try TemplateLexer.segments(of: source))
        let (body, end) = try parser.block(until: [])
        guard end == nil else { throw parser.invalid("'\(end?.word ?? "")' closes nothing") }
        return body
    }

    /// The tag that ended a block: its word and what follows the word.
    private struct Ending {
        var word: String
        var rest: TemplateExpressionParser
    }

    private mutating func block(until words: Set<String>) throws(LLMError) -> ([TemplateStatement], Ending?) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw invalid("blocks are nested more than \(Self.maximumDepth) deep") }
        var body: [TemplateStatement] = []
        while position < segments.count {
            let segment = segments[position]
            position += 1
            switch segment {
            case .text(let text): body.append(TemplateStatement(kind: .text(text), line: line))
            case .output(let tokens):
                var parser = TemplateExpressionParser(tokens)
                line = tokens.first?.line ?? line
                let value = try parser.tuple()
                try parser.expectEnd()
                body.append(TemplateStatement(kind: .output(value), line: line))
            case .statement(let tokens):
                var parser = TemplateExpressionParser(tokens)
                line = tokens.first?.line ?? line
                let word = try parser.takeName()
                if words.contains(word) { return (body, Ending(word: word, rest: parser)) }
                body += try statement(word, &parser)
            }
        }
        if !words.isEmpty { throw invalid("'\(words.sorted().joined(separator: "' or '"))' is missing at the end") }
        return (body, nil)
    }

    /// The body up to a closing word.
    private mutating func body(until word: String) throws(LLMError) -> [TemplateStatement] {
        try block(until: [word]).0
    }

    private mutating func statement(
        _ word: String, _ parser: inout TemplateExpressionParser
    ) throws(LLMError) -> [TemplateStatement] {
        let start = line
        let kind: TemplateStatement.Kind
        switch word {
        case "if": kind = try branch(&parser)
        case "for": kind = try loop(&parser)
        case "set": kind = try set(&parser)
        case "macro": kind = try macro(&parser)
        case "break": kind = .leave
        case "continue": kind = .proceed
        case "generation":
            // Marks what the model wrote, for training only; changes nothing in the text.
            return try body(until: "endgeneration")
        case "filter":
            let filtered = try parser.filterChain(over: .name(Self.filterInput))
            kind = .filterBlock(filtered, try body(until: "endfilter"))
        default:
            if word.hasPrefix("end") || word == "else" || word == "elif" { throw invalid("'\(word)' closes nothing") }
            throw LLMError(
                .templateUnsupported, "The chat template uses '{% \(word) %}' in line \(start), which is not supported."
            )
        }
        try parser.expectEnd()
        return [TemplateStatement(kind: kind, line: start)]
    }

    /// Name under which a filter block finds the text it filters; not a name a template can write.
    static let filterInput = " filtered"

    private mutating func branch(_ parser: inout TemplateExpressionParser) throws(LLMError) -> TemplateStatement.Kind {
        var branches: [(condition: TemplateExpression, body: [TemplateStatement])] = []
        var condition = try parser.expression()
        try parser.expectEnd()
        while true {
            let (body, ending) = try block(until: ["elif", "else", "endif"])
            branches.append((condition, body))
            guard var ending else { throw invalid("'endif' is missing") }
            if ending.word == "elif" {
                condition = try ending.rest.expression()
                try ending.rest.expectEnd()
                continue
            }
            return .branch(branches, else: ending.word == "else" ? try self.body(until: "endif") : [])
        }
    }

    private mutating func loop(_ parser: inout TemplateExpressionParser) throws(LLMError) -> TemplateStatement.Kind {
        let targets = try parser.targets()
        try parser.expect(name: "in")
        let values = try parser.expression(withConditional: false)
        let condition = parser.take(name: "if") ? try parser.expression() : nil
        if parser.take(name: "recursive") {
            throw LLMError(
                .templateUnsupported, "The chat template uses a recursive loop in line \(line), which is not supported."
            )
        }
        try parser.expectEnd()
        let (body, ending) = try block(until: ["else", "endfor"])
        let otherwise = ending?.word == "else" ? try self.body(until: "endfor") : []
        return .loop(
            TemplateLoop(targets: targets, values: values, condition: condition, body: body, otherwise: otherwise))
    }

    private mutating func set(_ parser: inout TemplateExpressionParser) throws(LLMError) -> TemplateStatement.Kind {
        let targets = try parser.targets()
        if targets.count == 1, parser.take(symbol: ".") {
            let attribute = try parser.takeName()
            try parser.expect(symbol: "=")
            return .setAttribute(targets[0], attribute, try parser.tuple())
        }
        if parser.take(symbol: "=") { return .set(targets, try parser.tuple()) }
        guard targets.count == 1 else { throw invalid("'set' needs '='") }
        try parser.expectEnd()
        return .setBlock(targets[0], try body(until: "endset"))
    }

    private mutating func macro(_ parser: inout TemplateExpressionParser) throws(LLMError) -> TemplateStatement.Kind {
        let name = try parser.takeName()
        try parser.expect(symbol: "(")
        var parameters: [(name: String, value: TemplateExpression?)] = []
        while !parser.take(symbol: ")") {
            if !parameters.isEmpty { try parser.expect(symbol: ",") }
            let parameter = try parser.takeName()
            parameters.append((parameter, parser.take(symbol: "=") ? try parser.expression() : nil))
        }
        try parser.expectEnd()
        return .macro(TemplateMacro(name: name, parameters: parameters, body: try body(until: "endmacro")))
    }

    private func invalid(_ reason: String) -> LLMError {
        LLMError(.templateInvalid, "The chat template is invalid: \(reason), line \(line).")
    }
}
