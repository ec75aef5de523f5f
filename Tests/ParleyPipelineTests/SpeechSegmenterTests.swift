import ParleyPipeline
import Testing

@Suite("Speech segmenter")
struct SpeechSegmenterTests {
    private let chunk = 512
    private let rate = 16_000

    /// Ranges in chunks for a pattern of (probability, chunks).
    private func segments(_ pattern: [(Float, Int)], settings: SpeechSegmenter.Settings = .init()) -> [Range<Int>] {
        let probabilities = pattern.flatMap { Array(repeating: $0.0, count: $0.1) }
        let segmenter = SpeechSegmenter(settings: settings, chunkLength: chunk, sampleRate: rate)
        return segmenter.segments(probabilities, sampleCount: probabilities.count * chunk)
    }

    @Test("silence has no stretches")
    func silence() {
        #expect(segments([(0.1, 100)]).isEmpty)
        #expect(segments([]).isEmpty)
    }

    @Test("speech is found with a margin on both sides")
    func margin() {
        let found = segments([(0.1, 30), (0.9, 40), (0.1, 30)])
        #expect(found == [(30 * 512 - 3200)..<(70 * 512 + 3200)])
    }

    @Test("the margin ends at the ends of the recording")
    func ends() {
        #expect(segments([(0.9, 40)]) == [0..<(40 * 512)])
    }

    @Test("a click is not speech")
    func click() {
        #expect(segments([(0.1, 30), (0.9, 1), (0.1, 30)]).isEmpty)
    }

    @Test("a weak moment between onset and offset keeps the stretch whole")
    func hysteresis() {
        let found = segments([(0.9, 20), (0.4, 60), (0.9, 20)])
        #expect(found == [0..<(100 * 512)])
    }

    @Test("a short pause joins, a long pause separates")
    func pauses() {
        #expect(segments([(0.9, 30), (0.1, 20), (0.9, 30)]).count == 1)
        #expect(segments([(0.9, 30), (0.1, 60), (0.9, 30)]).count == 2)
    }

    @Test("speech longer than the window is cut at its deepest pause and nothing is lost")
    func long() {
        // 60 s of speech with a dip after 20 s and after 45 s.
        let found = segments([(0.9, 625), (0.4, 8), (0.9, 770), (0.4, 8), (0.9, 470)])
        #expect(found.count == 3)
        #expect(found.first?.lowerBound == 0)
        #expect(found.last?.upperBound == (625 + 8 + 770 + 8 + 470) * 512)
        for (left, right) in zip(found, found.dropFirst()) { #expect(left.upperBound == right.lowerBound) }
        #expect(found.allSatisfy { Double($0.count) / 16_000 <= 28.5 })
        #expect(abs(found[0].upperBound - 629 * 512) <= 8 * 512)
    }
}
