internal import Foundation
internal import Synchronization

/// A serial executor with a thread of its own, for calls that block in native code.
///
/// When the process ends, the end waits for the job under way, see `ExitGate`.
///
/// An actor that returns it as its `unownedExecutor` runs all its work on that thread, so that neither Swift's
/// cooperative pool nor an event loop ever waits for inference.
package final class InferenceExecutor: SerialExecutor {
    private let queue: JobQueue

    /// - Parameter label: name of the thread, at most 15 bytes are shown by Linux.
    package init(label: String) {
        let queue = JobQueue()
        self.queue = queue
        let thread = Thread { queue.run() }
        // ONNX Runtime and llama.cpp keep sizeable buffers on the stack; 8 MiB is Linux's own default for main threads.
        thread.stackSize = 8 << 20
        thread.start()
        // Foundation on Linux ignores a name that is set before the thread exists; work waits for it.
        thread.name = label
        queue.open()
    }

    deinit { queue.close() }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), for: asUnownedSerialExecutor())
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}

/// Jobs in order of arrival; one thread runs them.
/// Unbounded on purpose: the Swift runtime enqueues at most one job per suspended task.
private final class JobQueue: @unchecked Sendable {
    // Safe because every access to the stored properties happens with `condition` locked.
    private let condition = NSCondition()
    private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
    private var isOpen = false
    private var closed = false

    /// Lets jobs run.
    func open() {
        condition.lock()
        isOpen = true
        condition.signal()
        condition.unlock()
    }

    func append(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
        condition.lock()
        jobs.append((job, executor))
        condition.signal()
        condition.unlock()
    }

    func close() {
        condition.lock()
        closed = true
        condition.signal()
        condition.unlock()
    }

    func run() {
        let gate = ExitGate.process
        while let batch = next() {
            for (job, executor) in batch {
                if !gate.enter() { ExitGate.waitForEnd() }
                job.runSynchronously(on: executor)
                gate.leave()
            }
        }
    }

    private func next() -> [(UnownedJob, UnownedSerialExecutor)]? {
        condition.lock()
        defer { condition.unlock() }
        while (jobs.isEmpty || !isOpen) && !closed { condition.wait() }
        if jobs.isEmpty { return nil }
        defer { jobs = [] }
        return jobs
    }
}
