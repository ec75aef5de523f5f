import Foundation
import OnnxRuntime
import ParleyAudio
import ParleyCore
import ParleyTTS
import Testing

/// The real voice of the audio bundle.
enum TTSBundle {
    /// - Throws: `TTSTestSetUp` with the command that builds what is missing.
    static func open() throws -> HeartModel {
        let environment = ProcessInfo.processInfo.environment
        let data =
            environment["XDG_DATA_HOME"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share")
        let folder = data.appending(path: "parley/models/audio-starter")
        guard FileManager.default.fileExists(atPath: folder.appending(path: "bundle.json").path) else {
            throw TTSTestSetUp(description: "\(folder.path) is missing. Run `make talk` or `scripts/bootstrap`.")
        }
        let library = try OnnxLibrary.open(searching: [data.appending(path: "parley/lib").path])
        return try HeartModel(try OnnxEnvironment(library: library), bundle: folder)
    }
}

struct TTSTestSetUp: Error, CustomStringConvertible {
    let description: String
}

@Suite("The voice heart", .serialized)
struct TTSVoiceTests {
    private struct Spoken: Equatable {
        var samples: [Float] = []
        var words: [SpokenWord] = []
        var pieces: [Int] = []
    }

    private static func speak(_ model: HeartModel, _ text: String, _ options: SpeechOptions = .init()) throws -> Spoken
    {
        let session = try model.makeSession(options)
        var spoken = Spoken()
        try session.begin(text)
        while let chunk = try session.step() {
            spoken.samples += chunk.audio.samples
            spoken.words += chunk.words
            if !chunk.audio.samples.isEmpty { spoken.pieces.append(chunk.audio.samples.count) }
        }
        return spoken
    }

    @Test("a sentence has the right length, sounds, and stays within the range")
    func sentence() throws {
        let spoken = try Self.speak(TTSBundle.open(), "The capital of France is Paris.")
        let seconds = Double(spoken.samples.count) / 24_000
        #expect((1.4...2.6).contains(seconds))
        let strange = spoken.samples.filter { !$0.isFinite || abs($0) >= 1 }
        #expect(strange.isEmpty)
        let power = spoken.samples.reduce(0) { $0 + $1 * $1 } / Float(spoken.samples.count)
        #expect((0.02...0.3).contains(power.squareRoot()))
        // Speech has most of its energy below 4 kHz: differences of neighbours are much smaller than the samples.
        let rough = zip(spoken.samples, spoken.samples.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
        #expect(rough / Float(spoken.samples.count) < power)
        #expect((spoken.pieces.first ?? 0) <= 2_400)
    }

    @Test("word times cover the words in order and lie inside the sound")
    func wordTimes() throws {
        let text = "On March 5th, 2024, Zyxelplonk paid $9.99 at 7:30 pm."
        let spoken = try Self.speak(TTSBundle.open(), text)
        let written = text.split(separator: " ").map(String.init)
        // "pm." is spoken with the time before it.
        #expect(spoken.words.map(\.text) == written.filter { !["5th,", "pm."].contains($0) })
        let length = Duration.seconds(Double(spoken.samples.count) / 24_000)
        for (word, next) in zip(spoken.words, spoken.words.dropFirst()) { #expect(word.end <= next.start) }
        for word in spoken.words { #expect(word.start < word.end && word.end <= length) }
        let first = try #require(spoken.words.first)
        let last = try #require(spoken.words.last)
        #expect(first.start <= .milliseconds(60))
        #expect(length - last.end <= .milliseconds(320))
    }

    @Test("the same text and seed give the same samples, another seed gives others")
    func deterministic() throws {
        let model = try TTSBundle.open()
        let first = try Self.speak(model, "Good morning.", SpeechOptions(seed: 7))
        #expect(try Self.speak(model, "Good morning.", SpeechOptions(seed: 7)) == first)
        #expect(try Self.speak(model, "Good morning.", SpeechOptions(seed: 8)).samples != first.samples)
    }

    @Test("text without words gives no sound and no error", arguments: ["", "  ", "…", "😀 🎉", "***", "?!", "()"])
    func silence(text: String) throws {
        let spoken = try Self.speak(TTSBundle.open(), text)
        #expect(spoken == Spoken())
    }

    @Test("speed changes the length", arguments: [(0.5, 1.6...2.4), (2.0, 0.4...0.65)])
    func speed(speed: Double, ratio: ClosedRange<Double>) throws {
        let model = try TTSBundle.open()
        let text = "The quick brown fox jumps over the lazy dog."
        let plain = Double(try Self.speak(model, text).samples.count)
        let changed = Double(try Self.speak(model, text, SpeechOptions(speed: speed)).samples.count)
        #expect(ratio.contains(changed / plain))
    }

    @Test("a long clause without marks is spoken to its end")
    func longClause() throws {
        let text = Array(repeating: "another rather ordinary word", count: 40).joined(separator: " ")
        let spoken = try Self.speak(TTSBundle.open(), text)
        #expect(spoken.words.count == 160)
        #expect(spoken.samples.count > 24_000 * 30)
    }

    @Test("a voice that is not there and a speed out of range are refused with what to choose")
    func refusals() throws {
        let model = try TTSBundle.open()
        let voice = #expect(throws: TTSError.self) { try model.makeSession(SpeechOptions(voice: "emma")) }
        #expect(voice?.message == "There is no voice emma. Choose heart.")
        let speed = #expect(throws: TTSError.self) { try model.makeSession(SpeechOptions(speed: 3)) }
        #expect(speed?.message == "The speed 3.0 is out of range. Choose a value from 0.5 to 2.")
    }

    @Test("clauses begin and end without a step")
    func edges() throws {
        let spoken = try Self.speak(TTSBundle.open(), "Is it raining,")
        #expect(abs(spoken.samples.first ?? 1) < 0.01)
        #expect(abs(spoken.samples.last ?? 1) < 0.01)
    }
}
