internal import Foundation
internal import ParleyCore
internal import ParleySTT
internal import Synchronization
internal import Testing

@Suite("Whisper while somebody speaks", .serialized)
struct STTStreamingTests {
    private func makeSession() throws -> WhisperSession {
        try WhisperModel(TestModels.environment(), bundle: TestModels.folder("audio-starter"))
            .makeSession(WhisperTuning())
    }

    /// Steps until the transcript is there.
    private func run(_ session: some STTSession) throws -> (transcript: Transcript, steps: Int) {
        var steps = 1
        while true {
            if let transcript = try session.step() { return (transcript, steps) }
            steps += 1
        }
    }

    private func whole(_ samples: [Float], language: String? = nil) throws -> (transcript: Transcript, steps: Int) {
        let session = try makeSession()
        try session.begin(TranscriptionOptions(language: language))
        try session.append(samples[...])
        try session.finish()
        return try run(session)
    }

    @Test("words of growing audio end as those of the whole, and what was known is confirmed in a few runs")
    func growing() throws {
        let samples = try TestModels.recording("beckett.wav")
        let alone = try whole(samples)
        let session = try makeSession()
        try session.begin(TranscriptionOptions())
        var heard: [String] = []
        for start in stride(from: 0, to: samples.count, by: 24_000) {
            try session.append(samples[start..<min(start + 24_000, samples.count)])
            try session.partial()
            heard.append(try run(session).transcript.text)
        }
        #expect(heard.last == alone.transcript.text)
        #expect(Set(heard).count >= 4)
        // The last second is silence: nearly all words are there before it, and hold.
        try session.begin(TranscriptionOptions())
        try session.append(samples[..<(samples.count - 8_000)])
        try session.partial()
        let before = try run(session)
        try session.append(samples[(samples.count - 8_000)...])
        try session.finish()
        let after = try run(session)
        #expect(after.transcript.text == alone.transcript.text)
        #expect(after.steps < before.steps / 2, "\(after.steps) steps after \(before.steps)")
    }

    @Test("finish gives the answer to partial at once when nothing came in between")
    func nothingNew() throws {
        let samples = try TestModels.recording("beckett.wav").prefix(60_000)
        let session = try makeSession()
        try session.begin(TranscriptionOptions())
        try session.append(samples)
        try session.partial()
        let partial = try run(session)
        try session.finish()
        let final = try run(session)
        #expect(final.steps == 1)
        #expect(final.transcript == partial.transcript)
        let error = #expect(throws: STTError.self) { try session.append(samples) }
        #expect(error?.code == .outOfOrder)
    }

    @Test("audio may come while the words so far are looked for, and finish may replace that search")
    func replaced() throws {
        let samples = try TestModels.recording("beckett.wav")
        let alone = try whole(samples)
        let session = try makeSession()
        for steps in [0, 1, 2, 6] {
            try session.begin(TranscriptionOptions())
            try session.append(samples[..<80_000])
            try session.partial()
            for _ in 0..<steps { #expect(try session.step() == nil) }
            try session.append(samples[80_000...])
            try session.finish()
            #expect(try run(session).transcript.text == alone.transcript.text)
        }
    }

    @Test("a wrong guess of the language costs a run and changes nothing")
    func guessedLanguage() throws {
        let samples = try TestModels.recording("beckett.wav")
        let model = try WhisperModel(
            TestModels.environment(), bundle: TestModels.folder("audio-starter"), expecting: ["es", "pt"])
        let session = try model.makeSession(WhisperTuning())
        try session.begin(TranscriptionOptions())
        try session.append(samples[...])
        try session.finish()
        let detected = try run(session).transcript
        try session.begin(TranscriptionOptions(language: detected.language))
        try session.append(samples[...])
        try session.finish()
        let given = try run(session).transcript
        #expect(detected.text == given.text)
        #expect(given.languageProbability == 1)
        #expect(detected.languageProbability > 0.5 && detected.languageProbability < 1)
    }

    @Test("a run that is stopped from another thread ends early, and the session can begin again")
    func stopped() throws {
        let samples = [Float](try TestModels.recording("two_cities.wav").prefix(480_000))
        let session = try makeSession()
        try session.begin(TranscriptionOptions(language: "en"))
        try session.append(samples[...])
        try session.finish()
        let stop = session.stop
        let thread = Thread {
            usleep(20_000)
            stop()
        }
        thread.start()
        #expect(throws: CancellationError.self) { while try session.step() == nil {} }
        #expect(throws: (any Error).self) { _ = try session.step() }
        let beckett = try TestModels.recording("beckett.wav")
        try session.begin(TranscriptionOptions(language: "en"))
        try session.append(beckett[...])
        try session.finish()
        #expect(try run(session).transcript == whole(beckett, language: "en").transcript)
    }
}
