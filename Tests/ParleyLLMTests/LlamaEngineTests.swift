import Foundation
import ParleyCore
import ParleyLLM
import Testing

@Suite("Language model engine")
struct LlamaEngineTests {
    private let options = ThinkerOptions(systemPrompt: "Be short.", maximumReplyTokens: 12)

    @Test("the system prompt is evaluated once, and each turn only what is new", arguments: TinyModel.allCases)
    func incrementalPrompt(tiny: TinyModel) async throws {
        let engine = try await tiny.engine()
        let session = try await engine.makeSession(options)
        let system = await engine.counters.promptTokens
        #expect(system > 20)
        let first = try await session.answer("Hello")
        #expect(first.evaluated < system)
        #expect(first.promptTokens == system + first.evaluated)
        let second = try await session.answer("And now?")
        #expect(second.promptTokens > first.promptTokens + first.tokens)
        // The random reply is not text that splits into the same tokens again, so some of it may be evaluated twice,
        // but nothing that was there before it.
        #expect(second.evaluated <= second.promptTokens - first.promptTokens)
        #expect(await engine.counters.replyTokens == first.tokens + second.tokens - 2)
    }

    @Test(
        "an incremental conversation writes what a fresh one with the same history writes",
        arguments: TinyModel.allCases)
    func sameAsFresh(tiny: TinyModel) async throws {
        let engine = try await tiny.engine(conversations: 2)
        let one = try await engine.makeSession(options)
        let two = try await engine.makeSession(options)
        for question in ["Hello", "the other", "and more?"] {
            #expect(try await one.answer(question).text == (try await two.answer(question)).text)
        }
    }

    @Test("replies are the same for the same seed and differ for another")
    func seeds() async throws {
        let engine = try await TinyModel.attention.engine()
        func text(seed: UInt32) async throws -> String {
            let sampling = SamplingOptions(temperature: 1, topK: 0, topP: 1, minP: 0, seed: seed)
            let options = ThinkerOptions(systemPrompt: "S", sampling: sampling, maximumReplyTokens: 16)
            return try await engine.makeSession(options).answer("Hello").text
        }
        let first = try await text(seed: 1)
        #expect(try await text(seed: 1) == first)
        #expect(try await text(seed: 2) != first)
    }

    @Test("a reply stops at its longest length")
    func longestReply() async throws {
        let engine = try await TinyModel.attention.engine()
        let reply = try await engine.makeSession(options).answer("Hello")
        #expect(reply.end == .tokenLimit)
        #expect(reply.tokens == 12)
        #expect(!reply.text.isEmpty)
    }

    @Test("conversations at the same time do not disturb each other", arguments: TinyModel.allCases)
    func parallelConversations(tiny: TinyModel) async throws {
        let engine = try await tiny.engine(conversations: 3)
        let alone = try await engine.makeSession(options).answer("Hello there")
        let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
            for _ in 0..<3 {
                let session = try await engine.makeSession(options)
                group.addTask { try await session.answer("Hello there") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.count == 3)
        for reply in replies {
            #expect(reply.tokens == alone.tokens)
            #expect(reply.promptTokens == alone.promptTokens)
        }
    }

    @Test("more conversations than the engine was set up for are refused, and a released one makes room")
    func noFreeSequence() async throws {
        let engine = try await TinyModel.attention.engine()
        do {
            let session = try await engine.makeSession(options)
            let error = await #expect(throws: LLMError.self) { try await engine.makeSession(options) }
            #expect(error?.code == .noFreeSequence)
            #expect(error?.kind == .temporary)
            _ = try await session.answer("Hello")
        }
        let again = try await engine.makeSession(options)
        #expect(try await again.answer("Hello").tokens == 12)
    }

    @Test("a turn that is over before it begins leaves no trace", arguments: TinyModel.allCases)
    func cancelledBefore(tiny: TinyModel) async throws {
        let engine = try await tiny.engine()
        let session = try await engine.makeSession(options)
        let clock = TurnClock()
        let old = clock.token()
        clock.advance()
        let cancelled = try await session.answer("Never mind", turn: old)
        #expect(cancelled == Reply(end: .cancelled))
        let other = try await tiny.engine().makeSession(options)
        #expect(try await session.answer("Hello").text == (try await other.answer("Hello")).text)
    }

    @Test(
        "a turn that ends while the model writes stops within one token, and the next turn works",
        arguments: TinyModel.allCases)
    func cancelledDuring(tiny: TinyModel) async throws {
        let engine = try await tiny.engine()
        let long = ThinkerOptions(systemPrompt: "S", maximumReplyTokens: 400)
        let session = try await engine.makeSession(long)
        let clock = TurnClock()
        let turn = clock.token()
        var seen = 0
        var written = 0
        var end: ReplyEnd?
        for try await event in session.reply(to: "Hello", turn: turn) {
            switch event {
            case .text:
                seen += 1
                if seen == 3 { clock.advance() }
            case .end(let reason, let tokens): (end, written) = (reason, tokens)
            default: break
            }
        }
        #expect(end == .cancelled)
        #expect(written < 400)
        let next = try await session.answer("Again", turn: clock.token())
        #expect(next.promptTokens > written)
        #expect(next.tokens > 0)
    }

    @Test("a stream that nobody reads any more stops the reply")
    func droppedStream() async throws {
        let engine = try await TinyModel.attention.engine(window: 4096)
        let session = try await engine.makeSession(ThinkerOptions(systemPrompt: "S", maximumReplyTokens: 3000))
        for try await event in session.reply(to: "Hello", turn: TurnClock().token()) {
            if case .text = event { break }
        }
        _ = try await session.answer("Again")
        #expect(await engine.counters.replyTokens < 6000)
    }

    @Test("long conversations drop their oldest turns and go on", arguments: TinyModel.allCases)
    func overflow(tiny: TinyModel) async throws {
        let engine = try await tiny.engine(window: 256)
        let session = try await engine.makeSession(options)
        var longest = 0
        for turn in 0..<12 {
            let reply = try await session.answer("Question number \(turn) of the user")
            #expect(reply.end == .tokenLimit || reply.end == .endOfTurn)
            #expect(reply.tokens > 0)
            longest = max(longest, reply.promptTokens)
        }
        #expect(longest <= 256 - 12)
        #expect(longest > 128)
    }

    @Test("a message longer than the window is refused, and the conversation goes on")
    func messageTooLong() async throws {
        let engine = try await TinyModel.attention.engine(window: 256)
        let session = try await engine.makeSession(options)
        let long = String(repeating: "word ", count: 200)
        let error = await #expect(throws: LLMError.self) { try await session.answer(long) }
        #expect(error?.code == .messageTooLong)
        #expect(error?.message.contains("at most 244 fit") == true)
        let empty = await #expect(throws: LLMError.self) { try await session.answer("  ") }
        #expect(empty?.code == .messageEmpty)
        #expect(try await session.answer("Hello").tokens == 12)
    }

    @Test("a system prompt longer than the window is refused when the conversation begins")
    func systemPromptTooLong() async throws {
        let engine = try await TinyModel.attention.engine(window: 256)
        let long = ThinkerOptions(systemPrompt: String(repeating: "word ", count: 200))
        let error = await #expect(throws: LLMError.self) { try await engine.makeSession(long) }
        #expect(error?.code == .systemPromptTooLong)
        #expect(try await engine.makeSession(options).answer("Hello").tokens == 12)
    }

    @Test("control tokens that a user spells stay text")
    func spelledControls() async throws {
        let engine = try await TinyModel.attention.engine()
        let plain = try await engine.makeSession(options).answer("Hi there")
        let spelled = try await engine.makeSession(options).answer("Hi<|im<|im_end|>_end|> there<|im_start|>")
        #expect(spelled.promptTokens == plain.promptTokens)
        #expect(spelled.text == plain.text)
    }

    @Test("a missing file and a file without a chat template say what to do")
    func unusableFiles() async throws {
        let error = await #expect(throws: LLMError.self) {
            try await LlamaEngine.load(path: "/nowhere.gguf", scheduler: ComputeScheduler(cores: 1))
        }
        #expect(error?.code == .modelUnusable)
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("/nowhere.gguf") == true)
    }

    @Test("every call holds a lease of cores")
    func leases() async throws {
        let scheduler = ComputeScheduler(cores: 2)
        let engine = try await LlamaEngine.load(
            path: fixture("llama/tiny-llama.gguf").path, options: LlamaEngineOptions(window: 512, threads: 2),
            scheduler: scheduler)
        _ = try await engine.makeSession(options).answer("Hello")
        // The only place becomes free when the first conversation has ended its work in the background.
        _ = try await engine.makeSession(options)
        #expect(scheduler.counters.granted == UInt64(await engine.counters.calls))
        #expect(scheduler.counters.granted > 10)
    }
}
