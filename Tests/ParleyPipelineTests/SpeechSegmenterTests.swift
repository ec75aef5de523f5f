import ParleyPipeline
import Testing

/// Samples of a chunk.
private let chunk = 512
private let rate = 16_000

/// A recording as (probability, chunks), loud where somebody speaks.
private typealias Pattern = [(probability: Float, chunks: Int)]

private func probabilities(_ pattern: Pattern) -> [Float] {
    pattern.flatMap { Array(repeating: $0.probability, count: $0.chunks) }
}

private func stretches(
    _ probabilities: [Float], settings: SpeechSegmenter.Settings = .init(), sampleCount: Int? = nil,
    check: (SpeechSegmenter, [SpeechStretch], Int) -> Void = { _, _, _ in }
) -> [SpeechStretch] {
    var segmenter = SpeechSegmenter(settings: settings, chunkLength: chunk, sampleRate: rate)
    var found: [SpeechStretch] = []
    for (index, probability) in probabilities.enumerated() {
        let before = segmenter
        let more = segmenter.append(probability, level: probability / 2)
        check(before, more, index + 1)
        found += more
    }
    return found + segmenter.finish(sampleCount: sampleCount ?? probabilities.count * chunk)
}

private func ranges(_ pattern: Pattern, settings: SpeechSegmenter.Settings = .init()) -> [Range<Int>] {
    stretches(probabilities(pattern), settings: settings).map(\.range)
}

@Suite("Speech segmenter")
struct SpeechSegmenterTests {
    @Test("silence has no stretches")
    func silence() {
        #expect(ranges([(0.1, 100)]).isEmpty)
        #expect(ranges([]).isEmpty)
    }

    @Test("speech is found with a margin on both sides")
    func margin() {
        #expect(ranges([(0.1, 30), (0.9, 40), (0.1, 30)]) == [(30 * 512 - 3200)..<(70 * 512 + 3200)])
    }

    @Test("the margin ends at the ends of the recording, also within a chunk")
    func ends() {
        #expect(ranges([(0.9, 40)]) == [0..<(40 * 512)])
        #expect(stretches(probabilities([(0.9, 40)]), sampleCount: 39 * 512 + 7).map(\.range) == [0..<(39 * 512 + 7)])
    }

    @Test("a click is not speech")
    func click() {
        #expect(ranges([(0.1, 30), (0.9, 1), (0.1, 30)]).isEmpty)
        #expect(ranges([(0.1, 30), (0.9, 1)]).isEmpty)
    }

    @Test("a word with a breath in it counts as one sound")
    func breath() {
        #expect(ranges([(0.1, 30), (0.9, 1), (0.1, 2), (0.9, 1), (0.1, 30)]).count == 1)
    }

    @Test("a weak moment between onset and offset keeps the stretch whole")
    func hysteresis() {
        #expect(ranges([(0.9, 20), (0.4, 60), (0.9, 20)]) == [0..<(100 * 512)])
    }

    @Test("a short pause joins, a long pause separates")
    func pauses() {
        #expect(ranges([(0.9, 30), (0.1, 20), (0.9, 30)]).count == 1)
        #expect(ranges([(0.9, 30), (0.1, 60), (0.9, 30)]).count == 2)
    }

    @Test("from the preferred length on a short pause separates too")
    func preferred() {
        let length = Int(SpeechSegmenter.Settings().preferred / .seconds(1) * 31.25)
        #expect(ranges([(0.9, length - 40), (0.1, 20), (0.9, 30)]).count == 1)
        #expect(ranges([(0.9, length + 10), (0.1, 20), (0.9, 30)]).count == 2)
    }

    @Test("a stretch comes out as soon as its pause is long enough, not at the end")
    func early() {
        var when: [Int] = []
        let pattern = probabilities([(0.9, 30), (0.1, 100), (0.9, 30), (0.1, 100)])
        _ = stretches(pattern) { _, found, count in when += found.map { _ in count } }
        // 1.2 s are 38 chunks.
        #expect(when == [30 + 39, 160 + 39])
    }

    @Test("speech longer than the window is cut at its deepest pause and nothing is lost")
    func long() {
        // 57 s of speech with a dip after 20 s and after 42 s, too short for a pause.
        let found = stretches(probabilities([(0.9, 625), (0.2, 8), (0.9, 690), (0.2, 8), (0.9, 470)]))
        #expect(found.count == 3)
        #expect(found.first?.range.lowerBound == 0)
        #expect(found.last?.range.upperBound == (625 + 8 + 690 + 8 + 470) * 512)
        for (left, right) in zip(found, found.dropFirst()) {
            #expect(left.range.upperBound == right.range.lowerBound)
            #expect(left.tail == 0 && right.lead == 0)
        }
        #expect(abs(found[0].range.upperBound - 629 * 512) <= 8 * 512)
    }

    @Test("speech without any pause is cut where it is quietest, and both sides hear the cut")
    func noPause() {
        let found = stretches(probabilities([(0.9, 600), (0.7, 8), (0.9, 600)]))
        #expect(found.count == 2)
        #expect(abs(found[0].range.upperBound - 604 * 512) <= 4 * 512)
        #expect(found[0].tail == 19 * 512 && found[1].lead == 19 * 512)
        #expect(found[0].heard.upperBound - found[1].heard.lowerBound == 38 * 512)
    }

    @Test(
        "for any recording: in order, apart, within the window, all speech inside, nothing needed that was let go",
        arguments: 0..<UInt64(200))
    func properties(seed: UInt64) {
        var random = Dice(seed)
        let kinds: [Float] = [0.95, 0.9, 0.6, 0.45, 0.4, 0.3, 0.1, 0.02]
        var heard: [Float] = []
        while heard.count < 6_000 {
            let longest = [3, 12, 60, 400, 1_500][random.below(5)]
            heard += Array(repeating: kinds[random.below(kinds.count)], count: 1 + random.below(longest))
        }
        let sampleCount = heard.count * chunk - random.below(chunk)
        let most = Int(29.5 * Double(rate))
        let found = stretches(heard, sampleCount: sampleCount) { before, found, count in
            for stretch in found {
                #expect(stretch.heard.lowerBound >= before.keptFrom)
                #expect(stretch.heard.upperBound <= count * chunk)
            }
            #expect(count * chunk - before.keptFrom <= most + 2 * rate)
        }
        for stretch in found {
            #expect(!stretch.range.isEmpty && stretch.heard.count <= most)
            #expect(stretch.heard.lowerBound >= 0 && stretch.heard.upperBound <= sampleCount)
        }
        for (left, right) in zip(found, found.dropFirst()) {
            #expect(left.range.upperBound <= right.range.lowerBound)
            #expect((left.tail > 0) == (right.lead > 0))
            if right.lead > 0 { #expect(left.range.upperBound == right.range.lowerBound) }
        }
        for speech in Self.certain(heard) {
            let end = min(sampleCount, speech.upperBound * chunk)
            let covered = found.reduce(0) { $0 + $1.range.clamped(to: speech.lowerBound * chunk..<end).count }
            #expect(covered == end - speech.lowerBound * chunk, "\(speech) is not all in \(found)")
        }
    }

    /// Runs above the onset that no rule may drop.
    private static func certain(_ probabilities: [Float]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for (index, probability) in probabilities.enumerated() where probability >= 0.5 {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<(index + 1)
            } else {
                runs.append(index..<(index + 1))
            }
        }
        return runs.filter { $0.count >= 3 }
    }
}

/// Numbers that are the same in every run.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
