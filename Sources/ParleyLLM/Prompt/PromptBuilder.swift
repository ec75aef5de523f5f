internal import LlamaRuntime

/// Turns conversations into tokens, by the template and the vocabulary of one model.
struct PromptBuilder: Sendable {
    private let template: ChatTemplate
    private let vocabulary: LlamaVocabulary
    private let beginning: String
    private let end: String
    /// Texts of the control tokens, longest first.
    private let controls: [String]

    /// - Throws: `.templateMissing` when the file has none: it is no model for conversations; else as `ChatTemplate.init`.
    init(model: LlamaModel) throws(LLMError) {
        guard let source = model.chatTemplate else {
            throw LLMError(
                .templateMissing,
                "\(model.path) has no chat template, so it was not trained for conversations. Take an instruct model.")
        }
        let vocabulary = model.vocabulary
        template = try ChatTemplate(source)
        self.vocabulary = vocabulary
        beginning = vocabulary.beginning.map(vocabulary.text) ?? ""
        end = vocabulary.end.map(vocabulary.text) ?? ""
        controls = (0..<LlamaToken(vocabulary.count)).filter { vocabulary.isControl($0) }
            .map { vocabulary.text(of: $0) }.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// Tokens of a conversation up to where the model's reply begins.
    func tokens(_ messages: [ChatMessage], asksForReply: Bool = true) throws(LLMError) -> [LlamaToken] {
        let plain = messages.map { message in
            // What people say and models write is text, never structure; the system prompt is the host's own.
            message.role == .system ? message : ChatMessage(message.role, withoutControls(message.content))
        }
        let text = try template.render(plain, asksForReply: asksForReply, beginning: beginning, end: end)
        do {
            var tokens = try vocabulary.tokenize(text, parsesSpecial: true)
            if vocabulary.addsBeginning, let first = vocabulary.beginning, tokens.first != first {
                tokens.insert(first, at: 0)
            }
            return tokens
        } catch {
            throw LLMError(error)
        }
    }

    /// Tokens that the prompt begins with, whatever the user says next.
    func commonTokens(_ conversation: Conversation) throws(LLMError) -> [LlamaToken] {
        // Texts that share no first token, so that what they share is the template's.
        var common = try tokens(conversation.messages(adding: "a"))
        for probe in ["Zw", "7"] {
            let other = try tokens(conversation.messages(adding: probe))
            common.removeLast(common.count - common.commonPrefix(with: other))
        }
        return common
    }

    /// Tokens between the user's last word and the reply: what a reply begins with.
    func replyBeginning(_ system: String) throws(LLMError) -> [LlamaToken] {
        let messages = Conversation(system: system).messages(adding: "a")
        let without = try tokens(messages, asksForReply: false)
        let with = try tokens(messages)
        return Array(with.dropFirst(with.commonPrefix(with: without)))
    }

    /// A text in which no control token is spelled.
    private func withoutControls(_ text: String) -> String {
        var text = text
        while let control = controls.first(where: { TemplateText.range(of: $0, in: text) != nil }) {
            text = TemplateText.replace(text, control, "")
        }
        return text
    }
}

extension Array where Element: Equatable {
    /// Elements at the start that both have.
    func commonPrefix(with other: [Element]) -> Int { zip(self, other).prefix { $0 == $1 }.count }
}
