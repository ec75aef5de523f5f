public import Foundation
internal import ParleyAudio
internal import ParleyCore

/// How a text is to be spoken.
public struct SpeechStyle: Sendable, Equatable {
    /// Name of a voice; `nil` for the default of the profile.
    public var voice: String?
    /// 0.5 (slow) to 2 (fast).
    public var speed: Double
    /// The same seed gives the same samples.
    public var seed: UInt64

    /// - Parameters:
    ///   - voice: name of a voice; `nil` for the default of the profile.
    ///   - speed: 0.5 (slow) to 2 (fast).
    ///   - seed: the same seed gives the same samples.
    public init(voice: String? = nil, speed: Double = 1, seed: UInt64 = 0) {
        self.voice = voice
        self.speed = speed
        self.seed = seed
    }

    var options: SpeechOptions { SpeechOptions(voice: voice, speed: speed, seed: seed) }
}

/// Mono sound.
public struct Speech: Sendable {
    /// -1...1.
    public let samples: [Float]
    /// Samples per second.
    public let sampleRate: Int
    /// Time from the text to the first samples.
    public let firstAudio: Duration

    /// How long it sounds.
    public var duration: Duration { .seconds(Double(samples.count) / Double(sampleRate)) }

    /// Writes a 16 bit WAV file; it appears only when it is complete.
    public func write(to file: URL) throws {
        do {
            try WAVWriter.write(AudioChunk(samples: samples, sampleRate: sampleRate), to: file)
        } catch {
            throw ParleyError(
                code: .init(rawValue: error.codeName), kind: error.kind, message: error.message, cause: error.cause)
        }
    }
}
