package import ParleyCore

/// A failure between stages.
package struct PipelineError: Fault {
    /// Stable names of the failures of this target.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let wrongSampleRate = Code(rawValue: "pipeline-wrong-sample-rate")
        package static let noSpeech = Code(rawValue: "pipeline-no-speech")
        package static let noReply = Code(rawValue: "pipeline-no-reply")
        package static let busy = Code(rawValue: "pipeline-busy")
    }

    package let code: Code
    package let kind: FaultKind
    package let message: String
    package let cause: (any Error)?

    package var codeName: String { code.rawValue }

    package init(_ code: Code, _ kind: FaultKind = .software, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    static func require(_ condition: Bool, _ code: Code, _ message: () -> String) throws {
        if !condition { throw PipelineError(code, .software, message()) }
    }
}
