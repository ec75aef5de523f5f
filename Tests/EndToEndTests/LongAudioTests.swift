import Foundation
import Parley
import ParleyAudio
import ParleyModels
import Testing

/// Recordings that are put together from known ones, at 24 kHz.
private enum Tape {
    static let rate = 24_000

    static func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * Double(rate))) }

    /// The opening of A Tale of Two Cities, 44 s, of the recordings that `parley models pull` fetches for tests.
    static func twoCities() throws -> [Float] {
        let environment = ProcessInfo.processInfo.environment
        let models = StoreLocations(environment: environment, home: NSHomeDirectory()).models
        let file = URL(filePath: models).appending(path: "moonshine-recordings/two_cities.wav")
        try #require(
            FileManager.default.fileExists(atPath: file.path),
            "\(file.path) is missing. Run `parley models pull moonshine-recordings`.")
        let reader = try WAVReader(file)
        try #require(reader.format.sampleRate == 2 * rate)
        var samples: [Float] = []
        while case let block = try reader.read(rate), !block.isEmpty {
            samples += stride(from: 0, to: block.count - 1, by: 2).map { (block[$0] + block[$0 + 1]) / 2 }
        }
        return samples
    }

    static func write(_ samples: [Float], to file: URL) throws -> URL {
        try WAVWriter.write(AudioChunk(samples: samples, sampleRate: rate), to: file)
        return file
    }

    /// Speech whose pauses are shortened to 60 ms, as nobody speaks.
    static func breathless(_ samples: [Float]) -> [Float] {
        let step = rate / 50
        var quiet = 0
        return stride(from: 0, to: samples.count - step, by: step).flatMap { start -> ArraySlice<Float> in
            let piece = samples[start..<(start + step)]
            quiet = piece.contains { abs($0) > 0.01 } ? 0 : quiet + 1
            return quiet <= 3 ? piece : []
        }
    }
}

private func words(_ text: String) -> [String] {
    text.lowercased().split(whereSeparator: \.isWhitespace).map { $0.filter { $0.isLetter || $0.isNumber } }
}

/// Words lost, added or replaced, and the longest row of words lost or added at one place.
private func difference(_ found: [String], _ expected: [String]) -> (count: Int, longestRow: Int) {
    let changes = found.difference(from: expected)
    func longest(_ offsets: [Int]) -> Int {
        var best = 0
        var row = 0
        var last = -2
        for offset in offsets.sorted() {
            row = offset == last + 1 ? row + 1 : 1
            best = max(best, row)
            last = offset
        }
        return best
    }
    let lost = changes.removals.compactMap { if case .remove(let offset, _, _) = $0 { offset } else { nil } }
    let added = changes.insertions.compactMap { if case .insert(let offset, _, _) = $0 { offset } else { nil } }
    return (max(lost.count, added.count), max(longest(lost), longest(added)))
}

@Suite("Long recordings", .serialized)
struct LongAudioTests {
    private static let sentences = [
        "The train to the north leaves at nine in the morning.",
        "My sister lives in a small house near the river.",
        "Please bring two bottles of water and some bread.",
        "We visited seven museums in the old part of the town.",
    ]

    @Test("a recording put together from known ones has their words, in order, whatever the gaps")
    func joined() async throws {
        try await TestEngine.withFolder { folder in
            let engine = try await TestEngine.shared()
            let cities = try Tape.twoCities()
            var parts = [cities]
            for (index, sentence) in Self.sentences.enumerated() {
                parts.append(try await engine.speak(sentence, style: SpeechStyle(seed: UInt64(index))).samples)
            }
            var expected: [[String]] = []
            for part in parts {
                let alone = try await engine.transcribe(
                    Tape.write(Tape.silence(0.5) + part + Tape.silence(0.5), to: folder.appending(path: "part.wav")),
                    language: "en")
                expected.append(words(alone.text))
            }
            let order = [1, 2, 0, 3, 4, 2, 1, 0, 4]
            let gaps = [0.7, 1.5, 3, 1, 2, 0.5, 6, 1.3, 0.9]
            let samples = zip(order, gaps).flatMap { Tape.silence($1) + parts[$0] }
            let result = try await engine.transcribe(Tape.write(samples, to: folder.appending(path: "all.wav")))
            let difference = difference(words(result.text), order.flatMap { expected[$0] })
            #expect(difference.count <= 6 && difference.longestRow <= 3, "\(difference): \(result.text)")
            #expect(result.language == "en" && (result.languageProbability ?? 0) > 0.8)
            #expect(abs(result.audioDuration / .seconds(1) - Double(samples.count) / Double(Tape.rate)) < 0.01)
            for (left, right) in zip(result.segments, result.segments.dropFirst()) { #expect(left.end <= right.start) }
        }
    }

    @Test("speech without a pause is cut and joined again without losing or doubling words")
    func breathless() async throws {
        try await TestEngine.withFolder { folder in
            let engine = try await TestEngine.shared()
            let cities = try Tape.twoCities()
            let normal = try await engine.transcribe(
                Tape.write(cities, to: folder.appending(path: "normal.wav")), language: "en")
            let dense = Tape.breathless(cities)
            let result = try await engine.transcribe(
                Tape.write(dense + dense, to: folder.appending(path: "dense.wav")), language: "en")
            let expected = words(normal.text)
            let difference = difference(words(result.text), expected + expected)
            #expect(result.segments.count >= 2)
            #expect(difference.count <= 12 && difference.longestRow <= 4, "\(difference): \(result.text)")
        }
    }

    @Test("segments come while the work goes on, the same as those of the result, with words inside of them")
    func segments() async throws {
        try await TestEngine.withFolder { folder in
            let engine = try await TestEngine.shared()
            let file = try Tape.write(Tape.twoCities(), to: folder.appending(path: "a.wav"))
            var streamed: [Transcription.Segment] = []
            for try await segment in engine.segments(of: file, language: "en", words: true) { streamed.append(segment) }
            let whole = try await engine.transcribe(file, language: "en", words: true)
            #expect(streamed == whole.segments && streamed.count >= 2)
            for segment in streamed {
                #expect(segment.words.map(\.text).joined(separator: " ") == segment.text)
                #expect(segment.words.allSatisfy { $0.start <= $0.end && (0...1).contains($0.probability) })
                #expect(segment.words.allSatisfy { $0.start >= segment.start && $0.end <= segment.end })
                #expect((0...1).contains(segment.confidence) && segment.confidence > 0.3)
            }
        }
    }
}

@Suite("Forms of transcribe", .serialized)
struct TranscribeFormsTests {
    @Test("subtitles of a file, of several into a folder, and of several into one refused")
    func subtitles() async throws {
        try await TestEngine.withFolder { folder in
            _ = try Tape.write(Tape.twoCities(), to: folder.appending(path: "a b.wav"))
            _ = try Tape.write(Tape.silence(2), to: folder.appending(path: "s.wav"))
            let printed = try CommandLineProcess.run(
                ["transcribe", "--format", "vtt", "a b.wav", "--quiet"], in: folder)
            #expect(printed.code == 0 && printed.output.hasPrefix("WEBVTT\n\n00:00:0"), "\(printed)")
            let lines = printed.output.split(separator: "\n")
            #expect(lines.count { $0.contains(" --> ") } >= 7 && lines.allSatisfy { $0.count <= 42 })
            let refused = try CommandLineProcess.run(
                ["transcribe", "--format", "srt", "a b.wav", "s.wav", "--output", "x.srt"], in: folder)
            #expect(refused.code == 64 && refused.errors.contains("--output FOLDER/"), "\(refused)")
            let both = try CommandLineProcess.run(
                ["transcribe", "--format", "srt", "a b.wav", "s.wav", "--output", "out/", "--language", "en"],
                in: folder)
            #expect(both.code == 0 && both.output == "", "\(both)")
            #expect(both.errors.contains("No words were recognised in s.wav."))
            let srt = try String(contentsOf: folder.appending(path: "out/a b.srt"), encoding: .utf8)
            #expect(srt.hasPrefix("1\n00:00:0") && srt.hasSuffix(".\n\n"))
            #expect(try Data(contentsOf: folder.appending(path: "out/s.srt")).isEmpty)
        }
    }

    @Test("silence is an empty line and no error; a language nobody knows is refused with the list")
    func edges() async throws {
        try await TestEngine.withFolder { folder in
            _ = try Tape.write(Tape.silence(2), to: folder.appending(path: "s.wav"))
            let silent = try CommandLineProcess.run(["transcribe", "s.wav", "--quiet"], in: folder)
            #expect(silent.code == 0 && silent.output == "\n" && silent.errors == "", "\(silent)")
            let unknown = try CommandLineProcess.run(["transcribe", "s.wav", "--language", "xx"], in: folder)
            #expect(unknown.code == 64 && unknown.failures.count == 1, "\(unknown)")
            #expect(unknown.errors.contains("“xx”") && unknown.errors.contains("en, es, "))
        }
    }
}
