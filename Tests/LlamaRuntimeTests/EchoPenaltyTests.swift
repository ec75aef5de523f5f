import LlamaRuntime
import Testing

@Suite("Echo penalty")
struct EchoPenaltyTests {
    private func penalty(after earlier: [[LlamaToken]], _ current: [LlamaToken]) -> [LlamaToken: Float] {
        var echo = EchoPenalty()
        for reply in earlier {
            for token in reply { echo.append(token) }
            echo.endReply()
        }
        for token in current { echo.append(token) }
        return echo.penalties()
    }

    @Test("a first reply is free of it, and so is what no earlier reply said")
    func free() {
        #expect(penalty(after: [], [1, 2, 3, 1, 2]).isEmpty)
        #expect(penalty(after: [[1, 2, 3]], [7, 8, 9]).isEmpty)
    }

    @Test("the beginning counts: a reply that starts like an earlier one is led away")
    func beginning() {
        #expect(penalty(after: [[1, 2, 3]], []).isEmpty)
        #expect(penalty(after: [[1, 2, 3]], [1]) == [2: EchoPenalty.multiplier])
    }

    @Test("the penalty grows with the length of the repetition")
    func growth() {
        let short = penalty(after: [[9, 1, 2, 3, 4]], [5, 1, 2])[3] ?? 0
        let long = penalty(after: [[9, 1, 2, 3, 4]], [5, 1, 2, 3])[4] ?? 0
        #expect(short == EchoPenalty.multiplier)
        #expect(long == EchoPenalty.multiplier * EchoPenalty.base)
    }

    @Test("the longest of several repetitions counts")
    func longest() {
        let found = penalty(after: [[8, 1, 2, 5], [7, 6, 1, 2, 5]], [7, 6, 1, 2])
        #expect((found[5] ?? 0) > EchoPenalty.multiplier)
    }

    @Test("only the latest replies are remembered")
    func bounded() {
        let later = (0..<EchoPenalty.remembered).map { [LlamaToken(100 + $0)] }
        #expect(penalty(after: [[1, 2, 3]] + later.dropLast(), [1]) == [2: EchoPenalty.multiplier])
        #expect(penalty(after: [[1, 2, 3]] + later, [1]).isEmpty)
    }

    @Test("an empty reply leaves nothing behind")
    func empty() {
        #expect(penalty(after: [[], []], [1]).isEmpty)
    }
}
