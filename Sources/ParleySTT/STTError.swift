package import ParleyCore

/// A failure of recognition.
package struct STTError: Fault {
    /// Stable name of the failure, in kebab case.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// The bundle's files are missing, damaged or of another version.
        package static let modelUnusable = Code(rawValue: "stt-model-unusable")
        /// The language asked for is not one of the model's.
        package static let unknownLanguage = Code(rawValue: "stt-unknown-language")
        /// The utterance is longer than the model's window.
        package static let audioTooLong = Code(rawValue: "stt-audio-too-long")
        /// The audio holds samples that are not numbers.
        package static let audioInvalid = Code(rawValue: "stt-audio-invalid")
        /// A session was used out of order.
        package static let outOfOrder = Code(rawValue: "stt-out-of-order")
        /// A graph failed while running.
        package static let runFailed = Code(rawValue: "stt-run-failed")
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
        case .modelUnusable: .unavailable
        case .unknownLanguage: .usage
        case .audioTooLong, .audioInvalid: .badData
        default: .software
        }
    }
}
