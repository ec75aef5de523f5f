internal import Foundation
internal import Parley
internal import ParleyAudio
internal import ParleyCodecs

/// Parley and faster-whisper INT8 by turns on the same recordings, in one run: neighbours share the noise of the machine.
struct Race {
    /// A recording that both sides can read.
    struct Track {
        /// 16-bit WAV at 16 kHz.
        var file: URL
        var language: String
        var seconds: Double
    }

    /// Seconds of two neighbouring runs.
    struct Lap {
        var ours: Double
        var theirs: Double
        var ratio: Double { theirs / ours }
    }

    let engine: ParleyEngine
    let peer: PeerProcess

    /// Threads of OpenMP go on turning for 200 ms after the peer's work is done (`KMP_BLOCKTIME`).
    private static let settling = Duration.milliseconds(300)

    /// - Throws: `BenchmarkError` with code `.nothingScored` when there is no track.
    func laps(over tracks: [Track], runs: Int) async throws -> [Lap] {
        guard !tracks.isEmpty else {
            throw BenchmarkError(.nothingScored, "There is no recording of the length that is measured.")
        }
        var laps: [Lap] = []
        for _ in 0..<runs {
            for track in tracks {
                try await Task.sleep(for: Self.settling)
                let ours = try await seconds(of: track)
                let theirs = try peer.transcribe(track.file, language: track.language).seconds
                laps.append(Lap(ours: ours, theirs: theirs))
            }
        }
        return laps
    }

    /// From the readable file to the text, the search for speech included.
    func seconds(of track: Track) async throws -> Double {
        try await engine.transcribe(track.file, language: track.language).processing.inSeconds
    }
}

/// Recordings for races, written where both sides can read them.
struct TrackFolder {
    private static let rate = 16_000
    /// Silence between two recordings of a long file, in seconds.
    private static let pause = 0.8
    let folder: URL

    /// Writes every recording that can be read as 16-bit WAV at 16 kHz.
    func tracks(_ recordings: [Question]) -> [Race.Track] {
        var tracks: [Race.Track] = []
        for recording in recordings {
            do {
                let audio = try AudioFile.load(recording.file, sampleRate: Self.rate)
                let file = folder.appending(path: "track-\(tracks.count).wav")
                try WAVWriter.write(audio, to: file)
                tracks.append(Race.Track(file: file, language: recording.language, seconds: audio.seconds))
            } catch {
                Terminal.note("left out \(recording.file.lastPathComponent): \(error.message)")
            }
        }
        return tracks
    }

    /// One recording after the other, with pauses, and again from the first, until a length is reached.
    /// - Parameter seconds: least length of the file.
    func joined(_ tracks: [Race.Track], seconds: Double, name: String) throws -> Race.Track {
        guard let language = tracks.first?.language else {
            throw BenchmarkError(.nothingScored, "There is no recording to make a long one of.")
        }
        let file = folder.appending(path: "\(name).wav")
        let writer = try WAVWriter(file, sampleRate: Self.rate)
        let silence = [Float](repeating: 0, count: Int(Self.pause * Double(Self.rate)))
        var index = 0
        while Double(writer.count) < seconds * Double(Self.rate) {
            let audio = try AudioFile.load(tracks[index % tracks.count].file, sampleRate: Self.rate)
            try writer.append(audio.samples)
            try writer.append(silence)
            index += 1
        }
        try writer.finish()
        return Race.Track(file: file, language: language, seconds: Double(writer.count) / Double(Self.rate))
    }
}
