internal import Foundation
internal import Synchronization

/// Lets the process end only between two calls of llama.cpp.
///
/// `exit` destroys the static objects of C++ while other threads still run; a call that is under way then reads freed
/// memory and crashes the process after its work is done.
package final class ExitGate: Sendable {
    private struct State {
        var calls = 0
        var isClosed = false
    }

    /// The gate of this process: it closes when the process begins to end.
    package static let process = ExitGate()

    private let state = Mutex(State())

    package init() {}

    /// Closes `process` when the process ends. Handlers run in reverse order, so this is called whenever llama.cpp may
    /// have made new static objects: they are then destroyed after the gate has closed.
    static func guardExit() {
        atexit { ExitGate.process.close(within: .seconds(2)) }
    }

    /// A call begins.
    /// - Returns: `false` when the process is ending: the call must not be made.
    package func enter() -> Bool {
        state.withLock { state in
            if !state.isClosed { state.calls += 1 }
            return !state.isClosed
        }
    }

    /// A call has ended.
    package func leave() { state.withLock { $0.calls -= 1 } }

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
