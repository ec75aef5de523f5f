import Foundation
import LlamaRuntime
import ParleyCore
import ParleyLLM
import Testing

/// SmolLM2-135M-Instruct in the store. One test at a time: they share two cores.
@Suite("Thinker with SmolLM2", .serialized)
struct ThinkerTests {
    private let question = "What is the capital of France?"

    private func engine(window: Int = 1024) async throws -> LlamaEngine {
        // One thread: idle spinning of a second one would slow down whatever else runs on the machine.
        try await LlamaEngine.load(
            path: try StarterThinker.file(), options: LlamaEngineOptions(window: window, threads: 1),
            scheduler: ComputeScheduler(cores: 1))
    }

    @Test("knows the capital of France and ends its turn by itself")
    func capital() async throws {
        let session = try await engine().makeSession(SpokenPrompt.starter)
        let reply = try await session.answer(question)
        #expect(reply.text.contains("Paris"))
        #expect(reply.end == .endOfTurn)
        #expect(!reply.text.contains("<|"))
    }

    @Test("the system prompt is evaluated once; a turn evaluates what the user says and no more")
    func incrementalPrompt() async throws {
        let engine = try await engine()
        let session = try await engine.makeSession(SpokenPrompt.starter)
        let system = await engine.counters.promptTokens
        let first = try await session.answer(question)
        #expect(first.promptTokens == system + first.evaluated)
        // Seven words and a question mark, the end of the message, the beginning of the reply.
        #expect(first.evaluated <= 14)
        let second = try await session.answer("And of Spain?")
        #expect(second.promptTokens > first.promptTokens + first.tokens)
        #expect(second.evaluated <= 12)
        // Everything was evaluated once, whether in a turn or ahead of it.
        #expect(
            await engine.counters.promptTokens + engine.counters.replyTokens <= second.promptTokens + second.tokens + 16
        )
    }

    @Test("the second turn knows the first")
    func history() async throws {
        let engine = try await engine()
        let session = try await engine.makeSession(SpokenPrompt.starter)
        _ = try await session.answer(question)
        #expect(try await session.answer("And of Spain?").text.contains("Madrid"))
    }

    @Test("the same question gets the same answer, every time")
    func repeatable() async throws {
        let engine = try await engine()
        var answers: Set<String> = []
        for _ in 0..<3 {
            answers.insert(try await engine.makeSession(SpokenPrompt.starter).answer("Why is the sky blue?").text)
        }
        #expect(answers.count == 1)
    }

    @Test("a turn that ends stops the reply within one token, and the next turn goes on from what was written")
    func cancellation() async throws {
        let engine = try await engine()
        let session = try await engine.makeSession(SpokenPrompt.starter)
        let clock = TurnClock()
        var text = ""
        var pieces = 0
        var after = 0
        for try await event in session.reply(to: "Tell me a story about a dragon and a princess.", turn: clock.token())
        {
            guard case .text(let piece) = event else { continue }
            text += piece
            pieces += 1
            if pieces == 4 { clock.advance() }
            if pieces > 4 { after += 1 }
        }
        // What was written when the fourth piece arrived, and the token that was being evaluated.
        #expect(after <= 2)
        #expect(!text.isEmpty)
        let next = try await session.answer(question, turn: clock.token())
        #expect(next.text.contains("Paris"))
    }

    @Test("a long conversation in a small window drops old turns and keeps the system prompt")
    func overflow() async throws {
        let engine = try await engine(window: 256)
        let options = ThinkerOptions(systemPrompt: SpokenPrompt.starter.systemPrompt, maximumReplyTokens: 40)
        let session = try await engine.makeSession(options)
        var longest = 0
        for _ in 0..<8 {
            longest = max(longest, try await session.answer("Tell me something about whales.").promptTokens)
        }
        #expect(longest <= 256 - 40)
        #expect(try await session.answer(question).text.contains("Paris"))
    }

    /// Origin: Jinja 3.1.6, `trim_blocks` and `lstrip_blocks` on, over the template of the file. Tolerance: none.
    @Test("the file's own chat template is rendered as Jinja does")
    func template() throws {
        let source = try #require(try LlamaModel(path: try StarterThinker.file()).chatTemplate)
        let template = try ChatTemplate(source)
        #expect(
            try template.render([ChatMessage(.user, "Hi")], asksForReply: true)
                == "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
                + "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
        let turns = [
            ChatMessage(.system, "S"), ChatMessage(.user, "a"), ChatMessage(.assistant, "b"), ChatMessage(.user, "c"),
        ]
        #expect(
            try template.render(turns, asksForReply: false)
                == "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
                + "<|im_start|>user\nc<|im_end|>\n")
    }

    /// A reply, its events put together.
    fileprivate struct Reply {
        var text = ""
        var promptTokens = 0
        var evaluated = 0
        var end: ReplyEnd?
        var tokens = 0
    }
}

extension ThinkerSession {
    fileprivate func answer(_ text: String, turn: TurnToken = TurnClock().token()) async throws -> ThinkerTests.Reply {
        var reply = ThinkerTests.Reply()
        for try await event in self.reply(to: text, turn: turn) {
            switch event {
            case .promptEvaluated(let tokens, let evaluated):
                (reply.promptTokens, reply.evaluated) = (tokens, evaluated)
            case .text(let piece): reply.text += piece
            case .end(let end, let tokens): (reply.end, reply.tokens) = (end, tokens)
            }
        }
        return reply
    }
}
