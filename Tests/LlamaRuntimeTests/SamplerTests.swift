import LlamaRuntime
import Testing

@Suite("Sampler")
struct LlamaSamplerTests {
    /// A context with scores at row 0.
    private func scored(_ tokens: [LlamaToken] = [1, 40, 50]) throws -> LlamaContext {
        let context = try TinyModel.attention.context()
        try context.evaluate(Array(tokens.dropLast()))
        try context.evaluate([tokens[tokens.count - 1]])
        return context
    }

    private func likeliest(_ scores: [Float]) -> LlamaToken? {
        scores.indices.max { scores[$0] < scores[$1] }.map { LlamaToken($0) }
    }

    @Test("temperature 0 takes the likeliest token", arguments: [5, 40, 77, 130, 200, 260])
    func greedy(last: Int) throws {
        let context = try scored([1, LlamaToken(last)])
        let expected = likeliest(try context.logits(at: 0))
        let sampler = try LlamaSampler(LlamaSamplerOptions(temperature: 0))
        #expect(try sampler.sample(context, at: 0) == expected)
    }

    @Test("a nearly certain draw takes the likeliest token too")
    func coldDraw() throws {
        let context = try scored()
        let expected = likeliest(try context.logits(at: 0))
        let sampler = try LlamaSampler(LlamaSamplerOptions(temperature: 0.001, seed: 3))
        #expect(try sampler.sample(context, at: 0) == expected)
        let one = try LlamaSampler(LlamaSamplerOptions(temperature: 5, topK: 1, seed: 3))
        #expect(try one.sample(context, at: 0) == expected)
    }

    @Test("draws follow the seed, and reset begins again")
    func seeds() throws {
        let context = try scored()
        func draws(_ sampler: LlamaSampler) throws -> [LlamaToken] {
            try (0..<20).map { _ in try sampler.sample(context, at: 0) }
        }
        let options = LlamaSamplerOptions(temperature: 1.5, topP: 0.99, seed: 7)
        let sampler = try LlamaSampler(options)
        let first = try draws(sampler)
        #expect(Set(first).count > 3)
        #expect(try draws(try LlamaSampler(options)) == first)
        sampler.beginReply()
        #expect(try draws(sampler) == first)
        var other = options
        other.seed = 8
        #expect(try draws(try LlamaSampler(other)) != first)
    }

    @Test("draws have the frequencies of the scores")
    func frequencies() throws {
        let context = try scored()
        let scores = try context.logits(at: 0)
        let sampler = try LlamaSampler(LlamaSamplerOptions(temperature: 1, seed: 1))
        var counts: [LlamaToken: Int] = [:]
        for _ in 0..<4000 { counts[try sampler.sample(context, at: 0), default: 0] += 1 }
        let top = try #require(likeliest(scores))
        let maximum = scores[Int(top)]
        let total = scores.reduce(Float(0)) { $0 + expScore($1 - maximum) }
        let expected = 1 / total
        let measured = Float(counts[top, default: 0]) / 4000
        #expect(abs(measured - expected) < 0.04)
    }

    @Test("the penalty makes a token that was taken less likely")
    func penalty() throws {
        let context = try scored()
        let sampler = try LlamaSampler(LlamaSamplerOptions(temperature: 0, repeatPenalty: 1000))
        let first = try sampler.sample(context, at: 0)
        #expect(try sampler.sample(context, at: 0) != first)
        // A fresh row after a reset: the token is likeliest again.
        let again = try scored()
        sampler.beginReply()
        #expect(try sampler.sample(again, at: 0) == first)
    }

    private func expScore(_ value: Float) -> Float {
        // Enough terms of (1 + x/n)^n for a test; scores are small.
        var result = 1 + value / 65536
        for _ in 0..<16 { result *= result }
        return max(0, result)
    }
}
