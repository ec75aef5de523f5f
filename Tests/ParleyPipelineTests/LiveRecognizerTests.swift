import ParleyCore
import ParleyPipeline
import ParleyTesting
import Testing

@Suite("Recognising while somebody speaks")
struct LiveRecognizerTests {
    private let clock = TurnClock()

    private func make(_ stt: FakeSTT) throws -> LiveRecognizer {
        try LiveRecognizer(
            model: stt, scheduler: ComputeScheduler(cores: 2), executor: InferenceExecutor(label: "live"))
    }

    /// Waits until the model has begun to work.
    private func waitForSteps(_ count: Int, of stt: FakeSTT) async throws {
        while stt.stepCount < count { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("partial requests and the last one are answered in order")
    func order() async throws {
        let live = try make(FakeSTT(["one", "one two", "one two three"]))
        try await live.begin(TranscriptionOptions(language: "en"))
        for expected in ["one", "one two"] {
            try await live.append([0.1, 0.2])
            #expect(try await live.partial(turn: clock.token()).text == expected)
        }
        #expect(try await live.finish(turn: clock.token()).text == "one two three")
    }

    @Test("audio comes in while the words so far are looked for, and finish replaces that search")
    func replaced() async throws {
        let stt = FakeSTT(["all"], steps: 2_000)
        let live = try make(stt)
        try await live.begin(TranscriptionOptions())
        let turn = clock.token()
        let partial = Task { try await live.partial(turn: turn) }
        try await waitForSteps(1, of: stt)
        try await live.append([0.1])
        #expect(stt.stepCount < 2_000)
        #expect(try await live.finish(turn: turn).text == "all")
        await #expect(throws: CancellationError.self) { try await partial.value }
    }

    @Test("the end of the turn and of the task stop the search", arguments: [true, false])
    func stopped(byTurn: Bool) async throws {
        let stt = FakeSTT(["never", "again"], steps: 1_000_000)
        let live = try make(stt)
        try await live.begin(TranscriptionOptions())
        let turn = clock.token()
        let task = Task { try await live.finish(turn: turn) }
        try await waitForSteps(1, of: stt)
        if byTurn { clock.advance() } else { task.cancel() }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
