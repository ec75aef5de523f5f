/// Numbers that decide how much Whisper is given to hear and how much it may write.
package struct WhisperTuning: Sendable, Equatable {
    /// Seconds of silence after the audio. Of 66 recordings (English and Spanish, up to 16 s), 3 ran away with 0.64 and
    /// with 1.28 seconds, none with 1.92; the errors in words fell by 4 of 86. Every second costs about a tenth of the
    /// encoder's time for a short question.
    package var margin = 1.92
    /// Windows are multiples of this many seconds, so that runs of similar length reuse the same memory.
    package var granularity = 0.32
    /// Text tokens a second that speech can hold. The densest of 88 English and Spanish recordings of up to 158 s has
    /// 4.6, its text written with Whisper's own vocabulary.
    package var tokensPerSecond = 6.5
    /// Tokens on top, for punctuation and for words that are spelt in pieces in very short audio.
    package var tokensAtLeast = 6.0

    package init() {}
}
