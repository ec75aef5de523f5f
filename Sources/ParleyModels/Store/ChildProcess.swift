internal import Foundation
internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#endif

/// Runs a program to its end; killed when the task is cancelled.
final class ChildProcess: Sendable {
    private enum State {
        case idle
        case running(Int32)
        case cancelled
        case ended
    }

    private let state = Mutex(State.idle)

    private init() {}

    /// - Parameter log: file that receives what the program writes.
    /// - Returns: exit status.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String], log: String
    ) async throws -> Int32 {
        guard FileManager.default.createFile(atPath: log, contents: nil), let output = FileHandle(forWritingAtPath: log)
        else { throw ModelError(.cannotCreate, "Cannot create \(log): \(SystemCall.reason()).") }
        let child = ChildProcess()
        let status = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                child.start(program, arguments, environment, output, continuation)
            }
        } onCancel: {
            child.kill()
        }
        try Task.checkCancellation()
        return status
    }

    private func start(
        _ program: String, _ arguments: [String], _ environment: [String: String], _ output: FileHandle,
        _ continuation: CheckedContinuation<Int32, any Error>
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { process in
            self.state.withLock { $0 = .ended }
            continuation.resume(returning: process.terminationStatus)
        }
        let failure: (any Error)? = state.withLock { state in
            if case .cancelled = state { return CancellationError() }
            do {
                try process.run()
                state = .running(process.processIdentifier)
                return nil
            } catch {
                return ModelError(
                    .pythonMissing, "Cannot start \(program): \(error.localizedDescription)", cause: error)
            }
        }
        if let failure {
            process.terminationHandler = nil
            continuation.resume(throwing: failure)
        }
    }

    /// Not asked politely: a download has nothing to save, and its folder is removed.
    private func kill() {
        state.withLock { state in
            if case .running(let process) = state { _ = Foundation.kill(process, SIGKILL) }
            state = .cancelled
        }
    }
}
