internal import Synchronization

/// Kinds of native handles, each owned by one class.
package enum OnnxHandleKind: Int, Sendable, CaseIterable {
    case environment
    case session
    case tensor
    case runOptions
    case memory
}

/// Counts live native handles, so that tests can show that none is lost.
package enum OnnxHandles {
    private static let environments = Atomic<Int>(0)
    private static let sessions = Atomic<Int>(0)
    private static let tensors = Atomic<Int>(0)
    private static let runOptions = Atomic<Int>(0)
    private static let memories = Atomic<Int>(0)

    /// Handles of a kind that are alive now in the process.
    package static func live(_ kind: OnnxHandleKind) -> Int { adjust(kind, by: 0) }

    static func opened(_ kind: OnnxHandleKind) { _ = adjust(kind, by: 1) }

    static func closed(_ kind: OnnxHandleKind) { _ = adjust(kind, by: -1) }

    private static func adjust(_ kind: OnnxHandleKind, by difference: Int) -> Int {
        switch kind {
        case .environment: environments.wrappingAdd(difference, ordering: .relaxed).newValue
        case .session: sessions.wrappingAdd(difference, ordering: .relaxed).newValue
        case .tensor: tensors.wrappingAdd(difference, ordering: .relaxed).newValue
        case .runOptions: runOptions.wrappingAdd(difference, ordering: .relaxed).newValue
        case .memory: memories.wrappingAdd(difference, ordering: .relaxed).newValue
        }
    }
}
