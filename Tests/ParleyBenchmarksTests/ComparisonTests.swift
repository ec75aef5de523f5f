import ParleyBenchmarks
import Testing

@Suite("Comparison of two recognisers")
struct ComparisonTests {
    private func top(_ first: Double, _ second: Double) -> TopTwo {
        TopTwo(tokens: [1, 2], probabilities: [first, second])
    }

    @Test(
        "the place where two texts part is the first token that differs, or the end of the shorter one",
        arguments: [([1, 2, 3], [1, 5, 3], 1), ([1, 2], [1, 2, 3], 2), ([], [1], 0), ([7], [7], 1)])
    func place(first: [Int], second: [Int], expected: Int) {
        #expect(parting(of: first, from: second) == expected)
        #expect(parting(of: second, from: first) == expected)
    }

    @Test("a difference is a near tie when one side's two likeliest tokens are less than a hundredth apart")
    func ties() {
        var difference = Comparison.Difference(file: "a.wav", ours: "a", theirs: "the", position: 0)
        #expect(!difference.isNearTie)
        difference.ourChoice = top(0.41, 0.39)
        #expect(!difference.isNearTie)
        difference.theirChoice = top(0.4, 0.395)
        #expect(difference.isNearTie)
    }

    @Test("the report counts files, names each difference and says how sure both sides were")
    func report() {
        var comparison = Comparison("FP32")
        comparison.files = 4
        #expect(comparison.report == "FP32: 4 of 4 texts are the same (100.0 %)")
        comparison.differences = [
            Comparison.Difference(
                file: "a.wav", ours: "a boxcar", theirs: "the boxcar", position: 3, ourChoice: top(0.5, 0.495),
                theirChoice: nil)
        ]
        #expect(
            comparison.report == """
                FP32: 3 of 4 texts are the same (75.0 %); near ties: 1 of 1
                  a.wav, token 3
                    ours    0.0050  a boxcar
                    theirs          the boxcar
                """)
    }

    @Test("word errors are counted for both sides against the same text")
    func words() {
        var errors = WordErrors(language: "en")
        errors.add("one two three", "one two three", "one too")
        #expect(
            errors.report
                == "en, shipped bundle: 0 word errors in 3 words (0.00 %); faster-whisper INT8: 2 (66.67 %)")
    }
}
