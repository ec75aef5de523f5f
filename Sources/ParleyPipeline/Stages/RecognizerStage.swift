package import ParleyCore
internal import Synchronization

/// Runs a recogniser on its own thread, one graph run per lease of cores.
package actor RecognizerStage {
    private let model: any STTModel
    private let scheduler: ComputeScheduler
    private let executor: InferenceExecutor
    private let company: Company
    /// Sessions nobody uses now. A call owns its session while it runs, so that calls may overlap.
    private var idle: [any STTSession] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter company: shared by stages that work side by side on one recording; each then takes its part of the
    ///   cores. A stage that works alone takes all.
    package init(
        model: any STTModel, scheduler: ComputeScheduler, executor: InferenceExecutor, company: Company = Company()
    ) {
        self.model = model
        self.scheduler = scheduler
        self.executor = executor
        self.company = company
    }

    /// The words of one utterance.
    /// - Parameter samples: mono at the model's sample rate, at most its window.
    /// - Throws: `CancellationError` within one operator of a graph after the turn is over or the task was cancelled.
    package func transcribe(
        _ samples: ArraySlice<Float>, options: TranscriptionOptions, turn: TurnToken
    ) async throws -> Transcript {
        let session = try idle.popLast() ?? model.makeSession()
        defer { idle.append(session) }
        company.enter()
        defer { company.leave() }
        try session.begin(options)
        try session.append(samples)
        try session.finish()
        return try await session.run(turn, scheduler, company: company)
    }

    /// Counts who recognises at this moment.
    package final class Company: Sendable {
        private let members = Atomic<Int>(0)

        package init() {}

        /// 1 or more for whoever is counted.
        var count: Int { max(1, members.load(ordering: .relaxed)) }

        func enter() { members.add(1, ordering: .relaxed) }

        func leave() { members.subtract(1, ordering: .relaxed) }
    }
}

extension STTSession {
    /// Steps until the transcript is there, one graph run per lease of cores.
    /// - Parameters:
    ///   - company: who shares the cores.
    ///   - isReplaced: whether another request has come; this one is then over.
    func run(
        _ turn: TurnToken, _ scheduler: ComputeScheduler, company: RecognizerStage.Company = .init(),
        isolation: isolated (any Actor)? = #isolation, isReplaced: () -> Bool = { false }
    ) async throws -> Transcript {
        let stop = stop
        return try await withTaskCancellationHandler {
            while true {
                try turn.check()
                let cores = max(1, scheduler.cores / company.count)
                let done = try await scheduler.withCores(cores, .recognition) { _ in
                    if isReplaced() { throw CancellationError() }
                    return try turn.stopping(stop) { try step() }
                }
                if let done { return done }
                // Free cores are given without a wait: audio and later requests would else find no moment to come in.
                await Task.yield()
            }
        } onCancel: {
            stop()
        }
    }
}
