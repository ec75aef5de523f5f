internal import Synchronization

/// Counts the turns of one conversation. Raising the count cancels whatever belongs to an earlier turn.
package final class TurnClock: Sendable {
    private struct Handlers {
        var next: UInt64 = 0
        var all: [UInt64: (turn: UInt64, call: @Sendable () -> Void)] = [:]
    }

    private let number = Atomic<UInt64>(0)
    private let handlers = Mutex(Handlers())

    package init() {}

    /// Number of the turn that runs now.
    package var current: UInt64 { number.load(ordering: .acquiring) }

    /// Ends the turn that runs and starts the next. Never waits for work of that turn.
    @discardableResult
    package func advance() -> TurnToken {
        let (_, now) = number.add(1, ordering: .acquiringAndReleasing)
        let calls = handlers.withLock { handlers in handlers.all.values.filter { $0.turn < now }.map(\.call) }
        for call in calls { call() }
        return TurnToken(turn: now, clock: self)
    }

    fileprivate func add(_ turn: UInt64, _ call: @escaping @Sendable () -> Void) -> UInt64 {
        handlers.withLock { handlers in
            handlers.next += 1
            handlers.all[handlers.next] = (turn, call)
            return handlers.next
        }
    }

    fileprivate func removeHandler(_ key: UInt64) { handlers.withLock { $0.all[key] = nil } }

    /// The turn that runs now, for handing to stages.
    package func token() -> TurnToken { TurnToken(turn: current, clock: self) }
}

/// Membership of a piece of work in a turn.
package struct TurnToken: Sendable {
    package let turn: UInt64
    private let clock: TurnClock

    fileprivate init(turn: UInt64, clock: TurnClock) {
        self.turn = turn
        self.clock = clock
    }

    /// Whether a later turn has begun.
    package var isCancelled: Bool { clock.current != turn }

    /// Runs `body`; calls `stop` when the turn ends before `body` does, also when it had ended already.
    /// - Parameter stop: called on the thread that ends the turn, perhaps more than once; must not wait.
    package func stopping<Result>(_ stop: @escaping @Sendable () -> Void, _ body: () throws -> Result) rethrows
        -> Result
    {
        let key = clock.add(turn, stop)
        defer { clock.removeHandler(key) }
        if isCancelled { stop() }
        return try body()
    }

    /// - Throws: `CancellationError` when a later turn has begun or the task was cancelled.
    package func check() throws {
        if isCancelled || Task.isCancelled { throw CancellationError() }
    }
}
