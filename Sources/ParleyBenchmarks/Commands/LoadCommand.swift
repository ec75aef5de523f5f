internal import ArgumentParser
internal import Foundation
internal import Parley

/// Loads the recogniser, transcribes one recording and says what that took. `bench` runs it in processes of its own.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Time and memory of loading the recogniser and of its first transcript, as JSON."
    )

    @Argument(help: "A WAV file.")
    var file: String

    @Option(help: "ISO 639-1 code of what is spoken.")
    var language = "en"

    @Option(help: "Cores for everything.")
    var threads = 2

    func run() async throws {
        let clock = ContinuousClock()
        let before = try MemoryUse.now()
        let start = clock.now
        let engine = try await ParleyEngine.open(
            ParleyConfiguration(threads: threads, warmsUp: false), capabilities: [.hearing])
        let loaded = clock.now
        let heard = try await engine.transcribe(URL(filePath: file), language: language)
        let done = clock.now
        let result = FirstTranscript(
            loading: start.duration(to: loaded).inSeconds, total: start.duration(to: done).inSeconds, text: heard.text,
            before: before, after: try MemoryUse.now())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Terminal.line(String(decoding: try encoder.encode(result), as: UTF8.self))
    }
}
