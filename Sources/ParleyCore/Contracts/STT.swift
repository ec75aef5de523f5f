/// What the caller asks of one transcription.
package struct TranscriptionOptions: Sendable, Equatable {
    /// ISO 639-1 code, for example "en"; `nil` asks the model to detect it.
    package var language: String?
    /// Whether the time and the probability of every word are wanted.
    package var words: Bool

    package init(language: String? = nil, words: Bool = false) {
        self.language = language
        self.words = words
    }
}

/// One word as it was spoken.
package struct TranscribedWord: Sendable, Equatable {
    /// With its punctuation, without space around it.
    package var text: String
    /// From the start of the utterance.
    package var start: Duration
    /// Not before `start`.
    package var end: Duration
    /// 0...1: geometric mean over the tokens of the word.
    package var probability: Float

    package init(text: String, start: Duration, end: Duration, probability: Float) {
        self.text = text
        self.start = start
        self.end = end
        self.probability = probability
    }
}

/// The words of one utterance of at most the model's window.
package struct Transcript: Sendable, Equatable {
    /// The words; empty when nothing was said.
    package var text: String
    /// ISO 639-1 code, given or detected.
    package var language: String
    /// 0...1 that `language` is right, among those that detection chooses from; 1 when it was given.
    package var languageProbability: Float
    /// Mean natural logarithm of the probability of the chosen tokens, 0 or less.
    package var averageLogProbability: Float
    /// Probability, 0...1, that the audio holds no speech.
    package var noSpeechProbability: Float
    /// Guards that tripped and made the model run again over its full window; empty for most utterances.
    package var guards: [TranscriptionGuard]
    /// In order; empty unless asked for.
    package var words: [TranscribedWord]

    package init(
        text: String, language: String, languageProbability: Float = 1, averageLogProbability: Float = 0,
        noSpeechProbability: Float = 0, guards: [TranscriptionGuard] = [], words: [TranscribedWord] = []
    ) {
        self.text = text
        self.language = language
        self.languageProbability = languageProbability
        self.averageLogProbability = averageLogProbability
        self.noSpeechProbability = noSpeechProbability
        self.guards = guards
        self.words = words
    }
}

/// A guard against runaway decoding.
package enum TranscriptionGuard: String, Sendable, Codable {
    /// More tokens than a person can speak in that time.
    case tokenBudget
    /// The same words again and again.
    case repetition
}

/// Weights of a recogniser, shared by every conversation.
package protocol STTModel: Sendable {
    /// ISO 639-1 codes of the languages it recognises.
    var languages: [String] { get }
    /// Samples per second of the audio that sessions take.
    var sampleRate: Int { get }
    /// Longest utterance one session takes.
    var window: Duration { get }
    func makeSession() throws -> any STTSession
}

/// One utterance at a time. Belongs to one actor; calls block.
///
/// `begin`, `append` as audio comes, `finish`, then `step` until it returns the transcript. While audio still comes,
/// `partial`, then `step` until it returns, give the words so far; audio may be appended between those steps.
/// A session may be abandoned at any point and begun again.
package protocol STTSession: AnyObject {
    /// Forgets the utterance before and starts a new one.
    func begin(_ options: TranscriptionOptions) throws
    /// Adds audio, mono, at the model's sample rate, -1...1; at most the model's window in all.
    func append(_ samples: ArraySlice<Float>) throws
    /// Asks for the words of what was appended so far; the utterance goes on. Replaces an unfinished `partial`.
    func partial() throws
    /// Says that the utterance is complete. Replaces an unfinished `partial`; what that found out is used where it holds.
    func finish() throws
    /// Does one piece of work, at most one graph run, so that the caller can give the cores away or stop in between.
    /// - Returns: `nil` while there is more to do.
    /// - Throws: `CancellationError` after `stop`.
    func step() throws -> Transcript?
    /// Stops the step under way, from any thread; steps throw `CancellationError` until `begin`.
    var stop: @Sendable () -> Void { get }
}
