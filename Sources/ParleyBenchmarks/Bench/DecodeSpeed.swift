internal import Parley
internal import ParleyCore

/// How fast the thinker writes.
struct DecodeSpeed {
    /// Tokens per second from the first token of a reply to its last.
    var tokensPerSecond: Double
    /// Tokens in the context when writing began.
    var depth: Int
    /// Tokens that were written.
    var tokens: Int

    /// A long reply to a request that asks for one, without sampling noise.
    /// - Throws: `BenchmarkError` with code `.toolFailed` when the reply has fewer than 32 tokens.
    static func measure(_ engine: ParleyEngine) async throws -> DecodeSpeed {
        let options = ThinkerOptions(
            systemPrompt: "You are a storyteller.", sampling: SamplingOptions(temperature: 0), maximumReplyTokens: 128)
        let session = try await engine.thinkerSession(options)
        let clock = ContinuousClock()
        var depth = 0
        var tokens = 0
        var first: ContinuousClock.Instant?
        let request = "Tell me a very long story about a fisherman, with every detail of his day from morning to night."
        for try await event in session.reply(to: request, turn: TurnClock().token()) {
            switch event {
            case .promptEvaluated(let all, _): depth = all
            case .text: if first == nil { first = clock.now }
            case .end(_, let count): tokens = count
            }
        }
        guard let first, tokens >= 32 else {
            throw BenchmarkError(.toolFailed, "The thinker wrote \(tokens) tokens: too few to measure its speed.")
        }
        let seconds = first.duration(to: clock.now).inSeconds
        return DecodeSpeed(tokensPerSecond: Double(tokens - 1) / seconds, depth: depth, tokens: tokens)
    }
}
