import ParleyCore
import Synchronization
import Testing

@Suite("Compute scheduler")
struct ComputeSchedulerTests {
    @Test("never more cores are held than there are")
    func bounded() async throws {
        let scheduler = ComputeScheduler(cores: 2)
        let meter = Meter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask {
                    try await scheduler.withCores(index % 2 + 1, ComputePriority.allCases[index % 4]) { cores in
                        meter.enter(cores)
                        meter.leave(cores)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(meter.worst <= 2)
        #expect(scheduler.counters.granted == 200)
    }

    @Test("a lease is given back when the call throws")
    func throwing() async throws {
        struct Failure: Error {}
        let scheduler = ComputeScheduler(cores: 1)
        await #expect(throws: Failure.self) { try await scheduler.withCores(1, .thinking) { _ in throw Failure() } }
        let value = try await scheduler.withCores(1, .thinking) { $0 }
        #expect(value == 1)
    }

    @Test("a cancelled waiter stops waiting and blocks nobody")
    func cancelled() async throws {
        let scheduler = ComputeScheduler(cores: 1)
        let (started, startedContinuation) = AsyncStream<Void>.makeStream()
        let release = Flag()
        let executor = BlockingActor()
        let holder = Task {
            try await executor.hold(scheduler) {
                startedContinuation.yield()
                while !release.isSet {}
            }
        }
        for await _ in started { break }
        let waiter = Task { try await scheduler.withCores(1, .playback) { _ in } }
        while scheduler.counters.waited == 0 { await Task.yield() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        release.set()
        try await holder.value
        try await scheduler.withCores(1, .background) { _ in }
        #expect(scheduler.counters.granted == 2)
    }
}

/// Blocks on a thread of its own, as inference does.
private actor BlockingActor {
    private let executor = InferenceExecutor(label: "test")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func hold(_ scheduler: ComputeScheduler, _ body: @Sendable () -> Void) async throws {
        try await scheduler.withCores(1, .thinking) { _ in body() }
    }
}

/// Counts the cores held at once.
private final class Meter: Sendable {
    private let state = Mutex((held: 0, worst: 0))

    var worst: Int { state.withLock { $0.worst } }

    func enter(_ cores: Int) {
        state.withLock {
            $0.held += cores
            $0.worst = max($0.worst, $0.held)
        }
    }

    func leave(_ cores: Int) { state.withLock { $0.held -= cores } }
}

/// A flag that threads may spin on.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}
