package import ParleyCore

/// A failure of voice activity detection.
package struct VADError: Fault {
    /// Stable name of the failure, in kebab case.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// The detector's graph cannot be loaded or is another graph.
        package static let modelUnusable = Code(rawValue: "vad-model-unusable")
        /// A chunk has not the length that the detector takes.
        package static let wrongChunkSize = Code(rawValue: "vad-wrong-chunk-size")
        /// The graph failed while running.
        package static let runFailed = Code(rawValue: "vad-run-failed")
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
        default: .software
        }
    }
}
