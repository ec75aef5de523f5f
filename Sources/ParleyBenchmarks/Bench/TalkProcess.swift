internal import Foundation

/// One run of the program `parley talk` on one question.
struct TalkProcess {
    /// Wall time of the process without the time of the answer: loading, and leaving.
    var startToReady: Double
    /// Largest resident set in bytes, file pages included.
    var peakResidentBytes: Double

    private struct Report: Decodable {
        struct Turn: Decodable { var latencyMs: [String: Double] }
        struct Memory: Decodable { var rssPeakBytes: Double }
        var turns: [Turn]
        var memory: Memory
    }

    /// - Throws: `BenchmarkError` with code `.toolFailed`.
    init(_ parley: URL, question: URL, threads: Int, in folder: URL) throws {
        let report = folder.appending(path: "talk.json")
        let clock = ContinuousClock()
        let start = clock.now
        _ = try Program.output(
            parley,
            [
                "talk", question.path, "--quiet", "--threads", "\(threads)",
                "--output", folder.appending(path: "answer.wav").path, "--report", report.path,
            ])
        let wall = start.duration(to: clock.now).inSeconds
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let read = try? decoder.decode(Report.self, from: Data(contentsOf: report)) else {
            throw BenchmarkError(.toolFailed, "\(parley.path) wrote no report that can be read.")
        }
        startToReady = wall - read.turns.reduce(0) { $0 + ($1.latencyMs["total"] ?? 0) } / 1000
        peakResidentBytes = read.memory.rssPeakBytes
    }
}
