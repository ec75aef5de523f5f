internal import LlamaRuntime
package import ParleyCore

/// A failure of the language model or of its chat template.
package struct LLMError: Fault {
    /// What went wrong, for programs; more may be added.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        package static let modelUnusable = Code(rawValue: "llm-model-unusable")
        package static let templateMissing = Code(rawValue: "llm-template-missing")
        /// The template uses something this evaluator does not know; the message names it.
        package static let templateUnsupported = Code(rawValue: "llm-template-unsupported")
        package static let templateInvalid = Code(rawValue: "llm-template-invalid")
        /// The template itself refused the conversation.
        package static let templateRefused = Code(rawValue: "llm-template-refused")
        /// The template ran too long or wrote too much.
        package static let templateLimit = Code(rawValue: "llm-template-limit")
        package static let messageEmpty = Code(rawValue: "llm-message-empty")
        package static let messageTooLong = Code(rawValue: "llm-message-too-long")
        package static let systemPromptTooLong = Code(rawValue: "llm-system-prompt-too-long")
        package static let noFreeSequence = Code(rawValue: "llm-no-free-sequence")
        package static let sessionClosed = Code(rawValue: "llm-session-closed")
        package static let evaluationFailed = Code(rawValue: "llm-evaluation-failed")
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Wraps what llama.cpp said.
    init(_ error: LlamaError) {
        let isFile = error.code == .modelMissing || error.code == .modelUnusable
        self.init(isFile ? .modelUnusable : .evaluationFailed, error.message, cause: error)
    }

    package var codeName: String { code.rawValue }

    package var kind: FaultKind {
        switch code {
        case .modelUnusable: .unavailable
        case .templateMissing, .templateUnsupported, .templateInvalid, .templateRefused, .templateLimit: .badData
        case .messageEmpty, .messageTooLong: .badData
        case .systemPromptTooLong: .configuration
        case .noFreeSequence: .temporary
        default: .software
        }
    }
}
