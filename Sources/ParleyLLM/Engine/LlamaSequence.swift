internal import LlamaRuntime
internal import ParleyCore

/// One conversation inside the engine's context. Belongs to the engine's actor.
final class LlamaSequence {
    let slot: Int
    let options: ThinkerOptions
    let sampler: LlamaSampler
    let stop: StopRule
    var conversation: Conversation
    /// The token log: exactly what the context's memory holds for this sequence.
    private(set) var tokens: [LlamaToken] = []
    /// Where the sequence can be brought back to, oldest first; only for models whose memory cannot be cut anywhere.
    private(set) var checkpoints: [LlamaCheckpoint] = []

    init(slot: Int, options: ThinkerOptions, stop: StopRule) throws(LlamaError) {
        self.slot = slot
        self.options = options
        self.stop = stop
        conversation = Conversation(system: options.systemPrompt, examples: options.examples)
        let sampling = options.sampling
        sampler = try LlamaSampler(
            LlamaSamplerOptions(
                temperature: sampling.temperature, topK: sampling.topK, topP: sampling.topP, minP: sampling.minP,
                repeatPenalty: sampling.repeatPenalty, seed: sampling.seed))
    }

    func append(_ evaluated: [LlamaToken]) { tokens += evaluated }

    /// Remembers where the sequence is now. Keeps the first checkpoint, behind the system prompt, and the last two.
    func checkpoint(in context: LlamaContext) throws(LlamaError) {
        guard context.model.isRecurrent, checkpoints.last?.position != tokens.count else { return }
        checkpoints.append(try context.checkpoint(slot))
        if checkpoints.count > 3 { checkpoints.remove(at: 1) }
    }

    /// Shortens the log and the context's memory to at most so many tokens: exactly so many where memory can be cut,
    /// else to the last checkpoint before.
    func rewind(to count: Int, in context: LlamaContext) {
        guard count < tokens.count else { return }
        if !context.model.isRecurrent, context.cut(slot, from: count) {
            tokens.removeLast(tokens.count - count)
            return
        }
        while let last = checkpoints.last {
            if last.position <= count, (try? context.restore(last, of: slot)) != nil {
                tokens.removeLast(tokens.count - last.position)
                return
            }
            checkpoints.removeLast()
        }
        clear(in: context)
    }

    /// Makes log and memory agree after a call that failed or was stopped.
    func recover(in context: LlamaContext) {
        if !context.model.isRecurrent, context.cut(slot, from: tokens.count) { return }
        // The recurrent state may have moved on: go back to a checkpoint even if none of the log is to be lost.
        if let last = checkpoints.last, (try? context.restore(last, of: slot)) != nil {
            tokens.removeLast(tokens.count - last.position)
        } else {
            clear(in: context)
        }
    }

    func clear(in context: LlamaContext) {
        context.remove(slot)
        tokens = []
        checkpoints = []
    }
}
