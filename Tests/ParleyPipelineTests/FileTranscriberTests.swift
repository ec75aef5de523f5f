import ParleyAudio
import ParleyCore
import ParleyPipeline
import ParleyTesting
import Testing

/// Loudness that stands for the number of a word: above what `FakeVAD` hears as speech.
private func sound(_ number: Int, seconds: Double = 1) -> [Float] {
    [Float](repeating: 0.2 + Float(number) / 1_000, count: Int(seconds * 16_000))
}

private func quiet(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }

/// Hears the numbers of `sound`, each once.
private func numbers(_ samples: [Float]) -> [Int] {
    var heard: [Int] = []
    for sample in samples where sample > 0.1 {
        let number = Int(((sample - 0.2) * 1_000).rounded())
        if heard.last != number { heard.append(number) }
    }
    return heard
}

private let counting: FakeSTT.Rule = { samples, options in
    Transcript(text: numbers(samples).map(String.init).joined(separator: " "), language: options.language ?? "en")
}

/// A recording in pieces.
private actor Tape {
    private var pieces: [[Float]]
    private let failure: (any Error)?
    private(set) var reads = 0

    init(_ samples: [Float], piece: Int = 10_007, failure: (any Error)? = nil) {
        pieces = stride(from: 0, to: samples.count, by: piece).map {
            Array(samples[$0..<min(samples.count, $0 + piece)])
        }
        self.failure = failure
    }

    func next() throws -> [Float] {
        reads += 1
        if pieces.isEmpty {
            if let failure { throw failure }
            return []
        }
        return pieces.removeFirst()
    }
}

@Suite("A recording of any length")
struct FileTranscriberTests {
    private struct Broken: Error {}

    private func transcriber(
        _ stt: FakeSTT, lanes: Int = 2, settings: SpeechSegmenter.Settings = .init()
    ) -> FileTranscriber {
        let scheduler = ComputeScheduler(cores: 2)
        let company = RecognizerStage.Company()
        return FileTranscriber(
            detector: DetectorStage(
                model: FakeVAD(), scheduler: scheduler, executor: InferenceExecutor(label: "detect")),
            recognizers: (0..<lanes).map { _ in
                RecognizerStage(
                    model: stt, scheduler: scheduler, executor: InferenceExecutor(label: "hear"), company: company)
            }, sampleRate: 16_000, settings: settings)
    }

    @Test(
        "stretches come in order and complete, with their times, however many are recognised at a time",
        arguments: [1, 2, 3])
    func order(lanes: Int) async throws {
        let samples = (0..<40).flatMap { sound($0, seconds: 0.5 + Double($0 * 7 % 5)) + quiet(1.5) }
        let tape = Tape(samples)
        let given = Recorder<TranscribedSegment>()
        let result = try await transcriber(FakeSTT(rule: counting), lanes: lanes).transcribe(
            options: .init(language: "en"), turn: TurnClock().token(), emit: { given.append($0) },
            read: { try await tape.next() })
        #expect(result.text == (0..<40).map(String.init).joined(separator: " "))
        #expect(given.all == result.segments)
        #expect(abs(result.duration / .seconds(1) - Double(samples.count) / 16_000) < 1e-9)
        for (left, right) in zip(result.segments, result.segments.dropFirst()) {
            #expect(left.start < left.end && left.end <= right.start)
        }
    }

    @Test("speech without a pause is cut, and every word is there once", arguments: [0.25, 0.3, 0.37])
    func endless(word: Double) async throws {
        let words = 700
        let tape = Tape((0..<words).flatMap { sound($0, seconds: word) })
        let result = try await transcriber(FakeSTT(rule: counting)).transcribe(
            options: .init(language: "en"), turn: TurnClock().token(), read: { try await tape.next() })
        #expect(result.segments.count > 5)
        #expect(result.text == (0..<words).map(String.init).joined(separator: " "))
    }

    @Test("nobody reads far ahead of what is recognised")
    func bounded() async throws {
        let tape = Tape((0..<100).flatMap { sound($0, seconds: 2) + quiet(1.5) }, piece: 32_000)
        let most = Recorder<Int>()
        let steps = Recorder<Int>()
        let stt = FakeSTT(steps: 1, onStep: { steps.append(1) }, rule: counting)
        _ = try await transcriber(stt).transcribe(
            options: .init(language: "en"), turn: TurnClock().token(),
            emit: { _ in most.append(await tape.reads - steps.all.count * 7 / 4) }, read: { try await tape.next() })
        #expect(most.all.count == 100)
        #expect((most.all.max() ?? 0) < 20)
    }

    @Test("what comes before a failure is given out, then the failure is reported")
    func failure() async throws {
        let tape = Tape(sound(1) + quiet(2) + sound(2), failure: Broken())
        let given = Recorder<String>()
        await #expect(throws: Broken.self) {
            _ = try await transcriber(FakeSTT(rule: counting)).transcribe(
                options: .init(), turn: TurnClock().token(), emit: { given.append($0.transcript.text) },
                read: { try await tape.next() })
        }
        #expect(given.all == ["1", "2"])
    }

    @Test("a receiver that refuses ends the work")
    func refusal() async throws {
        let tape = Tape((0..<200).flatMap { sound($0) + quiet(2) })
        let stt = FakeSTT(rule: counting)
        await #expect(throws: Broken.self) {
            _ = try await transcriber(stt).transcribe(
                options: .init(), turn: TurnClock().token(), emit: { _ in throw Broken() },
                read: { try await tape.next() })
        }
        #expect(stt.stepCount < 60)
    }

    @Test("an unclear first stretch is recognised again in the language of the rest")
    func language() async throws {
        let stt = FakeSTT { samples, options in
            let isFirst = numbers(samples) == [1]
            let language = options.language ?? (isFirst ? "en" : "es")
            return Transcript(
                text: "\(language) \(numbers(samples))", language: language,
                languageProbability: options.language == nil && isFirst ? 0.4 : 0.95)
        }
        let tape = Tape(sound(1) + quiet(2) + sound(2, seconds: 3) + quiet(2) + sound(3))
        let result = try await transcriber(stt).transcribe(
            options: .init(), turn: TurnClock().token(), read: { try await tape.next() })
        #expect(result.segments.map(\.transcript.text) == ["es [1]", "es [2]", "es [3]"])
        #expect(result.language == "es" && result.languageProbability > 0.5 && result.languageProbability < 0.95)
    }

    @Test("noise before the speech has no say in the language, and nothing said has none")
    func noise() async throws {
        let stt = FakeSTT { samples, options in
            let isNoise = numbers(samples) == [9]
            return Transcript(text: isNoise ? "" : "hola", language: options.language ?? (isNoise ? "en" : "es"))
        }
        let tape = Tape(sound(9, seconds: 5) + quiet(2) + sound(2, seconds: 2))
        let result = try await transcriber(stt).transcribe(
            options: .init(), turn: TurnClock().token(), read: { try await tape.next() })
        #expect(result.language == "es" && result.text == "hola" && result.segments.count == 1)
        let nothing = Tape(sound(9, seconds: 5) + quiet(2))
        let empty = try await transcriber(stt).transcribe(
            options: .init(), turn: TurnClock().token(), read: { try await nothing.next() })
        #expect(empty.language == nil && empty.segments.isEmpty)
    }

    @Test("times of words count from the start of the recording")
    func wordTimes() async throws {
        let stt = FakeSTT { _, _ in
            let word = TranscribedWord(text: "x", start: .milliseconds(200), end: .milliseconds(300), probability: 1)
            return Transcript(text: "x", language: "en", words: [word])
        }
        let tape = Tape(quiet(3.2) + sound(1))
        let result = try await transcriber(stt).transcribe(
            options: .init(words: true), turn: TurnClock().token(), read: { try await tape.next() })
        let word = try #require(result.segments.first?.transcript.words.first)
        #expect(abs(word.start / .seconds(1) - 3.2) < 0.04 && word.end - word.start == .milliseconds(100))
    }

    @Test("progress never goes back and ends at the end")
    func progress() async throws {
        let tape = Tape((0..<20).flatMap { sound($0) + quiet(2) })
        let done = Recorder<Duration>()
        let result = try await transcriber(FakeSTT(rule: counting)).transcribe(
            options: .init(), turn: TurnClock().token(), progress: { done.append($0) },
            read: { try await tape.next() })
        #expect(zip(done.all, done.all.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(done.all.last == result.duration)
    }
}
