internal import LlamaRuntime
package import ParleyCore
internal import Synchronization

/// A language model on llama.cpp: owns the only context and evaluates for every conversation, in batches.
///
/// Its calls run on a thread of its own and hold a lease of cores each.
package actor LlamaEngine: ThinkerModel {
    nonisolated package let options: LlamaEngineOptions
    private let executor: InferenceExecutor
    private let scheduler: ComputeScheduler
    let model: LlamaModel
    let context: LlamaContext
    let prompts: PromptBuilder
    private let batch: LlamaBatch
    private var sequences: [LlamaSequence?]
    private var pending: [Evaluation] = []
    private var isDriving = false
    /// Conversations whose session was released, and their last reply; freed when the next one begins.
    nonisolated private let released = Mutex<[Leaving]>([])
    private var leaving: [Leaving] = []

    package private(set) var counters = LlamaEngineCounters()

    nonisolated package var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Loads a GGUF file.
    /// - Throws: `LLMError` with `.modelUnusable` when the file is missing or damaged, a template code when its chat
    ///   template cannot be used, `.evaluationFailed` when memory for the window is short.
    package static func load(
        path: String, options: LlamaEngineOptions = LlamaEngineOptions(), scheduler: ComputeScheduler
    ) async throws -> LlamaEngine {
        let executor = InferenceExecutor(label: "thinker")
        let parts = try await LlamaLoader(executor: executor).load(path: path, options: options)
        return LlamaEngine(parts, options: options, executor: executor, scheduler: scheduler)
    }

    private init(
        _ parts: sending LlamaParts, options: LlamaEngineOptions, executor: InferenceExecutor,
        scheduler: ComputeScheduler
    ) {
        self.options = options
        self.executor = executor
        self.scheduler = scheduler
        model = parts.model
        context = parts.context
        prompts = parts.prompts
        batch = LlamaBatch(capacity: parts.context.batch, ledger: .shared)
        sequences = Array(repeating: nil, count: parts.context.sequences)
    }

    /// Name of the model for reports.
    nonisolated package var name: String { model.name }

    // MARK: conversations

    /// Opens a conversation and evaluates everything that comes before the user's first word.
    /// - Throws: `LLMError` with `.noFreeSequence`, `.systemPromptTooLong`, or what evaluation throws.
    package func makeSession(_ options: ThinkerOptions) async throws -> any ThinkerSession {
        await freeReleased()
        guard let slot = sequences.firstIndex(where: { $0 == nil }) else {
            throw LLMError(
                .noFreeSequence,
                "\(model.name) already leads \(sequences.count) conversations, which is all it was set up for. End one first."
            )
        }
        let sequence = try open(slot, options)
        sequences[slot] = sequence
        do {
            try await prepareForUser(sequence, priority: .thinking)
        } catch {
            sequence.clear(in: context)
            sequences[slot] = nil
            throw error
        }
        return LlamaThinkerSession(engine: self, slot: slot, longestReply: options.maximumReplyTokens)
    }

    private func open(_ slot: Int, _ options: ThinkerOptions) throws(LLMError) -> LlamaSequence {
        let beginning = try prompts.replyBeginning(options.systemPrompt)
        let stop = StopRule(vocabulary: model.vocabulary, replyBeginning: beginning)
        do {
            return try LlamaSequence(slot: slot, options: options, stop: stop)
        } catch {
            throw LLMError(error)
        }
    }

    /// Ends a conversation; called by the session when it is released.
    /// - Parameter reply: its last reply, which may still be read by somebody who let the session go.
    nonisolated func release(_ slot: Int, after reply: Task<Void, Never>?) {
        released.withLock { $0.append(Leaving(slot: slot, reply: reply)) }
    }

    /// Whether nobody can speak in a conversation any more.
    func isReleased(_ slot: Int) -> Bool {
        released.withLock { $0.contains { $0.slot == slot } } || leaving.contains { $0.slot == slot }
    }

    private func freeReleased() async {
        leaving += released.withLock { released in
            defer { released = [] }
            return released
        }
        while let next = leaving.first {
            await next.reply?.value
            // Another caller may have freed it meanwhile.
            guard let index = leaving.firstIndex(where: { $0.slot == next.slot }) else { continue }
            leaving.remove(at: index)
            sequences[next.slot]?.clear(in: context)
            sequences[next.slot] = nil
        }
    }

    func sequence(_ slot: Int) throws(LLMError) -> LlamaSequence {
        guard let sequence = sequences[slot] else {
            throw LLMError(.sessionClosed, "This conversation with \(model.name) has ended.")
        }
        return sequence
    }

    // MARK: evaluation

    /// Evaluates tokens at the end of a sequence, in calls of at most a quantum.
    /// - Parameter turn: checked before each call, and during calls of more than one token.
    /// - Returns: the token the sampler chose to follow.
    /// - Throws: `CancellationError` when the turn is over; the log then ends with the last complete call.
    func evaluate(
        _ tokens: [LlamaToken], on sequence: LlamaSequence, samples: Bool, turn: TurnToken?, priority: ComputePriority
    ) async throws -> LlamaToken? {
        var chosen: LlamaToken?
        var start = 0
        while start < tokens.count {
            try turn?.check()
            let end = min(start + options.promptQuantum, tokens.count)
            let part = Array(tokens[start..<end])
            chosen = try await withCheckedThrowingContinuation { continuation in
                pending.append(
                    Evaluation(
                        sequence: sequence, tokens: part, samples: samples && end == tokens.count, turn: turn,
                        priority: priority, continuation: continuation))
                drive()
            }
            start = end
        }
        return chosen
    }

    /// Starts the loop that serves requests, unless it runs.
    private func drive() {
        guard !isDriving else { return }
        isDriving = true
        Task {
            while let first = pending.map(\.priority).max() {
                do {
                    try await scheduler.withCores(options.threads, first) { threads in serve(threads: threads) }
                } catch {
                    // Only a cancelled task is refused a lease, and nothing cancels this one.
                    failAll(error)
                }
                // Lets those who were served ask for their next token, so that they share a call.
                await Task.yield()
            }
            isDriving = false
        }
    }

    private func failAll(_ error: any Error) {
        let failed = pending
        pending = []
        for evaluation in failed { evaluation.continuation.resume(throwing: error) }
    }

    /// One call of the model for the requests that fit. The cores are held.
    private func serve(threads: Int) {
        let demands = pending.map { BatchPlan.Demand(sequence: $0.sequence.slot, tokens: $0.tokens.count) }
        let indices = BatchPlan.choose(from: demands, capacity: batch.capacity)
        let chosen = indices.map { pending[$0] }
        for index in indices.reversed() { pending.remove(at: index) }
        context.use(threads: threads)
        do {
            let rows = try fill(chosen)
            // An abort stops every sequence of a call, so only a prompt that is alone may be stopped half-way.
            let turn = chosen.count == 1 && chosen[0].tokens.count > 1 ? chosen[0].turn : nil
            try context.decode(batch, isAborted: turn.map { turn in { turn.isCancelled } })
            finish(chosen, rows)
        } catch {
            if error.code == .aborted { counters.aborted += 1 }
            for evaluation in chosen {
                evaluation.sequence.recover(in: context)
                let failure: any Error = error.code == .aborted ? CancellationError() : LLMError(error)
                evaluation.continuation.resume(throwing: failure)
            }
        }
    }

    /// Puts the requests into the batch.
    /// - Returns: the row of each one's last token.
    private func fill(_ evaluations: [Evaluation]) throws(LlamaError) -> [Int] {
        batch.removeAll()
        var rows: [Int] = []
        for evaluation in evaluations {
            let start = evaluation.sequence.tokens.count
            var row = 0
            for (offset, token) in evaluation.tokens.enumerated() {
                let isLast = offset == evaluation.tokens.count - 1
                row = try batch.add(
                    token, at: start + offset, in: evaluation.sequence.slot, wantsLogits: isLast && evaluation.samples)
            }
            rows.append(row)
        }
        return rows
    }

    private func finish(_ evaluations: [Evaluation], _ rows: [Int]) {
        counters.calls += 1
        for (evaluation, row) in zip(evaluations, rows) {
            evaluation.sequence.append(evaluation.tokens)
            guard evaluation.samples else {
                evaluation.continuation.resume(returning: nil)
                continue
            }
            do {
                evaluation.continuation.resume(returning: try evaluation.sequence.sampler.sample(context, at: row))
            } catch {
                evaluation.continuation.resume(throwing: LLMError(error))
            }
        }
    }

    func count(promptTokens: Int = 0, replyTokens: Int = 0) {
        counters.promptTokens += promptTokens
        counters.replyTokens += replyTokens
    }
}

/// A conversation that nobody holds any more.
private struct Leaving: Sendable {
    let slot: Int
    let reply: Task<Void, Never>?
}

/// A request of one sequence for one call.
private struct Evaluation {
    let sequence: LlamaSequence
    let tokens: [LlamaToken]
    let samples: Bool
    let turn: TurnToken?
    let priority: ComputePriority
    let continuation: CheckedContinuation<LlamaToken?, any Error>
}

/// What loading makes.
struct LlamaParts {
    let model: LlamaModel
    let context: LlamaContext
    let prompts: PromptBuilder
}

/// Loads on the engine's thread, because reading weights blocks.
private actor LlamaLoader {
    private let executor: InferenceExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: InferenceExecutor) { self.executor = executor }

    func load(path: String, options: LlamaEngineOptions) throws(LLMError) -> sending LlamaParts {
        do {
            let model = try LlamaModel(path: path, options: LlamaModelOptions(repacks: options.repacks))
            let context = try LlamaContext(
                model: model,
                options: LlamaContextOptions(
                    window: options.window, sequences: options.conversations,
                    batch: options.promptQuantum + options.conversations, threads: options.threads,
                    polling: options.polling, flashAttention: options.usesFlashAttention ? .on : .off))
            return LlamaParts(model: model, context: context, prompts: try PromptBuilder(model: model))
        } catch let error as LlamaError {
            throw LLMError(error)
        } catch let error as LLMError {
            throw error
        } catch {
            throw LLMError(.modelUnusable, "Cannot load \(path).", cause: error)
        }
    }
}
