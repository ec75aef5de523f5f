/// Loads models once, shares them, keeps them within the budget and evicts what nobody uses.
///
/// Knows no engine: loaders are handed in. A model is pinned from the request on, so that nothing evicts it between
/// its load and its use; pins are only added on this actor, so that a decision still holds when it is carried out.
package actor ModelPool {
    /// Loads a model; runs at most once at a time per key.
    package typealias Loader<Model: Sendable> = @Sendable () async throws -> LoadedModel<Model>

    private struct Registration {
        let estimate: Int64
        let load: @Sendable () async throws -> LoadedModel<any Sendable>
    }

    private let budget: MemoryBudget
    private let shared = SharedLedger()
    private var registrations: [String: Registration] = [:]
    private var names: [String: String] = [:]
    private var residents: [String: any Sendable] = [:]
    private var flights: [String: Task<any Sendable, any Error>] = [:]

    package init(budget: MemoryBudget) { self.budget = budget }

    deinit { for flight in flights.values { flight.cancel() } }

    /// What is held now.
    package var ledger: ModelLedger { shared.value }

    /// Makes a model known.
    /// - Parameters:
    ///   - aliases: names of the edge for this key: `tiny`, `stt.encoder`.
    ///   - estimate: bytes it will need, until the loader says how many it measured.
    package func register<Model: Sendable>(
        _ key: ModelKey<Model>, aliases: [String] = [], estimate: Int64, load: @escaping Loader<Model>
    ) {
        registrations[key.id] = Registration(estimate: estimate) {
            let loaded = try await load()
            return LoadedModel(loaded.model as any Sendable, bytes: loaded.bytes)
        }
        for name in aliases + [key.id] { names[name] = key.id }
    }

    /// Notes bytes that no pooled model holds: the process itself, KV cache, buffers. Evicts to make room.
    /// - Throws: `ModelError` with code `.overBudget`.
    package func reserve(_ id: String, bytes: Int64) throws(ModelError) {
        try makeRoom(for: id, bytes: bytes - (shared.value.entries[id]?.bytes ?? 0))
        shared.update { $0.reserve(id, bytes: bytes) }
    }

    /// The model of a key, loaded if need be.
    /// - Throws: `ModelError` `.noLoader`, `.overBudget`, or what the loader threw; a later call tries again.
    package func lease<Model: Sendable>(_ key: ModelKey<Model>) async throws -> ModelLease<Model> {
        guard let registration = registrations[key.id] else { throw unknown(key.id) }
        let pin = Pin(key.id, shared)
        let model = try await resident(key.id, registration)
        guard let model = model as? Model else {
            throw ModelError(.noLoader, "\(key.id) is a \(type(of: model)), not a \(Model.self). Ask for what it is.")
        }
        return ModelLease(model, pin)
    }

    /// The model of a name of the edge: id, alias or role.
    package func lease<Model: Sendable>(named name: String, as _: Model.Type) async throws -> ModelLease<Model> {
        guard let id = names[name] else { throw unknown(name) }
        return try await lease(ModelKey<Model>(id))
    }

    /// Lets go of every model that nobody uses.
    package func evictIdle() { for idle in shared.value.idle { evict(idle.id) } }

    // MARK: - Loading

    private func resident(_ id: String, _ registration: Registration) async throws -> any Sendable {
        if let model = residents[id] { return model }
        if let flight = flights[id] { return try await flight.value }
        try makeRoom(for: id, bytes: registration.estimate)
        shared.update { $0.begin(id, estimate: registration.estimate) }
        let flight = Task { try await self.load(id, registration) }
        flights[id] = flight
        return try await flight.value
    }

    /// Runs as the only flight of its key; all who wait get its result or its error.
    private func load(_ id: String, _ registration: Registration) async throws -> any Sendable {
        defer { flights[id] = nil }
        do {
            let loaded = try await registration.load()
            try makeRoom(for: id, bytes: loaded.bytes - registration.estimate)
            shared.update { $0.settle(id, bytes: loaded.bytes) }
            residents[id] = loaded.model
            return loaded.model
        } catch {
            shared.update { $0.drop(id) }
            throw error
        }
    }

    private func makeRoom(for id: String, bytes: Int64) throws(ModelError) {
        switch budget.decide(bytes, shared.value) {
        case .admit: return
        case .evict(let ids): for id in ids { evict(id) }
        case .refuse(let needed, let available):
            throw ModelError(
                .overBudget,
                "Cannot load \(id): it needs \(needed) bytes and \(available) of \(budget.limit) are free or idle. "
                    + "Raise the memory budget or choose a smaller model.")
        }
    }

    private func evict(_ id: String) {
        residents[id] = nil
        shared.update { $0.drop(id) }
    }

    private func unknown(_ name: String) -> ModelError {
        let known = registrations.keys.sorted().joined(separator: ", ")
        return ModelError(.noLoader, "There is no model “\(name)” in this pool. It has: \(known).")
    }
}
