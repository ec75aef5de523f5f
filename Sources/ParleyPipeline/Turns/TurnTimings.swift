/// When things happened in one turn, measured from the moment the recording was readable.
package struct TurnTimings: Sendable, Equatable {
    /// Finding speech.
    package var vad: Duration = .zero
    /// Recognition.
    package var stt: Duration = .zero
    /// From the words to the first token of the reply.
    package var thinkerFirstToken: Duration = .zero
    /// From the words to the end of the reply.
    package var thinkerTotal: Duration = .zero
    /// From the start of the turn to the first sample of the answer.
    package var firstAudio: Duration = .zero
    /// From the start of the turn to its last sample.
    package var total: Duration = .zero

    package init() {}
}
