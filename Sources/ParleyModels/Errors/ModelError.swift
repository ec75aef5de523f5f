package import ParleyCore

/// A failure of the catalogue, the store, an inspection or the pool.
package struct ModelError: Fault {
    /// Which failure; open, so that later issues add their own.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
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
        case .unknownModel, .wrongName, .fileExpected: .usage
        case .archiveInvalid, .memberMissing, .wrongSize, .wrongDigest, .headerInvalid, .notAModelFile: .badData
        case .inputMissing: .noInput
        case .notPresent, .notBuilt, .hubUnsupported, .pythonMissing, .downloadFailed, .noLoader: .unavailable
        case .overBudget, .diskFull: .system
        case .cannotCreate: .cannotCreate
        case .ioFailure: .ioFailure
        case .inUse: .temporary
        default: .software
        }
    }
}

extension ModelError.Code {
    package static let unknownModel = Self(rawValue: "model-unknown")
    package static let wrongName = Self(rawValue: "model-wrong-name")
    package static let fileExpected = Self(rawValue: "model-file-expected")
    package static let notPresent = Self(rawValue: "model-not-present")
    package static let notBuilt = Self(rawValue: "model-not-built")
    package static let hubUnsupported = Self(rawValue: "model-hub-unsupported")
    package static let pythonMissing = Self(rawValue: "model-python-missing")
    package static let downloadFailed = Self(rawValue: "model-download-failed")
    package static let archiveInvalid = Self(rawValue: "model-archive-invalid")
    package static let memberMissing = Self(rawValue: "model-member-missing")
    package static let wrongSize = Self(rawValue: "model-wrong-size")
    package static let wrongDigest = Self(rawValue: "model-wrong-digest")
    package static let headerInvalid = Self(rawValue: "model-header-invalid")
    package static let notAModelFile = Self(rawValue: "model-not-a-model-file")
    package static let inputMissing = Self(rawValue: "model-input-missing")
    package static let diskFull = Self(rawValue: "model-disk-full")
    package static let cannotCreate = Self(rawValue: "model-cannot-create")
    package static let ioFailure = Self(rawValue: "model-io-failure")
    package static let inUse = Self(rawValue: "model-in-use")
    package static let overBudget = Self(rawValue: "model-over-budget")
    package static let noLoader = Self(rawValue: "model-no-loader")
}
