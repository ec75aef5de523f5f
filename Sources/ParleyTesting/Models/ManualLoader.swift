internal import Synchronization
package import ParleyModels

/// A loader for the pool whose loads end when the test says so.
package final class ManualLoader: Sendable {
    /// A model of a loader: the number of its load, and a count of those alive.
    package final class Model: Sendable {
        package let number: Int
        private let loader: ManualLoader

        fileprivate init(_ number: Int, _ loader: ManualLoader) {
            self.number = number
            self.loader = loader
            loader.state.withLock { $0.alive += 1 }
        }

        deinit { loader.state.withLock { $0.alive -= 1 } }
    }

    private struct State {
        var loads = 0
        var alive = 0
        var waiting: [CheckedContinuation<Void, any Error>] = []
    }

    private let state = Mutex(State())
    private let bytes: Int64
    private let isManual: Bool

    /// - Parameter isManual: loads wait for `finish()` or `fail(_:)`; otherwise they end at once.
    package init(bytes: Int64, isManual: Bool = false) {
        self.bytes = bytes
        self.isManual = isManual
    }

    /// Loads begun so far.
    package var loads: Int { state.withLock { $0.loads } }
    /// Models that somebody still holds.
    package var alive: Int { state.withLock { $0.alive } }

    package func load() async throws -> LoadedModel<Model> {
        let number = state.withLock { state in
            state.loads += 1
            return state.loads
        }
        if isManual { try await withCheckedThrowingContinuation { wait in state.withLock { $0.waiting.append(wait) } } }
        return LoadedModel(Model(number, self), bytes: bytes)
    }

    /// Ends the loads that wait; returns how many there were.
    @discardableResult
    package func finish(_ result: Result<Void, any Error> = .success(())) -> Int {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for wait in waiting { wait.resume(with: result) }
        return waiting.count
    }
}
