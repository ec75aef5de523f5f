/// Who holds how many bytes: models, and what belongs to none (the process itself, KV cache, buffers).
package struct ModelLedger: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package fileprivate(set) var bytes: Int64 = 0
        /// Leases, and requests that wait for the model.
        package fileprivate(set) var pins = 0
        /// Order of the last use: larger is later.
        package fileprivate(set) var lastUse: UInt64 = 0
        /// Loaded; before that the bytes are an estimate.
        package fileprivate(set) var isResident = false
        /// Reserved for something that cannot be evicted.
        package fileprivate(set) var isFixed = false

        package var isIdle: Bool { isResident && pins == 0 && !isFixed }
    }

    package private(set) var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0

    package init() {}

    package var usedBytes: Int64 { entries.values.reduce(0) { $0 &+ $1.bytes } }

    /// What may be evicted, least recently used first.
    package var idle: [(id: String, bytes: Int64)] {
        entries.filter(\.value.isIdle).sorted { $0.value.lastUse < $1.value.lastUse }.map { ($0.key, $0.value.bytes) }
    }

    /// Bytes that something other than a pooled model holds: replaces what was noted before.
    package mutating func reserve(_ id: String, bytes: Int64) {
        entries[id, default: Entry()].bytes = bytes
        entries[id]?.isFixed = true
    }

    package mutating func pin(_ id: String) {
        uses += 1
        entries[id, default: Entry()].pins += 1
        entries[id]?.lastUse = uses
    }

    package mutating func unpin(_ id: String) {
        guard var entry = entries[id] else { return }
        uses += 1
        entry.pins = max(0, entry.pins - 1)
        entry.lastUse = uses
        entries[id] = entry.pins == 0 && entry.bytes == 0 && !entry.isResident ? nil : entry
    }

    /// A load begins: its estimate counts from now on.
    package mutating func begin(_ id: String, estimate: Int64) { entries[id, default: Entry()].bytes = estimate }

    /// A load ended: what was measured counts.
    package mutating func settle(_ id: String, bytes: Int64) {
        entries[id, default: Entry()].bytes = bytes
        entries[id]?.isResident = true
    }

    /// A model was evicted or did not load; requests that still wait keep their pins.
    package mutating func drop(_ id: String) {
        guard var entry = entries[id] else { return }
        entry.bytes = 0
        entry.isResident = false
        entries[id] = entry.pins == 0 ? nil : entry
    }
}
