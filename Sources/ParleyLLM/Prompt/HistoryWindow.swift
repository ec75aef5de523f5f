/// Decides how many old turns must go so that a prompt and its reply fit.
package struct HistoryWindow: Sendable, Equatable {
    /// Tokens that a prompt may have.
    package let limit: Int
    /// Once turns must go, so many go that the prompt has at most this many tokens: what is behind the system prompt is
    /// evaluated again then, and that should not happen in every turn.
    package let target: Int

    /// - Parameters:
    ///   - window: tokens of a sequence.
    ///   - reply: tokens kept free for the reply.
    package init(window: Int, reply: Int) {
        limit = max(0, window - reply)
        target = limit * 3 / 4
    }

    /// - Parameters:
    ///   - turns: old turns there are.
    ///   - tokens: tokens of the prompt without that many of the oldest turns.
    /// - Returns: oldest turns to drop, `nil` when the prompt does not fit even without any.
    package func turnsToDrop<Failure: Error>(
        of turns: Int, tokens: (Int) throws(Failure) -> Int
    ) throws(Failure) -> Int? {
        if try tokens(0) <= limit { return 0 }
        for dropped in 1..<(max(1, turns) + 1) where dropped <= turns {
            if try tokens(dropped) <= target { return dropped }
        }
        guard turns > 0, try tokens(turns) <= limit else { return nil }
        return turns
    }
}
