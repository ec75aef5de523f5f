internal import ArgumentParser
internal import Foundation
internal import ParleyAudio
internal import ParleyCodecs
internal import ParleyModels

/// What the integer weights of the recogniser cost in words and save in bytes and time.
struct ClaimsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claims", abstract: "The shipped recogniser against the same with FP32 weights.",
        discussion: """
            Both run here, in turns, on the same recordings with their language given. Time: encoder and decoder over \
            recordings of up to 6 s, the best of the rounds of each. One JSON object a line.
            """)

    @Argument(help: "Folder with a manifest.jsonl; recordings of up to 30 s with a text are heard.")
    var folder: String

    @Option(help: "Cores for either side.")
    var threads = 2

    @Option(help: "How often the short recordings are timed.")
    var rounds = 3

    private static let entries = ["audio-starter", "audio-starter-fp32"]
    private static let longestTimed = 6.0
    private static let longest = 30.0

    /// Of one side, over all recordings.
    private struct Side {
        let host: GraphHost
        var scores: [String: Score] = [:]
        var seconds = 0.0
    }

    func run() async throws {
        var sides = try Self.entries.map { Side(host: try GraphHost($0, threads: threads)) }
        let manifest = try Manifest(folder: URL(filePath: folder))
        for recording in manifest.recordings where recording.seconds <= Self.longest {
            guard let text = recording.text, !text.isEmpty, let audio = read(recording, manifest) else { continue }
            let times = recording.seconds <= Self.longestTimed ? max(1, rounds) : 1
            var best = [Double](repeating: .infinity, count: sides.count)
            for time in 0..<times {
                for index in sides.indices {
                    let start = ContinuousClock.now
                    let heard = try sides[index].host.transcribe(
                        audio, language: recording.lang, isFull: false, keepsChoices: false)
                    best[index] = min(best[index], (ContinuousClock.now - start).inSeconds)
                    if time > 0 { continue }
                    sides[index].scores[recording.lang, default: Score()].add(reference: text, hypothesis: heard.text)
                }
            }
            guard recording.seconds <= Self.longestTimed else { continue }
            for index in sides.indices { sides[index].seconds += best[index] }
        }
        guard sides[1].seconds > 0 else {
            throw BenchmarkError(.nothingScored, "\(folder) holds no recording of up to 6 s that can be read.")
        }
        for metric in try metrics(sides[0], sides[1]) { Terminal.line(try metric.json) }
    }

    private func read(_ recording: Recording, _ manifest: Manifest) -> AudioChunk? {
        do {
            return try AudioFile.load(URL(filePath: manifest.path(of: recording)), sampleRate: GraphHost.rate)
        } catch {
            Terminal.note("left out \(recording.file): \(error.message)")
            return nil
        }
    }

    private func metrics(_ shipped: Side, _ reference: Side) throws -> [Metric] {
        let command = "make claims SPEECH=FOLDER"
        let bytes = try Self.entries.map(Self.weightBytes)
        var metrics = [
            Metric(
                "stt_weights_to_fp32", Double(bytes[0]) / Double(bytes[1]), "ratio of bytes", must: 0.25,
                command: command),
            Metric("stt_weights", Double(bytes[0]) / 1e6, "MB", command: command),
            Metric("stt_weights_fp32", Double(bytes[1]) / 1e6, "MB", command: command),
            Metric(
                "stt_time_to_fp32", shipped.seconds / reference.seconds, "ratio of time", must: 0.5, command: command),
        ]
        var loss = (errors: 0, words: 0)
        for (language, score) in shipped.scores.sorted(by: { $0.key < $1.key }) {
            let other = reference.scores[language] ?? Score()
            loss.errors += score.wordErrors.total - other.wordErrors.total
            loss.words += score.words
            metrics.append(
                Metric("stt_word_errors_\(language)", Double(score.wordErrors.total), "words", command: command))
            metrics.append(
                Metric("stt_word_errors_\(language)_fp32", Double(other.wordErrors.total), "words", command: command))
            metrics.append(Metric("stt_words_\(language)", Double(score.words), "words", command: command))
        }
        let points = 100 * Double(loss.errors) / Double(max(1, loss.words))
        return metrics + [Metric("stt_wer_loss_to_fp32", points, "points", must: 0.5, command: command)]
    }

    /// Bytes of every tensor of both graphs; the token embedding is one of them.
    private static func weightBytes(_ entry: String) throws -> Int64 {
        let folder = try Store.folder(entry)
        return try ["stt.encoder.onnx", "stt.decoder.onnx"].reduce(0) {
            $0 + (try ModelInspection(path: folder.appending(path: $1).path).weightBytes)
        }
    }
}
