/// Finds the stretches of speech in a recording while it is being read.
///
/// A value without models: the probabilities of a voice activity detector in, stretches out as soon as they are certain.
/// What it remembers is bounded by the longest stretch.
package struct SpeechSegmenter: Sendable {
    private let settings: Settings
    private let chunk: Int
    private let rate: Int
    private let lengths: Lengths

    /// Chunks so far.
    private var count = 0
    private var isVoiced = false
    /// Sounds that may still turn out to be a click, in chunks.
    private var candidate: Range<Int>?
    /// Speech that is certain and not given out yet, in chunks.
    private var speech: Range<Int>?
    /// Whether `speech` begins where the stretch before was cut, and whether that was inside of speech.
    private var begin = Begin.afterPause
    /// Sample at which the stretch before ends.
    private var floor = 0
    /// What can be cut at: one value a chunk from `history.start` on.
    private var history = LoudnessHistory()

    private enum Begin {
        case afterPause, atCut, insideSpeech
    }

    /// - Parameters:
    ///   - chunkLength: samples per probability.
    ///   - sampleRate: samples per second.
    package init(settings: Settings = Settings(), chunkLength: Int, sampleRate: Int) {
        precondition(chunkLength > 0 && sampleRate > 0, "chunks and rates are above 0")
        self.settings = settings
        chunk = chunkLength
        rate = sampleRate
        lengths = Lengths(settings, chunkLength: chunkLength, sampleRate: sampleRate)
    }

    /// First sample that a later stretch may still need.
    package var keptFrom: Int {
        let first = speech?.lowerBound ?? candidate?.lowerBound ?? count
        return max(0, first * chunk - max(lengths.margin, lengths.overlap))
    }

    /// Hears one more chunk.
    /// - Parameters:
    ///   - probability: 0...1 that it holds speech.
    ///   - level: 0...1, how loud it is.
    /// - Returns: stretches that are now certain, in order; none for most chunks.
    package mutating func append(_ probability: Float, level: Float) -> [SpeechStretch] {
        let index = count
        count += 1
        history.append(probability: probability, level: level)
        isVoiced = probability >= (isVoiced ? settings.offset : settings.onset)
        var found: [SpeechStretch] = []
        if isVoiced {
            found += hear(index)
        } else {
            if let candidate, count - candidate.upperBound > lengths.joint { self.candidate = nil }
            if candidate == nil, let speech, count - speech.upperBound > lengths.pause(after: speech.count) {
                found.append(close(speech, before: count))
            }
        }
        while let speech, speech.count > lengths.longest { found.append(cut(speech)) }
        history.drop(before: speech?.lowerBound ?? count)
        return found
    }

    /// Ends the recording.
    /// - Parameter sampleCount: samples of the recording; the last chunk may have been partial.
    package mutating func finish(sampleCount: Int) -> [SpeechStretch] {
        guard let speech else { return [] }
        let end = min(sampleCount, speech.upperBound * chunk + lengths.margin)
        return [stretch(from: start(of: speech), to: max(floor, end))].filter { !$0.range.isEmpty }
    }

    /// A chunk of voice: more speech, or the beginning of some.
    private mutating func hear(_ index: Int) -> [SpeechStretch] {
        // A word with a breath in it comes in pieces: pieces that are near each other count together.
        if candidate == nil, let speech, index - speech.upperBound <= lengths.joint {
            self.speech = speech.lowerBound..<(index + 1)
            return []
        }
        let first = candidate.map { index - $0.upperBound <= lengths.joint ? $0.lowerBound : index } ?? index
        let sound = first..<(index + 1)
        candidate = sound
        guard sound.count >= lengths.shortest else { return [] }
        candidate = nil
        guard let speech else {
            self.speech = sound
            return []
        }
        if sound.lowerBound - speech.upperBound <= lengths.pause(after: speech.count) {
            self.speech = speech.lowerBound..<sound.upperBound
            return []
        }
        let closed = close(speech, before: sound.lowerBound)
        self.speech = sound
        return [closed]
    }

    /// Gives out speech that a pause ends.
    /// - Parameter next: chunk up to which nobody speaks.
    private mutating func close(_ speech: Range<Int>, before next: Int) -> SpeechStretch {
        // Half of the pause belongs to what comes after it.
        let end = min(speech.upperBound * chunk + lengths.margin, (speech.upperBound + next) * chunk / 2)
        let closed = stretch(from: start(of: speech), to: end)
        self.speech = nil
        begin = .afterPause
        floor = end
        return closed
    }

    /// Gives out the first part of speech that is longer than the window, up to its deepest pause.
    private mutating func cut(_ speech: Range<Int>) -> SpeechStretch {
        let last = speech.lowerBound + lengths.longest - lengths.overlap / chunk
        let window = (speech.lowerBound + lengths.longest / 2)..<max(speech.lowerBound + lengths.longest / 2 + 1, last)
        let deepest = history.deepest(in: window, width: lengths.depth)
        let isPause = deepest.probability < settings.offset
        var part = stretch(from: start(of: speech), to: deepest.chunk * chunk)
        part.tail = isPause ? 0 : lengths.overlap
        self.speech = deepest.chunk..<speech.upperBound
        begin = isPause ? .atCut : .insideSpeech
        floor = deepest.chunk * chunk
        return part
    }

    private func start(of speech: Range<Int>) -> Int {
        begin == .afterPause ? max(floor, speech.lowerBound * chunk - lengths.margin) : floor
    }

    private func stretch(from start: Int, to end: Int) -> SpeechStretch {
        SpeechStretch(
            range: start..<max(start, end), lead: begin == .insideSpeech ? min(start, lengths.overlap) : 0)
    }
}

extension SpeechSegmenter {
    /// When speech begins, when it ends, and how long a stretch may be.
    package struct Settings: Sendable, Equatable {
        /// Probability at which speech begins. Source: Silero's own default.
        package var onset: Float = 0.5
        /// Probability under which speech may end. Source: Silero's own default, onset minus 0.15.
        package var offset: Float = 0.35
        /// Stretches with less speech than this are clicks, not words.
        package var shortestSpeech: Duration = .milliseconds(96)
        /// A pause longer than this separates two stretches.
        package var longestPause: Duration = .milliseconds(1200)
        /// Length from which a stretch ends at the first short pause.
        package var preferred: Duration = .seconds(20)
        /// A pause longer than this ends a stretch of the preferred length.
        package var shortPause: Duration = .milliseconds(400)
        /// Kept before and after speech: weak first and last sounds are below the threshold.
        package var margin: Duration = .milliseconds(200)
        /// Longest stretch, below the recogniser's window by what is heard twice.
        package var longest: Duration = .seconds(24)
        /// Heard twice, on each side, where a cut falls inside of speech: longer than most words.
        package var overlap: Duration = .milliseconds(600)

        package init() {}
    }

    /// The same in chunks and samples.
    private struct Lengths {
        let shortest: Int
        let joint: Int
        let depth: Int
        let longest: Int
        /// Samples.
        let margin: Int
        /// Samples, whole chunks.
        let overlap: Int
        private let preferred: Int
        private let longPause: Int
        private let shortPause: Int

        init(_ settings: Settings, chunkLength: Int, sampleRate: Int) {
            func samples(_ duration: Duration) -> Int { Int((duration / .seconds(1)) * Double(sampleRate)) }
            func chunks(_ duration: Duration) -> Int { max(1, (samples(duration) + chunkLength / 2) / chunkLength) }
            shortest = chunks(settings.shortestSpeech)
            joint = chunks(.milliseconds(200))
            depth = chunks(.milliseconds(256))
            longest = max(2, chunks(settings.longest))
            margin = samples(settings.margin)
            overlap = min(chunks(settings.overlap), longest / 4) * chunkLength
            preferred = chunks(settings.preferred)
            longPause = chunks(settings.longestPause)
            shortPause = chunks(settings.shortPause)
        }

        /// Longest pause that does not end speech of so many chunks.
        func pause(after length: Int) -> Int { length < preferred ? longPause : min(longPause, shortPause) }
    }
}
