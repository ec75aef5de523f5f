import ParleyModels
import Testing

@Suite("The memory budget decides as a value")
struct MemoryBudgetTests {
    private func ledger(_ models: [(id: String, bytes: Int64, pins: Int)], base: Int64 = 0) -> ModelLedger {
        var ledger = ModelLedger()
        ledger.reserve("base", bytes: base)
        for model in models {
            ledger.pin(model.id)
            ledger.settle(model.id, bytes: model.bytes)
            for _ in 1..<max(1, model.pins) { ledger.pin(model.id) }
            if model.pins == 0 { ledger.unpin(model.id) }
        }
        return ledger
    }

    @Test("what fits is admitted, to the last byte")
    func admits() {
        let budget = MemoryBudget(limit: 100)
        #expect(budget.decide(60, ledger([("a", 30, 1)], base: 10)) == .admit)
        #expect(budget.decide(61, ledger([("a", 30, 1)], base: 10)) == .refuse(needed: 61, available: 60))
    }

    @Test("the least recently used idle models make room, and no more of them than needed")
    func evicts() {
        let budget = MemoryBudget(limit: 100)
        var full = ledger([("a", 30, 0), ("b", 30, 0), ("c", 30, 1)])
        #expect(budget.decide(20, full) == .evict(["a"]))
        #expect(budget.decide(41, full) == .evict(["a", "b"]))
        full.pin("a")
        full.unpin("a")
        #expect(budget.decide(20, full) == .evict(["b"]))
    }

    @Test("pinned, loading and reserved bytes are never taken")
    func refuses() {
        var full = ledger([("a", 30, 1)], base: 40)
        full.pin("b")
        full.begin("b", estimate: 20)
        #expect(full.idle.isEmpty)
        #expect(MemoryBudget(limit: 100).decide(11, full) == .refuse(needed: 11, available: 10))
        #expect(MemoryBudget(limit: 50).decide(1, full) == .refuse(needed: 1, available: 0))
    }

    @Test("nothing more is always admitted, even over the limit")
    func shrinking() {
        #expect(MemoryBudget(limit: 10).decide(0, ledger([("a", 30, 1)])) == .admit)
        #expect(MemoryBudget(limit: 10).decide(-5, ledger([("a", 30, 1)])) == .admit)
    }

    @Test("a ledger forgets what is neither held nor wanted")
    func forgets() {
        var ledger = ModelLedger()
        ledger.pin("a")
        ledger.begin("a", estimate: 5)
        ledger.drop("a")
        #expect(ledger.usedBytes == 0 && ledger.entries["a"]?.pins == 1)
        ledger.unpin("a")
        #expect(ledger.entries.isEmpty)
    }
}
