internal import ArgumentParser
internal import Foundation
internal import Parley
internal import ParleyAudio

/// Transcribes a folder of recordings and scores what was heard.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Word error rates over a folder of recordings with a manifest.jsonl.",
        discussion: """
            Every file that can be read is transcribed with its language given. Example:
              ParleyBenchmarks eval recordings --output out/eval.json
            """)

    @Argument(help: "Folder with a manifest.jsonl: an object a line with file, lang, text, kind, seconds.")
    var folder: String

    @Option(help: "Where the JSON goes.")
    var output: String?

    @Option(help: "Where what was heard goes: an object a line with file and text.")
    var hypotheses: String?

    func run() async throws {
        let manifest = try Manifest(folder: URL(filePath: folder))
        let engine = try await ParleyEngine.open(capabilities: [.hearing])
        let readable = manifest.recordings.filter(\.isReadable)
        var hearings: [Hearing] = []
        var unreadable = 0
        for recording in readable {
            do {
                hearings.append(try await Self.hear(recording, in: manifest, engine))
            } catch let error as ParleyError {
                unreadable += 1
                Terminal.note("left out \(recording.file): \(error.message)")
            }
        }
        guard !hearings.isEmpty else {
            throw BenchmarkError(.nothingScored, "No recording of \(folder) could be read: nothing was scored.")
        }
        let leftOut = manifest.recordings.count - readable.count + unreadable
        let report = EvaluationReport(hearings: hearings, filesLeftOut: leftOut)
        try write(report, hearings)
        Terminal.line(report.table)
    }

    private static func hear(_ recording: Recording, in manifest: Manifest, _ engine: ParleyEngine) async throws
        -> Hearing
    {
        let language = recording.lang == "none" ? nil : recording.lang
        let result = try await engine.transcribe(URL(filePath: manifest.path(of: recording)), language: language)
        return Hearing(
            recording: recording, text: result.text, reruns: result.reruns, seconds: result.processing.inSeconds)
    }

    private func write(_ report: EvaluationReport, _ hearings: [Hearing]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        if let output { try encoder.encode(report).write(to: URL(filePath: output), options: .atomic) }
        guard let hypotheses else { return }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try hearings.map {
            String(decoding: try encoder.encode(["file": $0.recording.file, "text": $0.text]), as: UTF8.self)
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: hypotheses), options: .atomic)
    }
}
