internal import Synchronization

/// The one arbiter of the machine's cores: every inference call holds a lease while it runs.
///
/// Callers keep a lease for one call: a token, a quantum of a prompt, a graph run. Most take under 40 ms, so that a stage
/// with a nearer deadline hardly waits; the recogniser's encoder takes longer on long audio and cannot be divided.
package final class ComputeScheduler: Sendable {
    private struct State {
        var ledger: CoreLedger
        var continuations: [CoreLedger.Ticket: CheckedContinuation<Bool, Never>] = [:]
        var granted: UInt64 = 0
        var waited: UInt64 = 0
    }

    /// Counters since the start, for benchmarks and tests.
    package struct Counters: Sendable, Equatable {
        /// Leases granted.
        package var granted: UInt64
        /// Leases that had to wait for another to end.
        package var waited: UInt64
    }

    private let state: Mutex<State>

    /// Cores that are shared out.
    package let cores: Int

    package init(cores: Int) {
        self.cores = max(1, cores)
        state = Mutex(State(ledger: CoreLedger(cores: max(1, cores))))
    }

    package var counters: Counters {
        state.withLock { Counters(granted: $0.granted, waited: $0.waited) }
    }

    /// Runs a blocking call while holding cores.
    /// - Parameters:
    ///   - wanted: cores the call uses; more than there are is taken as all.
    ///   - body: the call, run on the caller's actor; gets the number of cores it holds.
    /// - Throws: `CancellationError` when the task is cancelled while waiting, or what `body` throws.
    package func withCores<Result>(
        _ wanted: Int, _ priority: ComputePriority, isolation: isolated (any Actor)? = #isolation,
        _ body: (Int) throws -> Result
    ) async throws -> Result {
        let held = max(1, min(wanted, cores))
        try await acquire(held, priority, isolation: isolation)
        defer { release(held) }
        return try body(held)
    }

    private func acquire(_ wanted: Int, _ priority: ComputePriority, isolation: isolated (any Actor)?) async throws {
        if take(wanted, priority) { return }
        let ticket = Mutex<CoreLedger.Ticket?>(nil)
        let granted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(wanted, priority, continuation, ticket)
            }
        } onCancel: {
            cancel(ticket)
        }
        if !granted { throw CancellationError() }
    }

    private func take(_ wanted: Int, _ priority: ComputePriority) -> Bool {
        state.withLock { state in
            guard state.ledger.take(wanted, priority) != nil else { return false }
            state.granted += 1
            return true
        }
    }

    private func enqueue(
        _ wanted: Int, _ priority: ComputePriority, _ continuation: CheckedContinuation<Bool, Never>,
        _ ticket: borrowing Mutex<CoreLedger.Ticket?>
    ) {
        let immediate: Bool? = state.withLock { state in
            // Cores may have come free since `take`.
            if state.ledger.take(wanted, priority) != nil {
                state.granted += 1
                return true
            }
            if Task.isCancelled { return false }
            let number = state.ledger.wait(wanted, priority)
            state.continuations[number] = continuation
            state.waited += 1
            ticket.withLock { $0 = number }
            return nil
        }
        if let immediate { continuation.resume(returning: immediate) }
    }

    private func cancel(_ ticket: borrowing Mutex<CoreLedger.Ticket?>) {
        let resumed: [(CheckedContinuation<Bool, Never>, Bool)] = state.withLock { state in
            guard let number = ticket.withLock({ $0 }) else { return [] }
            let (wasWaiting, granted) = state.ledger.abandon(number)
            guard wasWaiting, let own = state.continuations.removeValue(forKey: number) else { return [] }
            return [(own, false)] + Self.collect(granted, &state)
        }
        for (continuation, value) in resumed { continuation.resume(returning: value) }
    }

    private func release(_ count: Int) {
        let resumed = state.withLock { state in
            let granted = state.ledger.release(count)
            return Self.collect(granted, &state)
        }
        for (continuation, value) in resumed { continuation.resume(returning: value) }
    }

    private static func collect(
        _ waiters: [CoreLedger.Waiter], _ state: inout sending State
    ) -> [(CheckedContinuation<Bool, Never>, Bool)] {
        waiters.compactMap { waiter in
            state.granted += 1
            return state.continuations.removeValue(forKey: waiter.ticket).map { ($0, true) }
        }
    }
}
