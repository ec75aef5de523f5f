internal import Foundation

/// How soon the recogniser is there, and how much memory it takes for itself.
struct LoadSpeed {
    var questions: [Question]
    /// The program parley.
    var parley: URL
    var threads: Int
    var runs: Int

    /// One figure: name, value, unit, bounds.
    typealias Figure = (name: String, value: Double, unit: String, must: Double?, aim: Double?)

    /// Every run is a process of its own. The first fills the cache of packed weights and does not count.
    /// - Throws: `BenchmarkError` with code `.toolFailed`.
    func measure() throws -> [Figure] {
        guard let short = nearest(2), let middle = nearest(3) else { return [] }
        _ = try FirstTranscript.measure(short, threads: threads)
        let first = try (0..<runs).map { _ in try FirstTranscript.measure(short, threads: threads) }
        let memory = try FirstTranscript.measure(middle, threads: threads)
        let processes = try (0..<runs).map { _ in try wholeProcess(short) }
        return [
            ("stt_load_audio", short.seconds, "s", nil, nil),
            ("stt_load_p50", percentile(0.5, of: first.map(\.loading)), "s", nil, nil),
            ("stt_load_to_transcript_p50", percentile(0.5, of: first.map(\.total)), "s", 0.4, 0.15),
            ("transcribe_process_p50", percentile(0.5, of: processes), "s", nil, nil),
            ("stt_memory_audio", middle.seconds, "s", nil, nil),
            ("stt_anonymous_memory", mebibytes(memory.after.anonymous - memory.before.anonymous), "MiB", 25, nil),
            ("process_anonymous_memory", mebibytes(memory.after.anonymous), "MiB", nil, nil),
            ("process_proportional_memory", mebibytes(memory.after.proportional), "MiB", nil, nil),
        ]
    }

    /// The question whose length is closest.
    private func nearest(_ seconds: Double) -> Question? {
        questions.min { abs($0.seconds - seconds) < abs($1.seconds - seconds) }
    }

    /// Seconds from the start of `parley transcribe` to its end.
    private func wholeProcess(_ question: Question) throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        _ = try Program.output(
            parley,
            [
                "transcribe", question.file.path, "--quiet", "--language", question.language, "--threads",
                "\(threads)",
            ])
        return start.duration(to: clock.now).inSeconds
    }

    private func mebibytes(_ bytes: Int64) -> Double { Double(bytes) / 1_048_576 }
}
