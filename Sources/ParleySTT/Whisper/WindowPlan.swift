/// How much audio the encoder is given: what was said plus silence, or the full window the model was trained with.
package struct WindowPlan: Sendable, Equatable {
    /// Samples of the first try, a multiple of the frame.
    package let short: Int
    /// Samples of the second try.
    package let full: Int

    /// Whether a second try with the full window could change anything.
    package var canWiden: Bool { short < full }

    /// Seconds of silence after the audio. Shorter margins make the decoder loop more often, longer ones cost time.
    package static let margin = 1.28
    /// Windows are multiples of this many seconds, so that runs of similar length reuse the same memory.
    package static let granularity = 0.64

    /// - Parameters:
    ///   - samples: length of the audio, at most `maximum`.
    ///   - rate: samples per second.
    ///   - frame: the window is a multiple of this.
    ///   - maximum: full window; a multiple of `frame`.
    package init(
        samples: Int, rate: Int, frame: Int, maximum: Int, margin: Double = WindowPlan.margin,
        granularity: Double = WindowPlan.granularity
    ) {
        let step = max(frame, Int(granularity * Double(rate)) / frame * frame)
        let wanted = samples + Int(margin * Double(rate))
        short = min(maximum, (wanted + step - 1) / step * step)
        full = maximum
    }
}
