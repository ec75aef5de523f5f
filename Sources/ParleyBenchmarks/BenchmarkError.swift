package import ParleyCore

/// What can go wrong while measuring.
package struct BenchmarkError: Fault {
    package struct Code: RawRepresentable, Sendable, Equatable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let noManifest = Code(rawValue: "no-manifest")
        package static let badManifest = Code(rawValue: "bad-manifest")
        package static let nothingScored = Code(rawValue: "nothing-scored")
        package static let peerMissing = Code(rawValue: "peer-missing")
        package static let toolFailed = Code(rawValue: "tool-failed")
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
        case .noManifest: .noInput
        case .badManifest, .nothingScored: .badData
        default: .unavailable
        }
    }
}
