internal import Synchronization

/// Counts the turns of one conversation. Raising the count cancels whatever belongs to an earlier turn.
package final class TurnClock: Sendable {
    private let number = Atomic<UInt64>(0)

    package init() {}

    /// Number of the turn that runs now.
    package var current: UInt64 { number.load(ordering: .acquiring) }

    /// Ends the turn that runs and starts the next. Never waits.
    @discardableResult
    package func advance() -> TurnToken {
        let (_, now) = number.add(1, ordering: .acquiringAndReleasing)
        return TurnToken(turn: now, clock: self)
    }

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

    /// - Throws: `CancellationError` when a later turn has begun or the task was cancelled.
    package func check() throws {
        if isCancelled || Task.isCancelled { throw CancellationError() }
    }
}
