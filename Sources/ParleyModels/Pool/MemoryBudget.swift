/// How many bytes models may take together, and what to do when one more is wanted.
package struct MemoryBudget: Sendable, Equatable {
    package enum Decision: Sendable, Equatable {
        case admit
        /// Room comes from these, in this order.
        case evict([String])
        /// Not even everything idle makes enough room. `available` counts what is free and what is idle.
        case refuse(needed: Int64, available: Int64)
    }

    /// Bytes in all.
    package let limit: Int64

    package init(limit: Int64) { self.limit = limit }

    /// - Parameter bytes: that are wanted on top of what the ledger has.
    package func decide(_ bytes: Int64, _ ledger: ModelLedger) -> Decision {
        var available = limit - ledger.usedBytes
        if bytes <= max(0, available) { return .admit }
        var evicted: [String] = []
        for idle in ledger.idle where idle.bytes > 0 {
            available += idle.bytes
            evicted.append(idle.id)
            if bytes <= available { return .evict(evicted) }
        }
        return .refuse(needed: bytes, available: max(0, available))
    }
}
