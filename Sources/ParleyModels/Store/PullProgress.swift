/// How far a pull or a verification is.
package struct PullProgress: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        /// Another process works on the entry; its number when it is known.
        case waiting(process: Int32?)
        case downloading
        case extracting
        case copying
        case verifying
    }

    /// Id of the entry.
    package let entry: String
    package let phase: Phase
    /// Bytes done in this phase, 0...total.
    package let bytes: Int64
    package let total: Int64

    package init(entry: String, phase: Phase, bytes: Int64, total: Int64) {
        self.entry = entry
        self.phase = phase
        self.bytes = min(max(bytes, 0), total)
        self.total = total
    }
}

/// Receives progress; called on any thread, at most every 256 KiB.
package typealias ProgressHandler = @Sendable (PullProgress) -> Void

/// What a pull did.
package enum PullOutcome: String, Sendable, Codable {
    case alreadyPresent
    case pulled
}
