package import ParleyCore

/// A failure of speech synthesis.
package struct TTSError: Fault {
    /// What failed.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// A file of the voice is missing or cannot be opened.
        package static let fileUnreadable = Code(rawValue: "tts-file-unreadable")
        /// A file of the voice was read and its content is not what this version expects.
        package static let fileInvalid = Code(rawValue: "tts-file-invalid")
        /// The model has no voice of that name.
        package static let unknownVoice = Code(rawValue: "tts-unknown-voice")
        /// An option lies outside its range.
        package static let optionOutOfRange = Code(rawValue: "tts-option-out-of-range")
        /// A network gave outputs of an unexpected shape.
        package static let unexpectedOutput = Code(rawValue: "tts-unexpected-output")
        /// `step` was called without a clause.
        package static let noClause = Code(rawValue: "tts-no-clause")
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var codeName: String { code.rawValue }

    package var kind: FaultKind {
        switch code {
        case .fileUnreadable: .unavailable
        case .fileInvalid: .badData
        case .unknownVoice, .optionOutOfRange: .usage
        default: .software
        }
    }
}
