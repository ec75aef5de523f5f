internal import Synchronization

/// Counts the native handles that are alive, so that tests can prove that each one is freed.
package final class HandleLedger: Sendable {
    /// One kind for each class that owns a native handle.
    package enum Kind: String, Sendable, CaseIterable {
        case model
        case context
        case batch
        case sampler
        case threadPool
    }

    /// The ledger of the process; a test that counts makes its own.
    package static let shared = HandleLedger()

    private let counts = Mutex<[Kind: Int]>([:])

    package init() {}

    /// Handles of a kind that are alive now.
    package func alive(_ kind: Kind) -> Int { counts.withLock { $0[kind, default: 0] } }

    func opened(_ kind: Kind) { counts.withLock { $0[kind, default: 0] += 1 } }

    func closed(_ kind: Kind) { counts.withLock { $0[kind, default: 0] -= 1 } }
}
