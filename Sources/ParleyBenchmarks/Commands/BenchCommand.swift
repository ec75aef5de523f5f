internal import ArgumentParser
internal import Foundation
internal import Parley
internal import ParleyCore
internal import ParleyModels

/// Prints the figures of the README, one JSON object a line, each as soon as it is known.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Speed and memory, one JSON object a line.",
        discussion: "Questions come from --speech; without it Parley speaks its own.")

    @Option(help: "Folder with a manifest.jsonl whose recordings of kind `question` are asked.")
    var speech: String?

    @Option(help: "The program parley.")
    var parley = ".build/release/parley"

    @Option(help: "llama.cpp's llama-bench from the build that Parley is linked with.")
    var llamaBench: String?

    @OptionGroup var peer: PeerOptions

    @Option(help: "Length of the recording over which the memory of `parley transcribe` is measured.")
    var minutes = 180

    @Option(help: "Times that every question is asked.")
    var runs = 5

    @Option(help: "Cores for everything.")
    var threads = 2

    @Option(help: "Only these figures; may be repeated.")
    var only: [Part] = []

    /// What is measured together.
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case answering, hearing, utterances, longFile, veryLongFile, speaking, writing, starting, loading
    }

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let engine = try await ParleyEngine.open(ParleyConfiguration(threads: threads))
        let questions: [Question]
        if let speech {
            questions = try Question.all(in: URL(filePath: speech))
        } else {
            questions = try await Question.spoken(by: engine, into: folder)
        }
        guard let question = questions.first else {
            throw BenchmarkError(.nothingScored, "\(speech ?? "The folder") holds no question that can be read.")
        }
        for part in Part.allCases where only.isEmpty || only.contains(part) {
            switch part {
            case .answering: try await firstAudio(questions.filter { $0.seconds <= 4 }, engine)
            case .hearing: try await hearing(questions, engine)
            case .utterances, .longFile, .veryLongFile: try await recognition(part, engine, questions, folder)
            case .speaking: try await speaking(engine)
            case .writing: try await writing(engine)
            case .starting: try starting(question, folder)
            case .loading: try loading(questions)
            }
        }
    }

    /// Kinds of recordings that are ordinary speech.
    private static let spoken: Set<String> = ["read", "question", "conversation"]

    private var command: String { speech == nil ? "make bench" : "make bench SPEECH=FOLDER" }

    private func emit(_ name: String, _ value: Double, _ unit: String, must: Double? = nil, aim: Double? = nil) throws {
        Terminal.line(try Metric(name, value, unit, must: must, aim: aim, command: command).json)
    }

    /// From the readable file to the first sample; every question opens a conversation of its own.
    private func firstAudio(_ questions: [Question], _ engine: ParleyEngine) async throws {
        var times: [Double] = []
        for _ in 0..<runs {
            for question in questions {
                let answer = try await engine.conversation().ask(question.file, language: question.language)
                times.append(answer.latency.firstAudio.inMilliseconds)
            }
        }
        guard !times.isEmpty else { return Terminal.note("no question of up to 4 s: first_audio is not measured") }
        try emit("first_audio_samples", Double(times.count), "answers")
        try emit("first_audio_p50", percentile(0.5, of: times), "ms")
        try emit("first_audio_p95", percentile(0.95, of: times), "ms", must: 485, aim: 250)
    }

    /// Words of the questions, and the time to recognise them by length.
    private func hearing(_ questions: [Question], _ engine: ParleyEngine) async throws {
        var score = Score()
        var times: [Int: [Double]] = [:]
        for question in questions {
            let heard = try await engine.transcribe(question.file, language: question.language)
            if question.language == "en" { score.add(reference: question.text, hypothesis: heard.text) }
            let bucket = [2, 4, 8, 16].first { question.seconds <= Double($0) } ?? 32
            times[bucket, default: []].append(heard.processing.inMilliseconds)
        }
        guard score.words > 0 else { return Terminal.note("no English question: word errors are not counted") }
        let bounds: (must: Double?, aim: Double?) = speech == nil ? (nil, nil) : (19, 15)
        try emit("question_words", Double(score.words), "words")
        try emit("question_word_errors", Double(score.wordErrors.total), "words", must: bounds.must, aim: bounds.aim)
        for (bucket, values) in times.sorted(by: { $0.key < $1.key }) {
            try emit("stt_up_to_\(bucket)_s_p50", percentile(0.5, of: values), "ms")
        }
    }

    private func recognition(
        _ part: Part, _ engine: ParleyEngine, _ questions: [Question], _ scratch: URL
    ) async throws {
        let folder = TrackFolder(folder: scratch)
        let bench = RecognitionBench(threads: threads, runs: runs, folder: folder) { name, value, unit, must, aim in
            try emit(name, value, unit, must: must, aim: aim)
        }
        let recordings = try speech.map { try Question.all(in: URL(filePath: $0), kinds: Self.spoken) } ?? questions
        let tracks = folder.tracks(recordings)
        let english = tracks.filter { $0.language == "en" }
        if part == .veryLongFile {
            return try await bench.veryLongFile(URL(filePath: parley), english, minutes: minutes)
        }
        let race = Race(engine: engine, peer: try PeerProcess(peer.setup(), .int8, threads: threads))
        if part == .utterances { try await bench.utterances(race, tracks) }
        if part == .longFile { try await bench.longFile(race, english) }
    }

    private func speaking(_ engine: ParleyEngine) async throws {
        let sentences = [
            "The capital of France is Paris.", "There are seven days in a week.", "Bees make honey.",
            "It is half past three on Tuesday afternoon.",
        ]
        var times: [Double] = []
        for _ in 0..<runs {
            for sentence in sentences { times.append(try await engine.speak(sentence).firstAudio.inMilliseconds) }
        }
        try emit("tts_first_samples_p50", percentile(0.5, of: times), "ms")
    }

    /// Parley and llama-bench take turns, so that both meet the same machine.
    private func writing(_ engine: ParleyEngine) async throws {
        guard let llamaBench else { return Terminal.note("no --llama-bench: the speed of writing is not compared") }
        let bench = LlamaBench(
            program: URL(filePath: llamaBench), model: URL(filePath: try Self.thinkerFile()), threads: threads)
        var ours: [Double] = []
        var theirs: [Double] = []
        // Each speed varies by a tenth on a shared machine: the median of many ratios of neighbours is steady.
        for _ in 0..<runs * 3 {
            let speed = try await DecodeSpeed.measure(engine)
            ours.append(speed.tokensPerSecond)
            theirs.append(try bench.decode(tokens: speed.tokens, depth: speed.depth))
        }
        let ratios = zip(ours, theirs).map { 100 * $0 / $1 }
        try emit("llm_decode", percentile(0.5, of: ours), "tokens/s")
        try emit("llama_bench_decode", percentile(0.5, of: theirs), "tokens/s")
        try emit("llm_decode_ratio", percentile(0.5, of: ratios), "%", must: 95, aim: 99)
    }

    /// The file that the engine's default profile writes with.
    private static func thinkerFile() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let store = ModelStore(
            locations: StoreLocations(environment: environment, home: NSHomeDirectory()), environment: environment)
        let entry = try store.catalogue.entry(named: try store.catalogue.profile(named: "starter").thinker)
        return try store.path(of: entry.id, file: entry.files.first?.name)
    }

    private func loading(_ questions: [Question]) throws {
        let speed = LoadSpeed(questions: questions, parley: URL(filePath: parley), threads: threads, runs: runs)
        for figure in try speed.measure() {
            try emit(figure.name, figure.value, figure.unit, must: figure.must, aim: figure.aim)
        }
    }

    private func starting(_ question: Question, _ folder: URL) throws {
        let processes = try (0..<runs).map { _ in
            try TalkProcess(URL(filePath: parley), question: question.file, threads: threads, in: folder)
        }
        try emit("talk_ready_p50", percentile(0.5, of: processes.map(\.startToReady)), "s", must: 2, aim: 0.5)
        let peak = processes.map(\.peakResidentBytes).max() ?? 0
        try emit("talk_peak_rss", peak / 1_048_576, "MiB")
    }
}
