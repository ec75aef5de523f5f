/// A stretch of a recording, in samples.
package typealias SampleRange = Range<Int>

/// Finds the stretches of speech in a recording from the probabilities of a voice activity detector.
///
/// A value without models: probabilities in, stretches out.
package struct SpeechSegmenter: Sendable {
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
        /// Kept before and after speech: weak first and last sounds are below the threshold.
        package var margin: Duration = .milliseconds(200)
        /// Longest stretch, the recogniser's window.
        package var longest: Duration = .seconds(28)

        package init() {}
    }

    private let settings: Settings
    private let chunk: Int
    private let rate: Int

    /// - Parameters:
    ///   - chunkLength: samples per probability.
    ///   - sampleRate: samples per second.
    package init(settings: Settings = Settings(), chunkLength: Int, sampleRate: Int) {
        precondition(chunkLength > 0 && sampleRate > 0, "chunks and rates are above 0")
        self.settings = settings
        chunk = chunkLength
        rate = sampleRate
    }

    /// - Parameters:
    ///   - probabilities: one a chunk, 0...1, in order.
    ///   - sampleCount: samples of the recording; the last chunk may be partial.
    /// - Returns: stretches in order, not overlapping, none longer than the window; empty when nothing was said.
    package func segments(_ probabilities: [Float], sampleCount: Int) -> [SampleRange] {
        let speech = merge(onsets(probabilities))
        let cut = speech.flatMap { split($0, probabilities) }
        return pad(cut, sampleCount)
    }

    /// Stretches in chunks, with hysteresis and without clicks.
    private func onsets(_ probabilities: [Float]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start: Int?
        for (index, probability) in probabilities.enumerated() {
            if start == nil, probability >= settings.onset {
                start = index
            } else if let first = start, probability < settings.offset {
                found.append(first..<index)
                start = nil
            }
        }
        if let start { found.append(start..<probabilities.count) }
        let shortest = chunks(settings.shortestSpeech)
        // A word with a breath in it comes in pieces: pieces that are near each other count together.
        return merge(found, pause: chunks(.milliseconds(200))).filter { $0.count >= shortest }
    }

    private func merge(_ ranges: [Range<Int>]) -> [Range<Int>] {
        merge(ranges, pause: chunks(settings.longestPause))
    }

    private func merge(_ ranges: [Range<Int>], pause: Int) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges {
            if let last = merged.last, range.lowerBound - last.upperBound <= pause {
                merged[merged.count - 1] = last.lowerBound..<range.upperBound
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// Cuts what is longer than the window at its deepest pause, as late as possible.
    private func split(_ range: Range<Int>, _ probabilities: [Float]) -> [Range<Int>] {
        let longest = max(2, chunks(settings.longest))
        var pieces: [Range<Int>] = []
        var start = range.lowerBound
        while range.upperBound - start > longest {
            let window = (start + longest / 2)..<(start + longest)
            let cut = deepestPause(window, probabilities)
            pieces.append(start..<cut)
            start = cut
        }
        pieces.append(start..<range.upperBound)
        return pieces
    }

    /// Chunk in the middle of the quietest quarter second of the window; the later one of equals.
    private func deepestPause(_ window: Range<Int>, _ probabilities: [Float]) -> Int {
        let width = max(1, min(chunks(.milliseconds(256)), window.count))
        var sum = probabilities[window.lowerBound..<(window.lowerBound + width)].reduce(0, +)
        var best = (sum: sum, chunk: window.lowerBound + width / 2)
        var index = window.lowerBound
        while index + width < window.upperBound {
            sum += probabilities[index + width] - probabilities[index]
            index += 1
            if sum <= best.sum { best = (sum, index + width / 2) }
        }
        return best.chunk
    }

    /// Chunks to samples, with a margin that never reaches into a neighbour.
    private func pad(_ ranges: [Range<Int>], _ sampleCount: Int) -> [SampleRange] {
        let margin = samples(settings.margin)
        var padded: [SampleRange] = []
        for (index, range) in ranges.enumerated() {
            let floor = padded.last?.upperBound ?? 0
            var ceiling = sampleCount
            if index + 1 < ranges.count {
                ceiling = min(ceiling, (range.upperBound + ranges[index + 1].lowerBound) * chunk / 2)
            }
            let start = max(floor, range.lowerBound * chunk - margin)
            let end = min(ceiling, range.upperBound * chunk + margin)
            if start < end { padded.append(start..<end) }
        }
        return padded
    }

    private func chunks(_ duration: Duration) -> Int {
        max(1, (samples(duration) + chunk / 2) / chunk)
    }

    private func samples(_ duration: Duration) -> Int {
        Int((duration / .seconds(1)) * Double(rate))
    }
}
