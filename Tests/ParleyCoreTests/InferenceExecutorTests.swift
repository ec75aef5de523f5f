import Foundation
import ParleyCore
import Testing

@Suite("Inference executor")
struct InferenceExecutorTests {
    private actor Worker {
        private let executor: InferenceExecutor
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        private(set) var log: [Int] = []

        init(_ executor: InferenceExecutor) { self.executor = executor }

        func threadName() -> String? { Thread.current.name }
        func append(_ value: Int) { log.append(value) }
    }

    @Test("work of an actor runs on the thread of its executor")
    func ownThread() async {
        let worker = Worker(InferenceExecutor(label: "parley-test"))
        #expect(await worker.threadName() == "parley-test")
    }

    @Test("work runs in order and none is lost")
    func order() async {
        let worker = Worker(InferenceExecutor(label: "order"))
        for value in 0..<1000 { await worker.append(value) }
        #expect(await worker.log == Array(0..<1000))
    }

    @Test("a turn number that was raised cancels what belongs to the turn before")
    func turns() {
        let clock = TurnClock()
        let first = clock.token()
        #expect(!first.isCancelled)
        let second = clock.advance()
        #expect(first.isCancelled)
        #expect(!second.isCancelled)
        #expect(throws: CancellationError.self) { try first.check() }
    }
}
