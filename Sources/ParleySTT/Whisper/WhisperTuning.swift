/// Numbers that decide how much Whisper is given to hear and how much it may write.
package struct WhisperTuning: Sendable, Equatable {
    /// Seconds of silence after the audio. Of 119 telephone prompts of 1 to 5 s, cut tightly around the words, 3 ran away
    /// with 1.28 seconds and none with 1.92; of 66 other recordings of up to 16 s, none with either. A second more costs
    /// about as much time as a second of speech.
    package var margin = 1.92
    /// Windows are multiples of this many seconds, so that runs of similar length reuse the same memory.
    package var granularity = 0.32
    /// Text tokens a second that speech can hold. The densest of 88 English and Spanish recordings of up to 158 s has
    /// 4.6, its text written with Whisper's own vocabulary.
    package var tokensPerSecond = 6.5
    /// Tokens on top, for punctuation and for words that are spelt in pieces in very short audio.
    package var tokensAtLeast = 6.0
    /// Whether a session keeps the two likeliest tokens of every step in `choices`, at the price of another pass.
    package var keepsChoices = false

    package init() {}
}
