import Foundation
import Parley
import ParleyAudio
import Testing

/// Recordings in which nobody speaks stay without words, whatever the language is said to be.
@Suite("Sound without speech", .serialized)
struct NoSpeechTests {
    private func words(_ samples: [Float], rate: Int = 16_000, language: String?) async throws -> String {
        try await TestEngine.withFolder { folder in
            let file = folder.appending(path: "sound.wav")
            try WAVWriter.write(AudioChunk(samples: samples, sampleRate: rate), to: file)
            return try await TestEngine.shared().transcribe(file, language: language).text
        }
    }

    @Test("noise, hum, clicks, tones and music give no word", arguments: NoSpeech.allCases, ["en", "es", nil])
    func noWords(sound: NoSpeech, language: String?) async throws {
        #expect(try await words(sound.samples(seconds: 12, seed: 7), language: language) == "")
    }

    @Test("an hour of digital silence gives no word, nor do minutes with an offset", arguments: [(0, 60), (0.25, 5)])
    func silence(level: Float, minutes: Int) async throws {
        // A low rate keeps the file small; what the models get is the whole time at their own rate.
        let samples = [Float](repeating: level, count: minutes * 60 * 1000)
        #expect(try await words(samples, rate: 1000, language: nil) == "")
    }

    @Test("speech between stretches of noise is heard, and only the speech")
    func speechInNoise() async throws {
        try await TestEngine.withFolder { folder in
            let spoken = try await TestEngine.recording(of: "The weather is fine today.", in: folder)
            let reader = try WAVReader(spoken)
            var speech: [Float] = []
            while case let block = try reader.read(65_536), !block.isEmpty { speech += block }
            let rate = reader.format.sampleRate
            let noise = NoSpeech.whiteNoise.samples(seconds: 5, seed: 3, rate: rate).map { $0 * 0.02 }
            let heard = try await words(noise + speech + noise, rate: rate, language: "en")
            #expect(heard.lowercased().contains("weather is fine today"))
            #expect(heard.split(separator: " ").count <= 7)
        }
    }
}
