/// How much audio the encoder is given: what was said plus silence, or the full window the model was trained with.
package struct WindowPlan: Sendable, Equatable {
    /// Samples of the first try, a multiple of the frame.
    package let short: Int
    /// Samples of the second try.
    package let full: Int

    /// Whether a second try with the full window could change anything.
    package var canWiden: Bool { short < full }

    /// - Parameters:
    ///   - samples: length of the audio, at most `maximum`.
    ///   - rate: samples per second.
    ///   - frame: the window is a multiple of this.
    ///   - maximum: full window; a multiple of `frame`.
    package init(samples: Int, rate: Int, frame: Int, maximum: Int, tuning: WhisperTuning = WhisperTuning()) {
        let step = max(frame, Int(tuning.granularity * Double(rate)) / frame * frame)
        let wanted = samples + Int(tuning.margin * Double(rate))
        short = min(maximum, (wanted + step - 1) / step * step)
        full = maximum
    }
}
