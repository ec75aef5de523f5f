import ParleyAudio
import ParleyCore
import ParleyPipeline
import ParleyTesting
import Testing

@Suite("A turn over a recording")
struct TurnRunnerTests {
    private let question = AudioChunk(
        samples: [Float](repeating: 0, count: 8000) + [Float](repeating: 0.5, count: 16_000)
            + [Float](repeating: 0, count: 8000), sampleRate: 16_000)

    private func runner(
        stt: FakeSTT, thinker: FakeThinker, spoken: Recorder<String> = Recorder()
    ) throws -> TurnRunner {
        let scheduler = ComputeScheduler(cores: 2)
        let executor = InferenceExecutor(label: "test")
        let transcriber = FileTranscriber(
            detector: DetectorStage(model: FakeVAD(), scheduler: scheduler, executor: executor),
            recognizers: [RecognizerStage(model: stt, scheduler: scheduler, executor: executor)], sampleRate: 16_000)
        let voice = try VoiceStage(
            model: FakeVoice(spoken: spoken), options: SpeechOptions(), scheduler: scheduler, executor: executor)
        return TurnRunner(transcriber: transcriber, thinker: thinker, voice: voice)
    }

    private func run(
        _ runner: TurnRunner, _ audio: AudioChunk? = nil, turn: TurnToken = TurnClock().token(),
        emit: @escaping TurnRunner.Emit = { _ in }
    ) async throws -> TurnResult {
        try await runner.run(
            audio ?? question, options: TranscriptionOptions(language: "en"), turn: turn, since: ContinuousClock().now,
            emit: emit)
    }

    @Test("words, reply and sound come in order and whole")
    func ordinary() async throws {
        let spoken = Recorder<String>()
        let events = Recorder<String>()
        let samples = Recorder<Int>()
        let runner = try runner(
            stt: FakeSTT(["What is it?"]), thinker: FakeThinker([["It is", " fine. ", "Very", " fine."]]),
            spoken: spoken)
        let result = try await run(runner) { event in
            switch event {
            case .heard(let transcript): events.append("heard \(transcript.text)")
            case .text: break
            case .speech(let chunk, let clause):
                events.append("clause \(clause)")
                samples.append(chunk.audio.samples.count)
            }
        }
        #expect(result.transcript.text == "What is it?")
        #expect(result.reply == "It is fine. Very fine.")
        #expect(result.replyEnd == .endOfTurn)
        #expect(spoken.all == ["It is fine.", "Very fine."])
        #expect(events.all.first == "heard What is it?")
        #expect(samples.all.reduce(0, +) == ("It is fine.".count + "Very fine.".count) * 100)
        #expect(result.timings.firstAudio > .zero)
        #expect(result.timings.firstAudio <= result.timings.total)
    }

    @Test("a reply that was cut by its limit ends with its last whole clause")
    func cutReply() async throws {
        let spoken = Recorder<String>()
        let thinker = FakeThinker([["It is late. ", "We should", " go because "]], end: .tokenLimit)
        let result = try await run(try runner(stt: FakeSTT(["Go"]), thinker: thinker, spoken: spoken))
        #expect(result.reply == "It is late.")
        #expect(spoken.all == ["It is late."])
        let only = FakeThinker([["We should go because"]], end: .tokenLimit)
        #expect(try await run(try runner(stt: FakeSTT(["Go"]), thinker: only)).reply == "We should go because")
    }

    @Test("the first clause sounds while the thinker still writes")
    func overlap() async throws {
        let gate = Gate()
        // The third piece is written only after sound was heard: a turn that waited for the whole reply would hang.
        let thinker = FakeThinker([["One two. ", "Three", " four."]]) { if $0 == 2 { await gate.wait() } }
        let runner = try runner(stt: FakeSTT(["Go"]), thinker: thinker)
        let result = try await run(runner) { event in
            if case .speech = event { gate.open() }
        }
        #expect(result.reply == "One two. Three four.")
    }

    @Test("audio without speech is an error that says so, and the recogniser is not asked")
    func silence() async throws {
        let stt = FakeSTT(["ghost"])
        let runner = try runner(stt: stt, thinker: FakeThinker([["no"]]))
        let quiet = AudioChunk(samples: [Float](repeating: 0, count: 16_000), sampleRate: 16_000)
        let error = await #expect(throws: PipelineError.self) { _ = try await run(runner, quiet) }
        #expect(error?.code == .noSpeech)
        #expect(error?.message.contains("1.0 s") == true)
        #expect(stt.stepCount == 0)
    }

    @Test("a cancelled turn stops the recogniser within one step")
    func cancelRecognition() async throws {
        let clock = TurnClock()
        let stt = FakeSTT(["x"], steps: 1000) { clock.advance() }
        let runner = try runner(stt: stt, thinker: FakeThinker([]))
        await #expect(throws: CancellationError.self) { _ = try await run(runner, turn: clock.token()) }
        #expect(stt.stepCount == 1)
    }

    @Test("a cancelled turn stops the voice within one chunk")
    func cancelVoice() async throws {
        let clock = TurnClock()
        let heard = Recorder<Int>()
        let runner = try runner(
            stt: FakeSTT(["x"]), thinker: FakeThinker([["A long first sentence that has many chunks. ", "More."]]))
        await #expect(throws: CancellationError.self) {
            _ = try await run(runner, turn: clock.token()) { event in
                if case .speech(let chunk, _) = event {
                    heard.append(chunk.audio.samples.count)
                    clock.advance()
                }
            }
        }
        #expect(heard.all.count == 1)
    }

    @Test("a recording with a long pause is recognised stretch by stretch, with times")
    func stretches() async throws {
        let scheduler = ComputeScheduler(cores: 2)
        let executor = InferenceExecutor(label: "test")
        let transcriber = FileTranscriber(
            detector: DetectorStage(model: FakeVAD(), scheduler: scheduler, executor: executor),
            recognizers: [RecognizerStage(model: FakeSTT(["one", "two"]), scheduler: scheduler, executor: executor)],
            sampleRate: 16_000)
        let loud = [Float](repeating: 0.5, count: 16_000)
        let quiet = [Float](repeating: 0, count: 48_000)
        let audio = AudioChunk(samples: loud + quiet + loud, sampleRate: 16_000)
        let result = try await transcriber.transcribe(audio, options: .init(language: "es"), turn: TurnClock().token())
        #expect(result.text == "one two")
        #expect(result.language == "es")
        #expect(result.segments.count == 2)
        #expect(result.segments[1].start > .seconds(3.5) && result.segments[1].start < .seconds(4.1))
    }
}
