/// How much like speech, and how loud, the latest chunks were: where a cut hurts least.
struct LoudnessHistory: Sendable {
    private var start = 0
    private var probabilities: [Float] = []
    private var levels: [Float] = []

    mutating func append(probability: Float, level: Float) {
        probabilities.append(probability)
        levels.append(level)
    }

    /// Forgets chunks that nothing can be cut at any more.
    mutating func drop(before chunk: Int) {
        // In steps, so that an hour of speech does not move memory for every chunk.
        let count = chunk - start
        guard count >= 64 || count >= probabilities.count else { return }
        probabilities.removeFirst(min(count, probabilities.count))
        levels.removeFirst(min(count, levels.count))
        start = chunk
    }

    /// The middle of the quietest `width` chunks of a window; the later one of equals.
    /// - Returns: the chunk, and the mean probability of speech around it.
    func deepest(in window: Range<Int>, width: Int) -> (chunk: Int, probability: Float) {
        let width = max(1, min(width, window.count))
        var best = (score: Float.infinity, first: window.lowerBound)
        for first in window.lowerBound...(window.upperBound - width) {
            let indices = (first - start)..<(first - start + width)
            let score = probabilities[indices].reduce(0, +) + levels[indices].reduce(0, +)
            if score <= best.score { best = (score, first) }
        }
        let indices = (best.first - start)..<(best.first - start + width)
        return (best.first + width / 2, probabilities[indices].reduce(0, +) / Float(width))
    }
}
