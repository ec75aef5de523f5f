internal import Foundation
internal import ParleySTT
internal import Testing

@Suite("Scores of tokens")
struct LogitsTests {
    private func with<Result>(_ values: [Float], _ body: (Logits) -> Result) -> Result {
        var values = values
        return values.withUnsafeMutableBufferPointer { body(Logits($0)) }
    }

    /// Noise from a linear congruential generator, the same in every run.
    private func noise(_ count: Int) -> [Float] {
        var state: UInt32 = 7
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 8) / Float(1 << 24) * 40 - 20
        }
    }

    @Test("the likeliest token is found wherever it stands", arguments: [0, 1, 15, 16, 31, 32, 998, 1002])
    func best(index: Int) {
        var values = noise(1003)
        values[index] = 50
        #expect(with(values) { $0.best(below: 1003) } == index)
        #expect(with(values) { $0.best(below: max(1, index)) } != index || index == 0)
    }

    @Test("suppressed tokens are not chosen, numbers that are none neither")
    func suppressed() {
        let values: [Float] = [1, 9, 8, .nan, 7]
        #expect(with(values) { $0.best(below: 5) } == 1)
        let chosen = with(values) { logits in
            logits.suppress([1, 400, -2])
            return logits.best(below: 5)
        }
        #expect(chosen == 2)
        #expect(with([.nan, -.infinity]) { $0.best(below: 2) } == nil)
        #expect(with(values) { $0.best(among: [0, 3, 4, 99]) } == 4)
    }

    @Test("log probabilities agree with double precision within 2e-6 of their size", arguments: [3, 16, 100, 51_865])
    func logProbability(count: Int) {
        let values = noise(count)
        let total = values.reduce(0.0) { $0 + exp(Double($1)) }
        for token in [0, count / 2, count - 1] {
            let expected = Double(values[token]) - log(total)
            let found = Double(with(values) { $0.logProbability(of: token, below: count) })
            #expect(abs(found - expected) <= 2e-6 * max(1, abs(expected)) + 1e-6)
        }
    }

    @Test("the fast exponential has a relative error below 1e-6 down to 1e-37")
    func exponential() {
        for step in 0..<400 {
            let x = -Float(step) * 0.21
            let expected = exp(Double(x))
            let found = Double(Logits.exponential(SIMD16(repeating: x))[5])
            #expect(abs(found - expected) <= 1e-6 * expected + 1e-37)
        }
    }
}
