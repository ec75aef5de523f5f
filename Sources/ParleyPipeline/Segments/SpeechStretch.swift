/// A stretch of a recording, in samples.
package typealias SampleRange = Range<Int>

/// A stretch of speech that is recognised as one.
package struct SpeechStretch: Sendable, Equatable {
    /// Its own part of the recording: stretches do not overlap in it.
    package var range: SampleRange
    /// Samples before the range that are heard too, because the stretch begins inside of speech; 0 for most.
    package var lead = 0
    /// Samples after the range that are heard too, because the stretch ends inside of speech; 0 for most.
    package var tail = 0

    package init(range: SampleRange, lead: Int = 0, tail: Int = 0) {
        self.range = range
        self.lead = lead
        self.tail = tail
    }

    /// All that is heard.
    package var heard: SampleRange { (range.lowerBound - lead)..<(range.upperBound + tail) }
}
