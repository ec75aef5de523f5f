internal import Foundation

/// Where a recording is silent: pauses between words, found by loudness. A value without a model.
package struct SoundEdges: Sendable {
    /// Frames of loudness a second.
    static let rate = 100.0
    // Chosen by the median distance of word starts and ends from a forced alignment of 196 read words (15 recordings,
    // pocketsphinx 5): 40 and 50 ms with these, 80 and 80 ms without pauses; see docs/models/whisper.md.

    /// A pause is at least this long, in seconds: shorter ones are the closures of p, t and k.
    static let shortestPause = 0.1
    /// How far, in seconds, a pause may be from the place where two words were thought to meet.
    static let reach = 0.1
    /// Silence is at most this share up the range of loudness, in decibels, from the quietest tenth to the loudest.
    static let threshold: Float = 0.2
    /// What is this far below the loudest, in decibels, is silent however quiet the quietest tenth is.
    static let depth: Float = 40

    /// Silent stretches in seconds, in order.
    package let pauses: [Range<Double>]

    package init(pauses: [Range<Double>]) { self.pauses = pauses }

    /// - Parameter samples: mono, -1...1.
    package init(_ samples: some RandomAccessCollection<Float>, sampleRate: Int) {
        let length = max(1, Int(Double(sampleRate) / Self.rate))
        var levels: [Float] = []
        var start = samples.startIndex
        while start < samples.endIndex {
            let end = samples.index(start, offsetBy: length, limitedBy: samples.endIndex) ?? samples.endIndex
            let power = samples[start..<end].reduce(0) { $0 + $1 * $1 } / Float(samples.distance(from: start, to: end))
            levels.append(10 * log10(max(power, 1e-9)))
            start = end
        }
        let sorted = levels.sorted()
        guard let loudest = sorted.last, !sorted.isEmpty else {
            pauses = []
            return
        }
        let floor = max(sorted[sorted.count / 10], loudest - 70)
        let limit = max(floor + Self.threshold * (loudest - floor), loudest - Self.depth)
        pauses = Self.runs(levels.map { $0 < limit }).map { run in
            (Double(run.lowerBound) / Self.rate)..<(Double(run.upperBound) / Self.rate)
        }
    }

    /// Where two words meet that were thought to meet at `time`: the end of the first, and the start of the second.
    /// - Returns: both the same where there is no pause nearby.
    package func boundary(near time: Double) -> (end: Double, start: Double) {
        func distance(_ pause: Range<Double>) -> Double {
            max(0, pause.lowerBound - time, time - pause.upperBound)
        }
        guard let nearest = pauses.min(by: { distance($0) < distance($1) }), distance(nearest) <= Self.reach else {
            return (time, time)
        }
        return (nearest.lowerBound, nearest.upperBound)
    }

    private static func runs(_ isSilent: [Bool]) -> [Range<Int>] {
        let shortest = Int((shortestPause * rate).rounded())
        var runs: [Range<Int>] = []
        var start: Int?
        for index in 0...isSilent.count {
            if index < isSilent.count, isSilent[index] {
                start = start ?? index
            } else if let first = start {
                if index - first >= shortest || first == 0 || index == isSilent.count { runs.append(first..<index) }
                start = nil
            }
        }
        return runs
    }
}
