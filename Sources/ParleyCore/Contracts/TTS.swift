package import ParleyAudio

/// What the caller asks of a voice.
package struct SpeechOptions: Sendable, Equatable {
    /// Name of a voice of the model; `nil` for its default.
    package var voice: String?
    /// 0.5 (slow) ... 2 (fast), 1 as the voice was trained.
    package var speed: Double
    /// Seed of the noise in the voice: the same seed gives the same samples.
    package var seed: UInt64

    package init(voice: String? = nil, speed: Double = 1, seed: UInt64 = 0) {
        self.voice = voice
        self.speed = speed
        self.seed = seed
    }
}

/// A voice that a model offers.
package struct Voice: Sendable, Equatable, Codable {
    /// Name to ask for: "heart".
    package var name: String
    /// BCP 47 tag: "en-US".
    package var language: String

    package init(name: String, language: String) {
        self.name = name
        self.language = language
    }
}

/// One word of the text and when it sounds, from the start of its clause.
package struct SpokenWord: Sendable, Equatable {
    package var text: String
    package var start: Duration
    package var end: Duration

    package init(text: String, start: Duration, end: Duration) {
        self.text = text
        self.start = start
        self.end = end
    }
}

/// A piece of sound and the words that begin in it.
package struct SpokenChunk: Sendable, Equatable {
    package var audio: AudioChunk
    package var words: [SpokenWord]

    package init(audio: AudioChunk, words: [SpokenWord]) {
        self.audio = audio
        self.words = words
    }
}

/// Weights of a synthesiser, shared by every conversation.
package protocol TTSModel: Sendable {
    var voices: [Voice] { get }
    /// Samples per second of what it makes.
    var sampleRate: Int { get }
    func makeSession(_ options: SpeechOptions) throws -> any TTSSession
}

/// Speaks one clause at a time. Belongs to one actor; calls block.
package protocol TTSSession: AnyObject {
    /// Takes a clause with its punctuation. Text without anything speakable is allowed and gives no sound.
    func begin(_ clause: String) throws
    /// Does one piece of work, at most one graph run, and gives the sound that is ready.
    /// - Returns: `nil` when the clause is complete; a chunk may be empty while work goes on.
    func step() throws -> SpokenChunk?
}
