/// Functions that a template may call by name.
enum TemplateFunctions {
    static let names: Set<String> = ["raise_exception", "namespace", "range", "dict"]
    private static let maximumRange = 100_000

    static func call(_ name: String, _ call: TemplateCall, line: Int) throws(LLMError) -> TemplateValue {
        switch name {
        case "raise_exception":
            let reason = call.positional.first?.text ?? "no reason given"
            throw LLMError(.templateRefused, "The model's chat template refuses this conversation: \(reason)")
        case "dict": return .dictionary(TemplateDictionary(call.named))
        default: return try range(call, line: line)
        }
    }

    private static func range(_ call: TemplateCall, line: Int) throws(LLMError) -> TemplateValue {
        let numbers = call.positional.compactMap(\.integer)
        guard (1...3).contains(numbers.count), numbers.count == call.positional.count else {
            throw LLMError(.templateInvalid, "The chat template failed in line \(line): range needs whole numbers.")
        }
        let start = numbers.count > 1 ? numbers[0] : 0
        let end = numbers.count > 1 ? numbers[1] : numbers[0]
        let step = numbers.count > 2 ? numbers[2] : 1
        let values = step == 0 ? [] : Array(stride(from: start, to: end, by: step).prefix(maximumRange + 1))
        guard step != 0, values.count <= maximumRange else {
            throw LLMError(
                .templateLimit, "The chat template was stopped in line \(line): a range of more than \(maximumRange).")
        }
        return .list(values.map { .integer($0) })
    }
}
