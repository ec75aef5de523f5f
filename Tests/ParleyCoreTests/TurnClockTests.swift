import ParleyCore
import Synchronization
import Testing

@Suite("Turns")
struct TurnClockTests {
    private final class Count: Sendable {
        let value = Atomic<Int>(0)
        var now: Int { value.load(ordering: .relaxed) }
        func add() { value.add(1, ordering: .relaxed) }
    }

    @Test("a turn is over as soon as the next begins")
    func advance() {
        let clock = TurnClock()
        let first = clock.token()
        #expect(!first.isCancelled)
        let second = clock.advance()
        #expect(first.isCancelled && !second.isCancelled)
        #expect(throws: CancellationError.self) { try first.check() }
    }

    @Test("work of a turn that ends is stopped at once, work of the next is not")
    func stopping() {
        let clock = TurnClock()
        let (old, new) = (Count(), Count())
        let turn = clock.token()
        let result = turn.stopping({ old.add() }) {
            let next = clock.advance()
            next.stopping({ new.add() }) { #expect(old.now == 1) }
            return 5
        }
        #expect(result == 5 && new.now == 0)
    }

    @Test("work that begins after its turn has ended is stopped, and work that has ended is not")
    func late() {
        let clock = TurnClock()
        let count = Count()
        let turn = clock.token()
        turn.stopping({ count.add() }) {}
        clock.advance()
        #expect(count.now == 0)
        turn.stopping({ count.add() }) { #expect(count.now == 1) }
    }
}
