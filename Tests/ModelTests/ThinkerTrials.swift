import Foundation
import ParleyCore
import ParleyLLM
import Testing

/// The questions of docs/models/smollm2.md, asked with the prompt that was chosen there.
@Suite("Thinker trials", .serialized)
struct ThinkerTrials {
    private static let questions = [
        "What is the capital of France?", "What is the best month of the year?", "Do you know why they closed?",
        "Why is this a good idea?", "How are you getting on with your bike?", "Do you like the color of the sky?",
        "Have you set a date for your video yet?", "Change to which folder?", "Make me a cappuccino.",
        "Can I have a single shot iced mocha with some milk?", "Give me a medium mocha.",
        "Get me a dark roast house coffee with whole milk.", "Hello, how are you?", "What's your name?",
        "Who wrote Romeo and Juliet?", "What is two plus three?", "How many days are in a week?",
        "What is the largest planet?", "Why is the sky blue?", "What does a cat eat?", "How do I boil an egg?",
        "Can you tell me a joke?", "What should I cook for dinner tonight?", "I feel sad today.",
        "What is the weather like?", "What time is it?", "Where do penguins live?", "What is a computer?",
        "How far away is the moon?", "Can you help me sleep better?", "Tell me something about whales.",
        "What language do people speak in Brazil?", "Is water wet?", "Thank you very much.",
        "Recommend me a good book.",
        "What is the difference between a lake and a river?",
    ]

    @Test("answers to spoken questions are short, speakable and end by themselves")
    func spokenQuestions() async throws {
        let engine = try await LlamaEngine.load(
            path: try StarterThinker.file(), options: LlamaEngineOptions(window: 512, threads: 1),
            scheduler: ComputeScheduler(cores: 1))
        var short = 0
        var speakable = 0
        var complete = 0
        for question in Self.questions {
            let session = try await engine.makeSession(SpokenPrompt.starter)
            var text = ""
            for try await event in session.reply(to: question, turn: TurnClock().token()) {
                switch event {
                case .text(let piece): text += piece
                case .end(let end, _): complete += end == .endOfTurn ? 1 : 0
                default: break
                }
            }
            short += text.split(separator: " ").count <= 40 ? 1 : 0
            speakable += text.contains { "*#`[]{}|<>\\\n".contains($0) } ? 0 : 1
            print("\(question)\t\(text)")
        }
        #expect(Self.questions.count == 36)
        #expect(short >= 33)
        #expect(speakable >= 34)
        #expect(complete >= 33)
    }
}

/// SmolLM2-135M-Instruct in the store.
enum StarterThinker {
    /// - Throws: when the model is not there, with the command that fetches it.
    static func file() throws -> String {
        let data =
            ProcessInfo.processInfo.environment["XDG_DATA_HOME"].map { URL(filePath: $0) }
            ?? URL.homeDirectory.appending(path: ".local/share")
        let path = data.appending(path: "parley/models/smollm2-135m-instruct-q4_1/SmolLM2-135M-Instruct.Q4_1.gguf").path
        try #require(
            FileManager.default.fileExists(atPath: path), "Run `parley models pull starter` first: \(path) is missing.")
        return path
    }
}
