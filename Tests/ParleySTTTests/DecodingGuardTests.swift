internal import ParleyCore
internal import ParleySTT
internal import Testing

@Suite("Guards against runaway decoding")
struct DecodingGuardTests {
    /// Feeds tokens until a guard trips.
    private func run(
        _ tokens: some Sequence<Int>, seconds: Double = 20, strict: Bool = true
    ) -> (tripped: TranscriptionGuard?, watch: DecodingGuard) {
        var watch = DecodingGuard(seconds: seconds, maximum: 443, isStrict: strict)
        for token in tokens {
            if let tripped = watch.accept(token) { return (tripped, watch) }
        }
        return (nil, watch)
    }

    @Test("ordinary text trips nothing and is kept whole")
    func ordinaryText() {
        let tokens = Array(100..<180)
        let (tripped, watch) = run(tokens)
        #expect(tripped == nil)
        #expect(watch.tokens == tokens)
        #expect(watch.kept == 80)
    }

    @Test("more tokens than a person speaks in that time trip the budget", arguments: [0.5, 1.4, 3, 10, 30])
    func budget(seconds: Double) {
        let limit = Int(seconds * 6.5 + 6)
        let (tripped, watch) = run(1000..., seconds: seconds)
        #expect(tripped == .tokenBudget)
        #expect(watch.budget == limit)
        #expect(watch.tokens.count == limit + 1)
        #expect(watch.kept == limit)
    }

    @Test("the budget never passes what the model can hold")
    func budgetLimit() {
        #expect(DecodingGuard(seconds: 1000, maximum: 443, isStrict: true).budget == 443)
        #expect(DecodingGuard(seconds: 0, maximum: 443, isStrict: true).budget == 6)
    }

    @Test("a first try stops as soon as the text begins anew")
    func restart() {
        let sentence = [5, 6, 7, 8, 9, 10]
        let (tripped, watch) = run(sentence + sentence)
        #expect(tripped == .repetition)
        #expect(watch.tokens.count == 10)
        #expect(Array(watch.tokens.prefix(watch.kept)) == sentence)
    }

    @Test("a first try ends where the text would begin anew and ending is a fair second choice")
    func endInsteadOfRestart() {
        let watch = run([5, 6, 7]).watch
        #expect(watch.endsText(likeliest: 5, endProbability: 0.2))
        #expect(!watch.endsText(likeliest: 5, endProbability: 0.05))
        #expect(!watch.endsText(likeliest: 6, endProbability: 0.4))
        #expect(!run([5, 6, 7], strict: false).watch.endsText(likeliest: 5, endProbability: 0.4))
        #expect(!run([]).watch.endsText(likeliest: 5, endProbability: 0.4))
    }

    @Test("a text that comes again without its first words, or with others, begins anew too", arguments: [1, 2])
    func looseRestart(skipped: Int) {
        let sentence = Array(10..<22)
        let (tripped, watch) = run(sentence + [99] + sentence.dropFirst(skipped))
        #expect(tripped == .repetition)
        #expect(watch.tokens.count == sentence.count + 1 + 5)
        #expect(run(sentence + [99] + sentence.dropFirst(3)).tripped == nil)
    }

    @Test("two sentences that begin with three equal tokens trip nothing")
    func alikeBeginnings() {
        #expect(run([5, 6, 7, 11, 12, 13, 5, 6, 7, 14, 15, 16]).tripped == nil)
    }

    @Test("a second try allows a sentence said twice, and stops at the third time")
    func secondTry() {
        let sentence = Array(20..<32)
        #expect(run(sentence + sentence, strict: false).tripped == nil)
        let (tripped, watch) = run([1, 2, 3] + sentence + sentence + sentence, strict: false)
        #expect(tripped == .repetition)
        #expect(Array(watch.tokens.prefix(watch.kept)) == [1, 2, 3] + sentence)
    }

    @Test("a word said a few times is speech, said without end it is a loop")
    func oneWord() {
        #expect(run([1, 2] + Array(repeating: 9, count: 7) + [3]).tripped == nil)
        let (tripped, watch) = run([1, 2] + Array(repeating: 9, count: 50))
        #expect(tripped == .repetition)
        #expect(watch.tokens.count == 10)
        #expect(watch.kept == 3)
    }

    @Test("short phrases may repeat more often than long ones", arguments: [(2, 4), (3, 4), (4, 2), (7, 2), (8, 1)])
    func phrases(length: Int, allowed: Int) {
        let phrase = Array(50..<(50 + length))
        let head = [1, 2, 3, 4, 5]
        let within = Array(repeatElement(phrase, count: allowed).joined())
        #expect(run(head + within + [7]).tripped == nil)
        let (tripped, watch) = run(head + within + phrase)
        #expect(tripped == .repetition)
        #expect(Array(watch.tokens.prefix(watch.kept)) == head + phrase)
    }

    @Test("when the budget runs out inside a repeated sentence, its first time is kept")
    func budgetInsideLoop() {
        // The second time differs in one word, so no exact phrase follows itself.
        let first = [5, 6, 7, 8, 9, 10, 11]
        let second = [5, 6, 7, 8, 12, 13, 14]
        let (tripped, watch) = run(first + second, seconds: 1, strict: false)
        #expect(tripped == .tokenBudget)
        #expect(Array(watch.tokens.prefix(watch.kept)) == first)
    }
}
