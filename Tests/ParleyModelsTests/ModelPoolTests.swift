import ParleyModels
import ParleyTesting
import Testing

@Suite("The pool loads once, shares, and evicts what is idle", .timeLimit(.minutes(3)))
struct ModelPoolTests {
    private struct Refused: Error {}
    private let key = ModelKey<ManualLoader.Model>("model")

    private func pool(limit: Int64 = 100) -> ModelPool { ModelPool(budget: MemoryBudget(limit: limit)) }

    private func register(
        _ pool: ModelPool, _ id: String, _ loader: ManualLoader, estimate: Int64, aliases: [String] = []
    ) async -> ModelKey<ManualLoader.Model> {
        let key = ModelKey<ManualLoader.Model>(id)
        await pool.register(key, aliases: aliases, estimate: estimate) { try await loader.load() }
        return key
    }

    private func waitFor(_ condition: () async -> Bool) async throws {
        while await !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("requests during a load share it")
    func sharedLoad() async throws {
        let pool = pool()
        let loader = ManualLoader(bytes: 40, isManual: true)
        let key = await register(pool, "model", loader, estimate: 10, aliases: ["tiny", "thinker"])
        let requests = (0..<5).map { _ in Task { try await pool.lease(key) } }
        try await waitFor { await pool.ledger.entries["model"]?.pins == 5 }
        #expect(await pool.ledger.usedBytes == 10)
        loader.finish()
        for request in requests { #expect(try await request.value.model.number == 1) }
        #expect(loader.loads == 1)
        #expect(await pool.ledger.usedBytes == 40)
        #expect(try await pool.lease(named: "tiny", as: ManualLoader.Model.self).model.number == 1)
    }

    @Test("a load that fails fails for all who wait, and the next request tries again")
    func failedLoad() async throws {
        let pool = pool()
        let loader = ManualLoader(bytes: 40, isManual: true)
        let key = await register(pool, "model", loader, estimate: 10)
        let requests = (0..<3).map { _ in Task { try await pool.lease(key) } }
        try await waitFor { await pool.ledger.entries["model"]?.pins == 3 }
        loader.finish(.failure(Refused()))
        for request in requests { await #expect(throws: Refused.self) { try await request.value } }
        #expect(await pool.ledger.entries.isEmpty)
        let again = Task { try await pool.lease(key) }
        try await waitFor { loader.finish() == 1 }
        #expect(try await again.value.model.number == 2)
    }

    @Test("a lease pins; released models are evicted for others, and freed")
    func eviction() async throws {
        let pool = pool()
        let first = ManualLoader(bytes: 60)
        let second = ManualLoader(bytes: 60)
        let one = await register(pool, "one", first, estimate: 60)
        let two = await register(pool, "two", second, estimate: 60)
        let lease = try await pool.lease(one)
        let refusal = await #expect(throws: ModelError.self) { try await pool.lease(two) }
        #expect(refusal?.code == .overBudget)
        #expect(refusal?.message.contains("needs 60 bytes and 40 of 100") == true)
        #expect(second.loads == 0)
        lease.release()
        lease.release()
        #expect(await pool.ledger.entries["one"]?.pins == 0)
        do { _ = try await pool.lease(two) }
        #expect(await pool.ledger.entries["two"]?.pins == 0, "a lease that is gone is released")
        #expect(await pool.ledger.entries["one"] == nil)
        withExtendedLifetime(lease) {}
        await pool.evictIdle()
        #expect(second.alive == 0)
        #expect(await pool.ledger.usedBytes == 0)
    }

    @Test("a model larger than its estimate is refused after the load and freed")
    func measured() async throws {
        let pool = pool()
        let loader = ManualLoader(bytes: 101)
        let key = await register(pool, "model", loader, estimate: 10)
        await #expect(throws: ModelError.self) { try await pool.lease(key) }
        #expect(loader.alive == 0)
        #expect(await pool.ledger.entries.isEmpty)
    }

    @Test("reserved bytes count and push idle models out")
    func reserved() async throws {
        let pool = pool()
        let loader = ManualLoader(bytes: 60)
        let key = await register(pool, "model", loader, estimate: 60)
        do { _ = try await pool.lease(key) }
        try await pool.reserve("kv", bytes: 30)
        #expect(loader.alive == 1)
        try await pool.reserve("kv", bytes: 80)
        #expect(loader.alive == 0)
        await #expect(throws: ModelError.self) { try await pool.reserve("buffers", bytes: 30) }
        #expect(await pool.ledger.usedBytes == 80)
    }

    @Test("an unknown name and a wrong type are told apart")
    func names() async throws {
        let pool = pool()
        _ = await register(pool, "model", ManualLoader(bytes: 1), estimate: 1, aliases: ["vad"])
        let unknown = await #expect(throws: ModelError.self) {
            try await pool.lease(named: "turn", as: ManualLoader.Model.self)
        }
        #expect(unknown?.message.contains("It has: model") == true)
        let wrong = await #expect(throws: ModelError.self) { try await pool.lease(named: "vad", as: String.self) }
        #expect(wrong?.message.contains("not a String") == true)
        #expect(await pool.ledger.entries["model"]?.pins == 0)
    }
}
