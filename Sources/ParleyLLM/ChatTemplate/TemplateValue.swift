/// A value inside a chat template: what Jinja calls an object, without any access to the program around it.
package indirect enum TemplateValue: Sendable {
    /// A name that has no value; prints as nothing.
    case undefined(String)
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([TemplateValue])
    case dictionary(TemplateDictionary)
    /// Number of a mutable namespace that the evaluator holds.
    case namespace(Int)
    /// Number of a macro that the evaluator holds.
    case macro(Int)
    /// Name of a function the evaluator knows.
    case function(String)
}

/// Keys and values in order of insertion, as in Python.
package struct TemplateDictionary: Sendable {
    package private(set) var entries: [(key: String, value: TemplateValue)] = []

    package init() {}

    package init(_ entries: [(String, TemplateValue)]) {
        for (key, value) in entries { self[key] = value }
    }

    package subscript(key: String) -> TemplateValue? {
        get { entries.first { $0.key == key }?.value }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append((key, value))
            case (nil, nil): break
            }
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
}

extension TemplateValue {
    var isDefined: Bool { if case .undefined = self { false } else { true } }

    /// Truth as Python sees it.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .boolean(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let values): !values.isEmpty
        case .dictionary(let dictionary): !dictionary.entries.isEmpty
        case .namespace, .macro, .function: true
        }
    }

    /// Numeric value; booleans count as 0 and 1.
    var double: Double? {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// Whole-number value; booleans count as 0 and 1.
    var integer: Int? {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value): value
        default: nil
        }
    }

    /// Name of the kind, for messages.
    var kind: String {
        switch self {
        case .undefined: "undefined"
        case .none: "none"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "float"
        case .string: "string"
        case .list: "list"
        case .dictionary: "mapping"
        case .namespace: "namespace"
        case .macro: "macro"
        case .function: "function"
        }
    }

    /// What `{{ value }}` prints: Python's `str`.
    var text: String {
        switch self {
        case .undefined: ""
        case .string(let value): value
        default: literal
        }
    }

    /// Python's `repr`.
    var literal: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "None"
        case .boolean(let value): value ? "True" : "False"
        case .integer(let value): String(value)
        case .number(let value): Self.python(value)
        case .string(let value): Self.quoted(value)
        case .list(let values): "[" + values.map(\.literal).joined(separator: ", ") + "]"
        case .dictionary(let dictionary):
            "{" + dictionary.entries.map { "\(Self.quoted($0.key)): \($0.value.literal)" }.joined(separator: ", ") + "}"
        case .namespace: "<namespace>"
        case .macro: "<macro>"
        case .function(let name): "<function \(name)>"
        }
    }

    static func python(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        return "\(value)"
    }

    private static func quoted(_ value: String) -> String {
        let quote: Character = value.contains("'") && !value.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\\": result += "\\\\"
            default:
                if Character(scalar) == quote { result += "\\" }
                result.unicodeScalars.append(scalar)
            }
        }
        return result + String(quote)
    }

    /// Equality as Python sees it: numbers by value, other kinds never equal across kinds.
    func equals(_ other: TemplateValue) -> Bool {
        if let left = double, let right = other.double { return left == right }
        switch (self, other) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let left), .string(let right)): return left.unicodeScalars.elementsEqual(right.unicodeScalars)
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
        case (.dictionary(let left), .dictionary(let right)):
            return left.entries.count == right.entries.count
                && left.entries.allSatisfy { entry in right[entry.key].map { entry.value.equals($0) } ?? false }
        case (.namespace(let left), .namespace(let right)): return left == right
        case (.macro(let left), .macro(let right)): return left == right
        case (.function(let left), .function(let right)): return left == right
        default: return false
        }
    }
}
