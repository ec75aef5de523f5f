/// Who says a message.
package enum ChatRole: String, Sendable, Codable {
    case system
    case user
    case assistant
}

/// One message of a conversation.
package struct ChatMessage: Sendable, Equatable {
    package var role: ChatRole
    package var content: String

    package init(_ role: ChatRole, _ content: String) {
        self.role = role
        self.content = content
    }
}

/// The way a model wants conversations written, as a Jinja template that comes with its weights.
package struct ChatTemplate: Sendable {
    private let statements: [TemplateStatement]

    /// - Throws: `.templateInvalid` when the source is no template, `.templateUnsupported` naming what is not known here.
    package init(_ source: String) throws(LLMError) {
        statements = try TemplateParser.parse(source)
    }

    /// Writes a conversation.
    /// - Parameters:
    ///   - asksForReply: whether the text ends where the model's reply begins.
    ///   - beginning: text of the token that begins a text, for templates that write it themselves.
    /// - Throws: `.templateRefused` when the template does not accept the conversation; else as for `init`.
    package func render(
        _ messages: [ChatMessage], asksForReply: Bool, beginning: String = "", end: String = ""
    ) throws(LLMError) -> String {
        let list = messages.map { message in
            TemplateValue.dictionary(
                TemplateDictionary([("role", .string(message.role.rawValue)), ("content", .string(message.content))]))
        }
        return try render([
            "messages": .list(list), "add_generation_prompt": .boolean(asksForReply), "bos_token": .string(beginning),
            "eos_token": .string(end),
        ])
    }

    /// Writes with any values.
    package func render(_ values: [String: TemplateValue]) throws(LLMError) -> String {
        try TemplateEvaluator.render(statements, with: values)
    }
}
