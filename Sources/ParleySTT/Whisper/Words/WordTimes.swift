internal import Foundation
package import ParleyCore

/// Gives words their times from the frames of their tokens and the pauses of the recording.
package struct WordTimes: Sendable {
    /// Seconds from the frame where attention arrives to the word: it arrives early, by the reach of the first layers.
    /// Measured as the bias against a forced alignment, see `SoundEdges`.
    static let lead = 0.06

    private let framesPerSecond: Double
    private let duration: Double
    private let edges: SoundEdges

    /// - Parameter duration: of the recording, in seconds.
    package init(framesPerSecond: Double, duration: Double, edges: SoundEdges) {
        self.framesPerSecond = framesPerSecond
        self.duration = duration
        self.edges = edges
    }

    /// - Parameters:
    ///   - starts: first frame of each token and of the end; may be empty, and then all words get the whole time.
    ///   - logProbabilities: natural logarithm of the probability of each token.
    /// - Returns: words in order; none starts before the one before it ends, and none ends before it starts.
    package func words(
        _ words: [WordSplitter.Word], starts: [Int], logProbabilities: [Float]
    ) -> [TranscribedWord] {
        var result: [TranscribedWord] = []
        var earliest = 0.0
        for (index, word) in words.enumerated() {
            let next = index + 1 < words.count ? words[index + 1].tokens.lowerBound : word.tokens.upperBound
            let start = edges.boundary(near: time(word.tokens.lowerBound, starts, fallback: 0)).start
            let end = edges.boundary(near: time(next, starts, fallback: duration)).end
            let first = min(max(start, earliest), duration)
            let last = min(max(end, first), duration)
            earliest = last
            let scores = logProbabilities[word.tokens.clamped(to: logProbabilities.indices)]
            result.append(
                TranscribedWord(
                    text: word.text, start: .seconds(first), end: .seconds(last),
                    probability: exp(scores.reduce(0, +) / Float(max(1, scores.count)))))
        }
        return result
    }

    private func time(_ token: Int, _ starts: [Int], fallback: Double) -> Double {
        starts.indices.contains(token) ? Double(starts[token]) / framesPerSecond + Self.lead : fallback
    }
}
