internal import Foundation
internal import Parley

/// Figures of speech to text: against faster-whisper INT8, greedy, on the same Whisper weights, and the memory of long files.
struct RecognitionBench {
    typealias Emit = (_ name: String, _ value: Double, _ unit: String, _ must: Double?, _ aim: Double?) throws -> Void

    /// Longest recording that counts as an utterance, in seconds.
    static let longestUtterance = 6.0
    /// Lengths that count as 3 s.
    static let threeSeconds = 2.5...3.5
    /// Length of the file of the long race, in seconds.
    static let longFile = 600.0

    let threads: Int
    let runs: Int
    let folder: TrackFolder
    let emit: Emit

    /// Utterances by turns: every pair of neighbours gives a ratio.
    func utterances(_ race: Race, _ tracks: [Race.Track]) async throws {
        let laps = try await race.laps(over: tracks.filter { $0.seconds <= Self.longestUtterance }, runs: runs)
        try emit("stt_utterance_samples", Double(laps.count), "pairs", nil, nil)
        try emit("stt_utterance_p50", 1000 * percentile(0.5, of: laps.map(\.ours)), "ms", nil, nil)
        try emit("faster_whisper_utterance_p50", 1000 * percentile(0.5, of: laps.map(\.theirs)), "ms", nil, nil)
        try emit("stt_utterance_speedup", percentile(0.5, of: laps.map(\.ratio)), "times", 6, 12)
        var times: [Double] = []
        for track in tracks where Self.threeSeconds.contains(track.seconds) {
            for _ in 0..<runs * 3 { times.append(1000 * (try await race.seconds(of: track))) }
        }
        guard !times.isEmpty else { return Terminal.note("no recording of 2.5 to 3.5 s: stt_3_s_p50 is not measured") }
        try emit("stt_3_s_samples", Double(times.count), "runs", nil, nil)
        try emit("stt_3_s_p50", percentile(0.5, of: times), "ms", 90, 60)
    }

    /// A file of ten minutes by turns.
    func longFile(_ race: Race, _ tracks: [Race.Track]) async throws {
        let file = try folder.joined(tracks, seconds: Self.longFile, name: "ten-minutes")
        let laps = try await race.laps(over: [file], runs: max(1, runs / 2))
        try emit("stt_10_minutes", percentile(0.5, of: laps.map(\.ours)), "s", nil, nil)
        try emit("faster_whisper_10_minutes", percentile(0.5, of: laps.map(\.theirs)), "s", nil, nil)
        try emit("stt_10_minutes_speedup", percentile(0.5, of: laps.map(\.ratio)), "times", 1.5, 2)
    }

    /// The program on a very long file, a process of its own.
    func veryLongFile(_ parley: URL, _ tracks: [Race.Track], minutes: Int) async throws {
        let file = try folder.joined(tracks, seconds: Double(minutes) * 60, name: "very-long")
        defer { try? FileManager.default.removeItem(at: file.file) }
        Terminal.note("transcribing \(minutes) minutes once: this takes a while (--minutes N for another length)")
        let process = try await WatchedProcess(
            parley,
            ["transcribe", file.file.path, "--language", file.language, "--threads", "\(threads)", "--quiet"])
        try emit("transcribe_minutes", file.seconds / 60, "min", nil, nil)
        try emit("transcribe_seconds", process.seconds, "s", nil, nil)
        try emit("transcribe_peak_rss", process.peakResidentBytes / 1_048_576, "MiB", 250, 180)
    }
}
