import ParleyCore
import Testing

@Suite("Core ledger")
struct CoreLedgerTests {
    @Test("free cores are given at once, missing ones are waited for")
    func takeAndWait() {
        var ledger = CoreLedger(cores: 2)
        #expect(ledger.take(1, .thinking) == 1)
        #expect(ledger.take(2, .playback) == nil)
        let ticket = ledger.wait(2, .playback)
        #expect(ledger.release(1).map(\.ticket) == [ticket])
        #expect(ledger.free == 0)
    }

    @Test("a higher priority overtakes, equals keep their order")
    func priorities() {
        var ledger = CoreLedger(cores: 1)
        #expect(ledger.take(1, .background) == 1)
        let thinker = ledger.wait(1, .thinking)
        let firstVoice = ledger.wait(1, .playback)
        let secondVoice = ledger.wait(1, .playback)
        var order: [CoreLedger.Ticket] = []
        for _ in 0..<3 { order += ledger.release(1).map(\.ticket) }
        #expect(order == [firstVoice, secondVoice, thinker])
    }

    @Test("a small request does not slip past a big one of the same priority")
    func fairness() {
        var ledger = CoreLedger(cores: 2)
        #expect(ledger.take(1, .thinking) == 1)
        _ = ledger.wait(2, .thinking)
        #expect(ledger.take(1, .thinking) == nil)
        #expect(ledger.take(1, .playback) == 1)
    }

    @Test("a request for more cores than there are takes all of them")
    func clamped() {
        var ledger = CoreLedger(cores: 2)
        #expect(ledger.take(64, .thinking) == 2)
    }

    @Test("who gives up lets the next one through")
    func abandon() {
        var ledger = CoreLedger(cores: 2)
        #expect(ledger.take(1, .thinking) == 1)
        let big = ledger.wait(2, .playback)
        let small = ledger.wait(1, .thinking)
        let outcome = ledger.abandon(big)
        #expect(outcome.wasWaiting)
        #expect(outcome.granted.map(\.ticket) == [small])
        #expect(!ledger.abandon(big).wasWaiting)
    }
}
