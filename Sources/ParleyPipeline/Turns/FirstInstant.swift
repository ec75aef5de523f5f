internal import Synchronization

/// Remembers when it was first marked.
final class FirstInstant: Sendable {
    private let value = Mutex<ContinuousClock.Instant?>(nil)

    var instant: ContinuousClock.Instant? { value.withLock { $0 } }

    func mark() {
        value.withLock { if $0 == nil { $0 = ContinuousClock().now } }
    }
}
