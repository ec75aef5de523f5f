package import ParleyCore

/// A failure of the command line itself.
package struct CommandError: Fault {
    /// What failed, for programs. The raw value is the stable name.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// Options that do not go together, or a value that cannot be used.
        package static let usage = Code(rawValue: "command-usage")
        /// Standard input is not text.
        package static let inputNotText = Code(rawValue: "command-input-not-text")
        /// Standard output cannot be written.
        package static let outputFailed = Code(rawValue: "command-output-failed")
        /// Something that `doctor` looked for is missing.
        package static let notReady = Code(rawValue: "command-not-ready")
        /// Files of a model are not those of the catalogue.
        package static let notVerified = Code(rawValue: "command-not-verified")
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
        case .usage: .usage
        case .inputNotText, .notVerified: .badData
        case .outputFailed: .ioFailure
        case .notReady: .unavailable
        default: .software
        }
    }
}
