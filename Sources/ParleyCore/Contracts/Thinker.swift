/// How the next token is chosen.
package struct SamplingOptions: Sendable, Equatable, Codable {
    /// 0 takes the likeliest token always.
    package var temperature: Float
    /// Keeps the k likeliest tokens; 0 keeps all.
    package var topK: Int
    /// Keeps the likeliest tokens whose probabilities add up to this, 0...1.
    package var topP: Float
    /// Keeps tokens at least this probable relative to the likeliest, 0...1.
    package var minP: Float
    /// Divides the logits of recent tokens; 1 is off. While it is on, copies of earlier replies lose score too.
    package var repeatPenalty: Float
    package var seed: UInt32

    package init(
        temperature: Float = 0, topK: Int = 40, topP: Float = 0.95, minP: Float = 0.05, repeatPenalty: Float = 1,
        seed: UInt32 = 0
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.repeatPenalty = repeatPenalty
        self.seed = seed
    }
}

/// A turn that was never spoken: it shows a model how to answer.
package struct ExampleTurn: Sendable, Equatable, Codable {
    package var user: String
    package var reply: String

    package init(user: String, reply: String) {
        self.user = user
        self.reply = reply
    }
}

/// What the caller asks of one conversation with a language model.
package struct ThinkerOptions: Sendable, Equatable {
    /// Evaluated once, kept for the whole conversation, never dropped.
    package var systemPrompt: String
    /// Stand between the system prompt and the first turn; evaluated with the system prompt, never dropped.
    package var examples: [ExampleTurn]
    package var sampling: SamplingOptions
    /// Longest reply, in tokens.
    package var maximumReplyTokens: Int

    package init(
        systemPrompt: String, examples: [ExampleTurn] = [], sampling: SamplingOptions = SamplingOptions(),
        maximumReplyTokens: Int = 160
    ) {
        self.systemPrompt = systemPrompt
        self.examples = examples
        self.sampling = sampling
        self.maximumReplyTokens = maximumReplyTokens
    }
}

/// Why a reply ended.
package enum ReplyEnd: String, Sendable, Codable {
    /// The model ended its turn.
    case endOfTurn
    /// The longest reply was reached.
    case tokenLimit
    /// The turn was cancelled.
    case cancelled
}

/// What comes out of a thinker while it writes.
package enum ThinkerEvent: Sendable, Equatable {
    /// The prompt of this turn is evaluated: how many tokens, how many of them were new.
    case promptEvaluated(tokens: Int, evaluated: Int)
    /// More text: whole Unicode scalars, never half a character.
    case text(String)
    /// The last event: how many tokens the reply has.
    case end(ReplyEnd, tokens: Int)
}

/// Weights and context of a language model, shared by every conversation.
package protocol ThinkerModel: Sendable {
    /// Opens a conversation and evaluates its system prompt.
    func makeSession(_ options: ThinkerOptions) async throws -> any ThinkerSession
}

/// One conversation: a token log inside the model's context. Ends when released.
package protocol ThinkerSession: AnyObject, Sendable {
    /// Adds what the user said and writes the reply.
    /// - Parameter turn: the reply stops within one token after this turn is over.
    /// - Returns: events in order, ended by `.end`. Bounded by the options' longest reply.
    func reply(to text: String, turn: TurnToken) -> AsyncThrowingStream<ThinkerEvent, any Error>
}
