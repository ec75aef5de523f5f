/// An expression of the template language.
indirect enum TemplateExpression: Sendable {
    case literal(TemplateValue)
    case name(String)
    case attribute(TemplateExpression, String)
    case item(TemplateExpression, TemplateExpression)
    case slice(TemplateExpression, from: TemplateExpression?, to: TemplateExpression?, step: TemplateExpression?)
    case call(TemplateExpression, TemplateArguments)
    case filter(String, TemplateExpression, TemplateArguments)
    case test(String, TemplateExpression, TemplateArguments)
    case not(TemplateExpression)
    case negative(TemplateExpression)
    case and(TemplateExpression, TemplateExpression)
    case or(TemplateExpression, TemplateExpression)
    /// Chained comparisons: `a < b < c`.
    case compare(TemplateExpression, [(String, TemplateExpression)])
    case arithmetic(String, TemplateExpression, TemplateExpression)
    case conditional(TemplateExpression, then: TemplateExpression, else: TemplateExpression?)
    case list([TemplateExpression])
    case dictionary([(TemplateExpression, TemplateExpression)])
}

struct TemplateArguments: Sendable {
    var positional: [TemplateExpression] = []
    var named: [(String, TemplateExpression)] = []
}

/// A statement and the line it begins in.
struct TemplateStatement: Sendable {
    indirect enum Kind: Sendable {
        case text(String)
        case output(TemplateExpression)
        case branch([(condition: TemplateExpression, body: [TemplateStatement])], else: [TemplateStatement])
        case loop(TemplateLoop)
        case set([String], TemplateExpression)
        case setAttribute(String, String, TemplateExpression)
        case setBlock(String, [TemplateStatement])
        case macro(TemplateMacro)
        case filterBlock(TemplateExpression, [TemplateStatement])
        case leave
        case proceed
    }

    var kind: Kind
    var line: Int
}

struct TemplateLoop: Sendable {
    var targets: [String]
    var values: TemplateExpression
    var condition: TemplateExpression?
    var body: [TemplateStatement]
    var otherwise: [TemplateStatement]
}

struct TemplateMacro: Sendable {
    var name: String
    var parameters: [(name: String, value: TemplateExpression?)]
    var body: [TemplateStatement]
}
