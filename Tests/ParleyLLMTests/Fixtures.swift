import Foundation
import ParleyCore
import ParleyLLM
import Testing

/// Models of 60 KB with random weights; Tests/Fixtures/llama/make.py writes them.
enum TinyModel: String, CaseIterable, CustomTestStringConvertible {
    case attention = "tiny-llama"
    /// Its memory cannot be cut, so turns need checkpoints.
    case hybrid = "tiny-lfm2"

    var testDescription: String { rawValue }

    func engine(window: Int = 1024, conversations: Int = 1) async throws -> LlamaEngine {
        try await LlamaEngine.load(
            path: fixture("llama/\(rawValue).gguf").path,
            options: LlamaEngineOptions(window: window, conversations: conversations, threads: 1, promptQuantum: 8),
            scheduler: ComputeScheduler(cores: 2))
    }
}

func fixture(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/\(path)")
}

/// What a reply was, its events put together.
struct Reply: Equatable {
    var text = ""
    var promptTokens = 0
    var evaluated = 0
    var end: ReplyEnd?
    var tokens = 0
}

extension ThinkerSession {
    /// Reads a reply to its end.
    func answer(_ text: String, turn: TurnToken = TurnClock().token()) async throws -> Reply {
        var reply = Reply()
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
