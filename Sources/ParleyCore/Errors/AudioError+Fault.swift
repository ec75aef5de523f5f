package import ParleyAudio

/// `ParleyAudio` lies below the contracts; its errors get their exit codes here.
extension AudioError: Fault {
    package var codeName: String { code.rawValue }

    package var kind: FaultKind {
        switch code {
        case .unsupportedFormat, .damaged, .tooLong: .badData
        case .notFound: .noInput
        case .notPermitted: .noPermission
        case .cannotCreate: .cannotCreate
        case .readFailed, .writeFailed: .ioFailure
        case .resamplerMissing: .unavailable
        default: .software
        }
    }
}
