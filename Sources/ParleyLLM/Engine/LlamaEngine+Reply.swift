internal import LlamaRuntime
internal import ParleyCore

extension LlamaEngine {
    typealias Events = AsyncThrowingStream<ThinkerEvent, any Error>.Continuation

    /// Writes one reply, then evaluates what the next turn certainly begins with.
    func reply(to text: String, on slot: Int, turn: TurnToken, events: Events) async {
        do {
            let sequence = try sequence(slot)
            try await write(text, on: sequence, turn: turn, events: events)
            events.finish()
            if isReleased(slot) { return }
            // Nobody waits for this; should it fail, the next reply does the same work and says what is wrong.
            try? await prepareForUser(sequence, priority: .background)
        } catch {
            events.finish(throwing: error)
        }
    }

    /// Evaluates what comes before the user's next word and keeps a checkpoint there.
    func prepareForUser(_ sequence: LlamaSequence, priority: ComputePriority) async throws {
        let tokens = try prompts.commonTokens(sequence.conversation)
        let window = HistoryWindow(window: context.window, reply: sequence.options.maximumReplyTokens)
        guard tokens.count <= window.limit else {
            if !sequence.conversation.turns.isEmpty { return }
            throw LLMError(
                .systemPromptTooLong,
                "The system prompt with its examples has \(tokens.count) tokens; with \(sequence.options.maximumReplyTokens) for a reply "
                    + "it does not fit the window of \(context.window). Shorten it or ask for a larger window.")
        }
        _ = try await extend(sequence, to: tokens, samples: false, turn: nil, priority: priority)
        do {
            try sequence.checkpoint(in: context)
        } catch {
            throw LLMError(error)
        }
    }

    private func write(_ text: String, on sequence: LlamaSequence, turn: TurnToken, events: Events) async throws {
        let prompt = try prompt(for: text, on: sequence)
        var writer = ReplyWriter(longest: min(sequence.options.maximumReplyTokens, context.window - prompt.count))
        var end = ReplyEnd.cancelled
        do {
            sequence.sampler.beginReply()
            let fresh = try await extend(sequence, to: prompt, samples: true, turn: turn, priority: .thinking)
            events.yield(.promptEvaluated(tokens: prompt.count, evaluated: fresh.evaluated))
            var next = fresh.chosen
            while let token = next {
                try turn.check()
                if sequence.stop.ends(token) {
                    end = .endOfTurn
                    break
                }
                let piece = writer.append(try piece(of: token))
                if !piece.isEmpty { events.yield(.text(piece)) }
                if writer.isFull {
                    end = .tokenLimit
                    break
                }
                count(replyTokens: 1)
                next = try await evaluate([token], on: sequence, samples: true, turn: turn, priority: .thinking)
            }
        } catch is CancellationError {
            end = .cancelled
        }
        if end == .endOfTurn {
            let rest = writer.finish()
            if !rest.isEmpty { events.yield(.text(rest)) }
        }
        // A turn that was stopped before anything was written leaves no trace: what the user said was perhaps not all.
        if end != .cancelled || !writer.text.isEmpty { sequence.conversation.record(user: text, reply: writer.text) }
        events.yield(.end(end, tokens: writer.tokens))
    }

    /// Tokens of the whole conversation with the user's new message; drops the oldest turns when they do not fit.
    private func prompt(for text: String, on sequence: LlamaSequence) throws(LLMError) -> [LlamaToken] {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw LLMError(.messageEmpty, "There is nothing to answer: the message is empty.")
        }
        let window = HistoryWindow(window: context.window, reply: sequence.options.maximumReplyTokens)
        let conversation = sequence.conversation
        var prompt: [LlamaToken] = []
        let dropped = try window.turnsToDrop(of: conversation.turns.count) { (dropped) throws(LLMError) in
            prompt = try prompts.tokens(conversation.messages(dropping: dropped, adding: text))
            return prompt.count
        }
        guard let dropped else {
            throw LLMError(
                .messageTooLong,
                "The message is too long for \(model.name): with the system prompt it has \(prompt.count) tokens, "
                    + "and at most \(window.limit) fit. Say it in parts.")
        }
        sequence.conversation.drop(dropped)
        return prompt
    }

    /// Makes a sequence hold exactly the given tokens, evaluating only what it does not hold yet.
    private func extend(
        _ sequence: LlamaSequence, to tokens: [LlamaToken], samples: Bool, turn: TurnToken?, priority: ComputePriority
    ) async throws -> (evaluated: Int, chosen: LlamaToken?) {
        // The last token must be evaluated for its scores even if it is already there.
        let common = min(sequence.tokens.commonPrefix(with: tokens), samples ? tokens.count - 1 : tokens.count)
        sequence.rewind(to: common, in: context)
        let fresh = Array(tokens[sequence.tokens.count...])
        count(promptTokens: fresh.count)
        let chosen = try await evaluate(fresh, on: sequence, samples: samples, turn: turn, priority: priority)
        return (fresh.count, chosen)
    }

    private func piece(of token: LlamaToken) throws(LLMError) -> [UInt8] {
        do {
            return try model.vocabulary.piece(of: token)
        } catch {
            throw LLMError(error)
        }
    }
}

/// Collects a reply while it is written.
struct ReplyWriter {
    private let longest: Int
    private var assembler = UTF8Assembler()
    private(set) var text = ""
    private(set) var tokens = 0

    /// - Parameter longest: tokens at most; at least one is always taken.
    init(longest: Int) { self.longest = longest }

    var isFull: Bool { tokens >= longest }

    mutating func append(_ bytes: [UInt8]) -> String {
        tokens += 1
        let piece = assembler.append(bytes)
        text += piece
        return piece
    }

    /// What a reply that ended by itself still has to say.
    mutating func finish() -> String {
        let rest = assembler.finish()
        text += rest
        return rest
    }
}
