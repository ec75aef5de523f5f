internal import Synchronization

/// Names a model of the pool together with its type.
package struct ModelKey<Model: Sendable>: Hashable, Sendable {
    package let id: String

    package init(_ id: String) { self.id = id }
}

/// What a loader hands over.
package struct LoadedModel<Model: Sendable>: Sendable {
    package let model: Model
    /// Bytes it was measured to hold.
    package let bytes: Int64

    package init(_ model: Model, bytes: Int64) {
        self.model = model
        self.bytes = bytes
    }
}

/// A model in use: it stays loaded until `release()` or until the lease is gone.
package final class ModelLease<Model: Sendable>: Sendable {
    package let model: Model
    private let pin: Mutex<Pin?>

    init(_ model: Model, _ pin: Pin) {
        self.model = model
        self.pin = Mutex(pin)
    }

    /// Gives the model back; more calls change nothing.
    package func release() { pin.withLock { $0 = nil } }
}

/// One count in the ledger, taken back on deinit.
final class Pin: Sendable {
    private let id: String
    private let ledger: SharedLedger

    init(_ id: String, _ ledger: SharedLedger) {
        self.id = id
        self.ledger = ledger
        ledger.update { $0.pin(id) }
    }

    deinit { ledger.update { [id] in $0.unpin(id) } }
}

/// The pool's ledger, reachable from leases that end anywhere.
final class SharedLedger: Sendable {
    private let ledger = Mutex(ModelLedger())

    var value: ModelLedger { ledger.withLock { $0 } }

    func update(_ change: (inout ModelLedger) -> Void) { ledger.withLock { change(&$0) } }
}
