internal import Foundation
internal import ParleyCore
internal import ParleySTT
internal import Testing

@Suite("Whisper with its weights", .serialized)
struct STTWhisperTests {
    /// What the model hears in `beckett.wav`; the actor says "Ever tried".
    private let beckett = "Never tried, ever failed. No matter. Try again. Fail again. Fail better."

    private func makeModel() throws -> WhisperModel {
        try WhisperModel(TestModels.environment(), bundle: TestModels.folder("audio-starter"))
    }

    /// Runs a session to its end.
    private func transcribe(
        _ session: some STTSession, _ samples: [Float], language: String? = "en"
    ) throws -> (transcript: Transcript, steps: Int) {
        try session.begin(TranscriptionOptions(language: language))
        for start in stride(from: 0, to: samples.count, by: 4000) {
            try session.append(samples[start..<min(start + 4000, samples.count)])
        }
        try session.finish()
        var steps = 1
        while true {
            if let transcript = try session.step() { return (transcript, steps) }
            steps += 1
        }
    }

    @Test("a recording becomes its words")
    func words() throws {
        let (transcript, steps) = try transcribe(makeModel().makeSession(), TestModels.recording("beckett.wav"))
        #expect(transcript.text == beckett)
        #expect(transcript.language == "en")
        #expect(transcript.guards.isEmpty)
        #expect(transcript.noSpeechProbability < 0.5)
        #expect((-1..<0).contains(transcript.averageLogProbability))
        // The encoder, and a run of the decoder for each of 18 tokens and the end.
        #expect(steps == 1 + 19)
    }

    /// Origin of the tokens: a greedy loop in Python over the graphs of `audio-starter` with onnxruntime 1.31.1, rows of
    /// the embedding looked up with numpy, audio padded with zeros to 12.16 s, on a CPU with AVX-512 VNNI.
    /// Tolerance: two tokens, because other CPUs round integer products differently.
    @Test("the tokens agree with another host of the same graphs")
    func tokens() throws {
        let golden = [
            7344, 3031, 11, 1562, 7612, 13, 883, 1871, 13, 6526, 797, 13, 39094, 797, 13, 39094, 1101, 13,
        ]
        let session = try makeModel().makeSession(WhisperTuning())
        _ = try transcribe(session, TestModels.recording("beckett.wav"))
        #expect(session.tokens.difference(from: golden).count <= 4)
    }

    @Test("the language is detected when it is not given, and the text is the same")
    func detection() throws {
        let (transcript, _) = try transcribe(
            makeModel().makeSession(), TestModels.recording("beckett.wav"), language: nil)
        #expect(transcript.language == "en")
        #expect(transcript.text == beckett)
    }

    @Test("detection chooses among the languages that are expected, and only those")
    func expectedLanguages() throws {
        let environment = try TestModels.environment()
        let folder = try TestModels.folder("audio-starter")
        let model = try WhisperModel(environment, bundle: folder, expecting: ["es", "de"])
        let (transcript, _) = try transcribe(
            model.makeSession(), TestModels.recording("beckett.wav"), language: nil)
        #expect(["es", "de"].contains(transcript.language))
        #expect(model.languages.contains("en"))
        let error = #expect(throws: STTError.self) {
            _ = try WhisperModel(environment, bundle: folder, expecting: ["xx"])
        }
        #expect(error?.message == "The recogniser knows none of the languages xx.")
    }

    @Test("a session forgets the utterance before, also one that was abandoned half-way")
    func reuse() throws {
        let samples = try TestModels.recording("beckett.wav")
        let session = try makeModel().makeSession()
        let first = try transcribe(session, samples).transcript
        try session.begin(TranscriptionOptions(language: "es"))
        try session.append(samples[30_000..<60_000])
        try session.finish()
        for _ in 0..<3 { _ = try session.step() }
        #expect(try transcribe(session, samples).transcript == first)
    }

    @Test("no audio, too little audio and silent audio give no words", arguments: [0, 160, 16_000, 480_000])
    func silence(count: Int) throws {
        let (transcript, steps) = try transcribe(
            makeModel().makeSession(), [Float](repeating: 0.000_1, count: count))
        #expect(transcript.text == "")
        #expect(transcript.noSpeechProbability == 1)
        #expect(steps == 1)
    }

    @Test("a full window of speech is one utterance")
    func fullWindow() throws {
        let samples = try TestModels.recording("beckett.wav")
        let three = Array((samples + samples + samples).prefix(480_000))
        let (transcript, _) = try transcribe(makeModel().makeSession(), three)
        #expect(transcript.text.lowercased().components(separatedBy: "fail better").count >= 2)
    }

    @Test("a guard that trips makes the model run once more over its full window, and then keeps what it has")
    func secondTry() throws {
        var tuning = WhisperTuning()
        tuning.tokensPerSecond = 0.1
        tuning.tokensAtLeast = 4
        let session = try makeModel().makeSession(tuning)
        let (transcript, steps) = try transcribe(session, TestModels.recording("beckett.wav"))
        #expect(transcript.guards == [.tokenBudget, .tokenBudget])
        // The first four tokens of the full window's text.
        #expect(transcript.text == "Never tried, ever")
        // Twice: the encoder, then runs until the fifth token is one too many.
        #expect(steps == 2 * (1 + 5))
    }

    @Test("audio longer than the window, samples that are not numbers and unknown languages are refused")
    func refusals() throws {
        let session = try makeModel().makeSession()
        let language = #expect(throws: STTError.self) { try session.begin(TranscriptionOptions(language: "xx")) }
        #expect(language?.message.hasPrefix("The recogniser does not know the language xx. It knows af, ") == true)
        try session.begin(TranscriptionOptions())
        let long = #expect(throws: STTError.self) { try session.append([Float](repeating: 0, count: 480_001)[...]) }
        #expect(long?.code == .audioTooLong)
        #expect(throws: STTError.self) { try session.append([0, .infinity]) }
        let early = #expect(throws: STTError.self) { _ = try session.step() }
        #expect(early?.code == .outOfOrder)
    }

    @Test("a folder without a bundle is an error that names the command to run")
    func missingBundle() throws {
        let error = #expect(throws: STTError.self) {
            _ = try WhisperModel(TestModels.environment(), bundle: URL(fileURLWithPath: "/nonexistent"))
        }
        #expect(error?.code == .modelUnusable)
        #expect(error?.message.contains("Run `parley models pull audio-starter`.") == true)
    }
}
