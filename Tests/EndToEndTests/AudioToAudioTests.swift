import Foundation
import OnnxRuntime
import Parley
import ParleyAudio
import ParleyModels
import Testing

/// The three checks of the original design, with real models.
@Suite("Speech to speech", .serialized)
struct AudioToAudioTests {
    @Test("models exist: every file of the starter profile is here and has the digest of the catalogue")
    func modelsExist() async throws {
        let environment = ProcessInfo.processInfo.environment
        let store = ModelStore(
            locations: StoreLocations(environment: environment, home: NSHomeDirectory()), environment: environment)
        for name in try Catalogue.standard.profile(named: "starter").requiredEntries {
            let report = try await store.verify(name)
            #expect(report.isCorrect, "\(name) is not what the catalogue says: run `make talk`. \(report)")
        }
    }

    @Test("all models load: every graph of the bundle opens, each role has a model, and no graph is loaded twice")
    func allModelsLoad() async throws {
        let engine = try await TestEngine.shared()
        // Voice activity, encoder, decoder, voice, unknown words: one session each, however many conversations.
        try await TestEngine.withFolder { folder in
            _ = try await engine.transcribe(try await TestEngine.recording(of: "Hello.", in: folder, seed: 9))
        }
        #expect(OnnxHandles.live(.session) == 5)
        let environment = ProcessInfo.processInfo.environment
        let locations = StoreLocations(environment: environment, home: NSHomeDirectory())
        let runtime = try OnnxEnvironment(
            library: OnnxLibrary.open(searching: [locations.libraries]), options: OnnxEnvironmentOptions(threads: 2))
        let bundle = URL(filePath: locations.models).appending(path: "audio-starter")
        let graphs = try Catalogue.standard.entry(named: "audio-starter").files.filter { $0.name.hasSuffix(".onnx") }
        #expect(graphs.count == 6)
        for graph in graphs {
            let session = try OnnxSession(runtime, file: bundle.appending(path: graph.name))
            #expect(!session.inputs.isEmpty && !session.outputs.isEmpty)
        }

        let models = try await engine.models()
        let roles = Set(models.flatMap(\.roles))
        let needed = [
            "vad", "stt.encoder", "stt.decoder", "thinker", "tts.encoder", "tts.talker", "tts.vocoder",
        ]
        for role in needed { #expect(roles.contains(role), "no model for \(role)") }
        #expect(Set(models.map(\.id)).count == models.count)
        #expect(models.allSatisfy { $0.bytes > 0 && $0.sha256.count == 64 })
    }

    @Test("audio to audio: a spoken question is understood and answered aloud")
    func audioToAudio() async throws {
        try await TestEngine.withFolder { folder in
            let question = try await TestEngine.recording(of: "What is the capital of France?", in: folder)
            let answer = try await TestEngine.shared().conversation().ask(question)
            #expect(answer.transcript.lowercased().contains("capital of france"))
            #expect(answer.reply.contains("Paris"))
            #expect(answer.language == "en")
            #expect(answer.speech.duration > .milliseconds(500) && answer.speech.duration < .seconds(20))
            #expect(answer.speech.samples.contains { abs($0) > 0.05 })
            #expect(answer.speech.samples.allSatisfy { $0.isFinite && abs($0) <= 1 })
            #expect(answer.latency.firstAudio > .zero && answer.latency.firstAudio <= answer.latency.total)

            let file = folder.appending(path: "answer.wav")
            try answer.write(to: file)
            let heard = try await TestEngine.shared().transcribe(file, language: "en")
            #expect(heard.text.contains("Paris"), "Parley does not understand its own answer: \(heard.text)")
        }
    }

    @Test("the second question of a conversation is answered too, and the events come in order")
    func twoTurns() async throws {
        try await TestEngine.withFolder { folder in
            let conversation = try await TestEngine.shared().conversation()
            let first = try await TestEngine.recording(of: "What is the capital of Italy?", in: folder, seed: 2)
            let second = try await TestEngine.recording(of: "What is the largest planet?", in: folder, seed: 3)
            let one = try await conversation.ask(first)
            #expect(one.reply.contains("Rome"))
            let log = EventLog()
            let two = try await conversation.ask(second) { await log.append($0) }
            #expect(await log.names.first == "heard")
            #expect(await log.names.contains("sound"))
            #expect(await log.text == two.reply)
            #expect(await log.samples == two.speech.samples.count)
        }
    }

    @Test("silence is an error that says that no words were recognised")
    func silence() async throws {
        try await TestEngine.withFolder { folder in
            let file = folder.appending(path: "silence.wav")
            try WAVWriter.write(AudioChunk(samples: [Float](repeating: 0, count: 32_000), sampleRate: 16_000), to: file)
            let conversation = try await TestEngine.shared().conversation()
            let error = await #expect(throws: ParleyError.self) { _ = try await conversation.ask(file) }
            #expect(error?.code == .noSpeech)
            let words = try await TestEngine.shared().transcribe(file)
            #expect(words.text.isEmpty && words.segments.isEmpty)
        }
    }

    @Test("a cancelled question stops, and the conversation goes on")
    func cancellation() async throws {
        try await TestEngine.withFolder { folder in
            let conversation = try await TestEngine.shared().conversation()
            let question = try await TestEngine.recording(of: "What is the capital of Spain?", in: folder, seed: 4)
            await #expect(throws: CancellationError.self) {
                _ = try await conversation.ask(question) { event in
                    if case .text = event { conversation.cancel() }
                }
            }
            let answer = try await conversation.ask(question)
            #expect(answer.reply.contains("Madrid"))
        }
    }

    @Test("the same text and seed give the same samples, another seed gives others")
    func deterministic() async throws {
        let engine = try await TestEngine.shared()
        let first = try await engine.speak("The same words.", style: SpeechStyle(seed: 7))
        let second = try await engine.speak("The same words.", style: SpeechStyle(seed: 7))
        let third = try await engine.speak("The same words.", style: SpeechStyle(seed: 8))
        #expect(first.samples == second.samples)
        #expect(first.samples != third.samples)
    }
}

/// Remembers the events of a turn.
private actor EventLog {
    private(set) var names: [String] = []
    private(set) var text = ""
    private(set) var samples = 0

    func append(_ event: ConversationEvent) {
        switch event {
        case .heard: names.append("heard")
        case .text(let more):
            names.append("text")
            text += more
        case .sound(let more):
            names.append("sound")
            samples += more.count
        }
    }
}
