internal import ArgumentParser
internal import Foundation
internal import Parley
internal import ParleyAudio

/// Transcribes a folder of recordings and scores what was heard.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Word error rates over a folder of recordings with a manifest.jsonl.",
        discussion: """
            Every file that can be read is transcribed, with its language given unless --detect asks for the other. Example:
              ParleyBenchmarks eval recordings --output out/eval.json
            """)

    @Argument(help: "Folder with a manifest.jsonl: an object a line with file, lang, text, kind, seconds.")
    var folder: String

    @Option(help: "Where the JSON goes.")
    var output: String?

    @Option(help: "Where what was heard goes: an object a line with file, text, language, reruns.")
    var hypotheses: String?

    @Flag(help: "Let the recogniser find the language; files whose language is missed are counted.")
    var detect = false

    @Option(help: "Only recordings of these kinds; may be repeated.")
    var kind: [String] = []

    @Option(help: "Cores.")
    var threads = 2

    func run() async throws {
        let manifest = try Manifest(folder: URL(filePath: folder))
        let chosen = manifest.recordings.filter { kind.isEmpty || kind.contains($0.kind) }
        let engine = try await ParleyEngine.open(ParleyConfiguration(threads: threads), capabilities: [.hearing])
        var hearings: [Hearing] = []
        var leftOut = 0
        for recording in chosen {
            do {
                hearings.append(try await hear(recording, in: manifest, engine))
            } catch let error as ParleyError {
                leftOut += 1
                Terminal.note("left out \(recording.file): \(error.message)")
            }
        }
        guard !hearings.isEmpty else {
            throw BenchmarkError(.nothingScored, "No recording of \(folder) could be read: nothing was scored.")
        }
        let report = EvaluationReport(hearings: hearings, filesLeftOut: leftOut)
        try write(report, hearings)
        Terminal.line(report.table)
    }

    private func hear(_ recording: Recording, in manifest: Manifest, _ engine: ParleyEngine) async throws -> Hearing {
        let language = detect || recording.lang == "none" ? nil : recording.lang
        let result = try await engine.transcribe(URL(filePath: manifest.path(of: recording)), language: language)
        return Hearing(
            recording: recording, text: result.text, language: result.language, reruns: result.reruns,
            stretches: result.segments.count, seconds: result.processing.inSeconds)
    }

    /// One line of the file of hypotheses.
    private struct Hypothesis: Encodable {
        var file: String
        var text: String
        var language: String?
        var reruns: Int
    }

    private func write(_ report: EvaluationReport, _ hearings: [Hearing]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        if let output { try encoder.encode(report).write(to: URL(filePath: output), options: .atomic) }
        guard let hypotheses else { return }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try hearings.map {
            let line = Hypothesis(
                file: $0.recording.file, text: $0.text, language: $0.language, reruns: $0.reruns)
            return String(decoding: try encoder.encode(line), as: UTF8.self)
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: hypotheses), options: .atomic)
    }
}
