import LlamaRuntime
import Synchronization
import Testing

@Suite("Context")
struct LlamaContextTests {
    @Test("every handle is freed, the model after its context")
    func liveHandles() throws {
        let ledger = HandleLedger()
        do {
            let context = try TinyModel.attention.context(ledger: ledger)
            let batch = LlamaBatch(capacity: 4, ledger: ledger)
            let sampler = try LlamaSampler(LlamaSamplerOptions(temperature: 1), ledger: ledger)
            try batch.add(5, at: 0, in: 0, wantsLogits: true)
            try context.decode(batch)
            _ = try sampler.sample(context, at: 0)
            for kind in HandleLedger.Kind.allCases { #expect(ledger.alive(kind) == 1, "\(kind)") }
        }
        for kind in HandleLedger.Kind.allCases { #expect(ledger.alive(kind) == 0, "\(kind)") }
    }

    @Test("what an initialiser made before it failed is freed")
    func failedInitialiser() throws {
        let ledger = HandleLedger()
        #expect(throws: LlamaError.self) { try LlamaModel(path: "/nowhere", ledger: ledger) }
        let model = try TinyModel.attention.load(ledger: ledger)
        for options in [
            LlamaContextOptions(window: 64, sequences: 1000, threads: 1), LlamaContextOptions(window: 1 << 40),
        ] {
            let error = #expect(throws: LlamaError.self) { try LlamaContext(model: model, options: options) }
            #expect(error?.code == .contextCreationFailed)
        }
        #expect(ledger.alive(.context) == 0)
        #expect(ledger.alive(.threadPool) == 0)
        #expect(ledger.alive(.model) == 1)
    }

    @Test("the same tokens give the same scores in any sequence", arguments: TinyModel.allCases)
    func sequencesAreEqual(tiny: TinyModel) throws {
        let context = try tiny.context(sequences: 2)
        let first = try context.evaluate([1, 40, 50, 60], in: 0)
        let second = try context.evaluate([1, 40, 50, 60], in: 1)
        #expect(first.count == context.model.vocabulary.count)
        #expect(distance(first, second) < 1e-4)
        #expect(distance(first, try context.evaluate([70], in: 0)) > 0.01)
    }

    @Test("sequences of one batch do not see each other", arguments: TinyModel.allCases)
    func batchOfTwo(tiny: TinyModel) throws {
        let context = try tiny.context(sequences: 2)
        try context.evaluate([1, 40, 50], in: 0)
        try context.evaluate([1, 90, 80], in: 1)
        let batch = LlamaBatch(capacity: 2)
        let rows = [
            try batch.add(60, at: 3, in: 0, wantsLogits: true), try batch.add(60, at: 3, in: 1, wantsLogits: true),
        ]
        try context.decode(batch)
        let alone = try tiny.context()
        try alone.evaluate([1, 40, 50])
        let expected = try alone.evaluate([60])
        #expect(distance(try context.logits(at: rows[0]), expected) < 1e-3)
        #expect(distance(try context.logits(at: rows[1]), expected) > 0.01)
    }

    @Test("a full batch and a full context are refused")
    func limits() throws {
        let batch = LlamaBatch(capacity: 1)
        try batch.add(5, at: 0, in: 0, wantsLogits: false)
        #expect(throws: LlamaError.self) { try batch.add(5, at: 1, in: 0, wantsLogits: false) }
        let context = try TinyModel.attention.context(window: 256)
        for _ in 0..<8 { try context.evaluate(Array(repeating: 9, count: 32)) }
        let error = #expect(throws: LlamaError.self) { try context.evaluate([9]) }
        #expect(error?.code == .noMemorySlot)
        #expect(context.length(of: 0) == context.window)
    }

    @Test("scores that were not asked for are an error")
    func missingLogits() throws {
        let context = try TinyModel.attention.context()
        let batch = LlamaBatch(capacity: 2)
        try batch.add(5, at: 0, in: 0, wantsLogits: false)
        try batch.add(6, at: 1, in: 0, wantsLogits: true)
        try context.decode(batch)
        let error = #expect(throws: LlamaError.self) { try context.logits(at: 0) }
        #expect(error?.code == .noLogits)
    }

    @Test("an aborted call says so, and a checkpoint repairs the sequence", arguments: TinyModel.allCases)
    func abort(tiny: TinyModel) throws {
        let context = try tiny.context()
        try context.evaluate([1, 40, 50])
        let checkpoint = try context.checkpoint(0)
        let expected = try tiny.context()
        try expected.evaluate([1, 40, 50])
        let batch = LlamaBatch(capacity: 2)
        try batch.add(60, at: 3, in: 0, wantsLogits: false)
        try batch.add(61, at: 4, in: 0, wantsLogits: true)
        let asked = Mutex(0)
        let error = #expect(throws: LlamaError.self) {
            try context.decode(batch) {
                asked.withLock {
                    $0 += 1; return $0 > 3
                }
            }
        }
        #expect(error?.code == .aborted)
        try context.restore(checkpoint, of: 0)
        #expect(context.length(of: 0) == 3)
        #expect(distance(try context.evaluate([60, 61]), try expected.evaluate([60, 61])) < 1e-4)
    }

    @Test("attention memory is cut anywhere, hybrid memory refuses and is left as it was")
    func cutting() throws {
        let attention = try TinyModel.attention.context()
        try attention.evaluate([1, 40, 50, 60])
        #expect(attention.cut(0, from: 2))
        #expect(attention.length(of: 0) == 2)
        let hybrid = try TinyModel.hybrid.context()
        try hybrid.evaluate([1, 40, 50, 60])
        #expect(!hybrid.cut(0, from: 2))
        #expect(hybrid.length(of: 0) == 4)
        #expect(hybrid.remove(0))
        #expect(hybrid.length(of: 0) == 0)
    }

    @Test("a sequence goes on from a checkpoint as if nothing had come after", arguments: TinyModel.allCases)
    func checkpoint(tiny: TinyModel) throws {
        let context = try tiny.context()
        try context.evaluate([1, 40, 50, 60])
        let checkpoint = try context.checkpoint(0)
        #expect(checkpoint.position == 4)
        #expect((checkpoint.bytes > 0) == (tiny == .hybrid))
        let expected = try context.evaluate([70, 71])
        try context.evaluate([80, 81, 82])
        try context.restore(checkpoint, of: 0)
        #expect(distance(try context.evaluate([70, 71]), expected) < 1e-4)
    }

    @Test("a copied sequence goes on like its source", arguments: TinyModel.allCases)
    func copying(tiny: TinyModel) throws {
        let context = try tiny.context(sequences: 2)
        try context.evaluate([1, 40, 50, 60], in: 0)
        context.copy(0, to: 1)
        #expect(context.length(of: 1) == 4)
        #expect(distance(try context.evaluate([70], in: 0), try context.evaluate([70], in: 1)) < 1e-3)
    }
}
