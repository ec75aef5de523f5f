internal import Foundation
internal import Synchronization

/// Lets the process end only between two calls of native libraries.
///
/// `exit` destroys the static objects of C++ while other threads still run; a call that is under way then reads freed
/// memory and crashes the process after its work is done.
package final class ExitGate: Sendable {
    private struct State {
        var calls = 0
        /// Calls that have ended.
        var ended: UInt64 = 0
        var isClosed = false
    }

    /// The gate of this process: it closes when the process begins to end.
    static let process = ExitGate(guardsExit: true)

    private let state = Mutex(State())
    private let guardsExit: Bool

    package convenience init() { self.init(guardsExit: false) }

    private init(guardsExit: Bool) { self.guardsExit = guardsExit }

    /// A call begins.
    /// - Returns: `false` when the process is ending: the call must not be made.
    package func enter() -> Bool {
        state.withLock { state in
            if !state.isClosed { state.calls += 1 }
            return !state.isClosed
        }
    }

    /// A call has ended.
    package func leave() {
        let ended = state.withLock { state in
            state.calls -= 1
            state.ended += 1
            return state.ended
        }
        // Handlers run in reverse order, and a call may have made static objects that must outlive the gate: the handler
        // is registered anew after call 1, 2, 4, 8 and so on, for new objects become rare.
        if guardsExit, ended & (ended - 1) == 0 { atexit { ExitGate.process.close(within: .seconds(2)) } }
    }

    /// Lets no further call begin and waits for those under way.
    /// - Returns: whether all of them ended in time.
    @discardableResult
    package func close(within longest: Duration) -> Bool {
        let deadline = ContinuousClock().now + longest
        state.withLock { $0.isClosed = true }
        while state.withLock({ $0.calls > 0 }) {
            if ContinuousClock().now > deadline { return false }
            usleep(500)
        }
        return true
    }

    /// Where a thread waits that came too late: until the process is gone.
    static func waitForEnd() {
        while true { sleep(60) }
    }
}
