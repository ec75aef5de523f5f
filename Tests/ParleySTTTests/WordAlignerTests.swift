import ParleyCore
import ParleySTT
import Testing

@Suite("Words of a text and their times")
struct WordAlignerTests {
    private func words(_ tokens: [String], language: String = "en") -> [WordSplitter.Word] {
        WordSplitter(language: language).words(tokens.map { Array($0.utf8) })
    }

    @Test("a space starts a word; endings and marks belong to the word before them")
    func splitting() {
        #expect(
            words([" Hel", "lo", ",", " wor", "ld", "!"]) == [
                .init(text: "Hello,", tokens: 0..<3), .init(text: "world!", tokens: 3..<6),
            ])
    }

    @Test("opening marks belong to the word after them")
    func opening() {
        #expect(
            words([" ¿", "Qu", "é", " \"", "hora", "\"", "?"], language: "es") == [
                .init(text: "¿Qué", tokens: 0..<3), .init(text: "\"hora\"?", tokens: 3..<7),
            ])
    }

    @Test("a dash between spaces belongs to the word before it")
    func dash() {
        #expect(words([" a", " –", " b"]).map(\.text) == ["a –", "b"])
    }

    @Test("without spaces every character is a word, also one whose bytes are in two tokens")
    func unspaced() {
        let tokens: [[UInt8]] = [
            Array("日".utf8), Array("本".utf8.prefix(2)), Array("本".utf8.suffix(1)), Array("。".utf8),
        ]
        let words = WordSplitter(language: "ja").words(tokens)
        #expect(words.map(\.text) == ["日", "本。"])
        #expect(words.map(\.tokens) == [0..<1, 1..<4])
    }

    @Test(
        "every token belongs to exactly one word",
        arguments: [[], [","], ["a", " "], [" (", " (", "b", " )"], ["..."]])
    func coverage(tokens: [String]) {
        let words = words(tokens)
        let covered = words.flatMap { Array($0.tokens) }
        #expect(covered == Array(covered.indices))
        #expect(words.allSatisfy { !$0.text.isEmpty })
    }

    @Test("tokens are placed where the heads listened")
    func alignment() {
        // Token i listens to frames 10 i ... 10 i + 9 in one head, and everywhere alike in the other.
        let rows = (0..<4).map { token in
            (0..<50).map { $0 / 10 == token && $0 < 40 ? Float(0.1) : 0.001 } + [Float](repeating: 0.02, count: 50)
        }
        let first = WordAligner(heads: 2, frames: 40).firstFrames(rows)
        #expect(first.count == 4 && first[0] == 0)
        for (index, frame) in first.enumerated() { #expect(abs(frame - 10 * index) <= 2) }
    }

    @Test("first frames never fall, whatever the attention is", arguments: 0..<20)
    func monotonic(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        let rows = (0..<12).map { _ in
            (0..<60).map { _ -> Float in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                return Float(state >> 40) / Float(1 << 24)
            }
        }
        let first = WordAligner(heads: 2, frames: 25).firstFrames(rows)
        #expect(first.count == 12)
        #expect(zip(first, first.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(first.allSatisfy { (0..<25).contains($0) })
    }

    @Test("attention that does not fit gives no times")
    func misfit() {
        #expect(WordAligner(heads: 2, frames: 10).firstFrames([]) == [])
        #expect(WordAligner(heads: 2, frames: 10).firstFrames([[1, 2, 3]]) == [])
        #expect(WordAligner(heads: 0, frames: 10).firstFrames([[1, 2, 3]]) == [])
    }

    /// 8 kHz: silence, a tone, 200 ms of silence, a tone, silence.
    private var tones: [Float] {
        func tone(_ count: Int) -> [Float] { (0..<count).map { $0 % 8 < 4 ? 0.3 : -0.3 } }
        func silence(_ count: Int) -> [Float] { (0..<count).map { $0 % 2 == 0 ? 0.0005 : -0.0005 } }
        return silence(800) + tone(1600) + silence(1600) + tone(1600) + silence(800)
    }

    @Test("pauses are found, and words that meet near one end and start at its edges")
    func pauses() {
        let edges = SoundEdges(tones, sampleRate: 8_000)
        #expect(edges.pauses == [0..<0.1, 0.3..<0.5, 0.7..<0.8])
        #expect(edges.boundary(near: 0.25) == (0.3, 0.5))
        #expect(edges.boundary(near: 0.4) == (0.3, 0.5))
    }

    @Test("words take the edges of pauses, do not overlap and stay inside the recording")
    func times() {
        let times = WordTimes(framesPerSecond: 50, duration: 0.8, edges: SoundEdges(tones, sampleRate: 8_000))
        let found = times.words(
            [.init(text: "a", tokens: 0..<1), .init(text: "b.", tokens: 1..<3)], starts: [0, 18, 30, 38],
            logProbabilities: [0, 0, -2, 0])
        #expect(found.map(\.text) == ["a", "b."])
        #expect(abs(found[0].start / .seconds(1) - 0.1) < 0.011 && abs(found[0].end / .seconds(1) - 0.3) < 0.011)
        #expect(abs(found[1].start / .seconds(1) - 0.5) < 0.011 && abs(found[1].end / .seconds(1) - 0.7) < 0.011)
        #expect(found[0].probability == 1 && abs(found[1].probability - 0.3679) < 0.001)
    }

    @Test("without an alignment words get what time there is")
    func fallback() {
        let times = WordTimes(framesPerSecond: 50, duration: 2, edges: SoundEdges(pauses: []))
        let found = times.words([.init(text: "a", tokens: 0..<1)], starts: [], logProbabilities: [])
        #expect(found.first?.start == .zero && found.first?.end == .seconds(2))
    }

    @Test("silence and an empty recording have no edges that words could take")
    func empty() {
        #expect(SoundEdges([Float](), sampleRate: 16_000).pauses == [])
        #expect(SoundEdges([Float](repeating: 0, count: 1_600), sampleRate: 16_000).pauses.count <= 1)
    }
}
