internal import Foundation
internal import Synchronization

/// Reads a pipe or a terminal on a thread of its own, since nothing else can be told to stop waiting for it.
final class CancellableRead: Sendable {
    private enum State {
        case waiting
        case reading(CheckedContinuation<Data, any Error>)
        case ended
    }

    private let state = Mutex(State.waiting)

    private init() {}

    /// - Returns: everything up to the end.
    /// - Throws: `CancellationError` as soon as the task is cancelled; the thread then waits on until the process ends.
    static func all(of handle: FileHandle) async throws -> Data {
        let read = CancellableRead()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard read.begin(continuation) else { return }
                Thread.detachNewThread {
                    read.end(Result { try handle.readToEnd() ?? Data() })
                }
            }
        } onCancel: {
            read.end(.failure(CancellationError()))
        }
    }

    /// - Returns: false when the task was cancelled before.
    private func begin(_ continuation: CheckedContinuation<Data, any Error>) -> Bool {
        let isCancelled = state.withLock { state in
            if case .ended = state { return true }
            state = .reading(continuation)
            return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        return !isCancelled
    }

    /// Whoever comes first decides.
    private func end(_ result: Result<Data, any Error>) {
        let continuation: CheckedContinuation<Data, any Error>? = state.withLock { state in
            defer { state = .ended }
            if case .reading(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(with: result)
    }
}
