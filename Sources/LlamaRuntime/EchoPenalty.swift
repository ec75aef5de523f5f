/// Lowers the scores of tokens that would go on repeating an earlier reply: small models copy themselves otherwise.
///
/// The longer the repetition, the larger the penalty, so that common phrases pass and copied sentences do not.
/// Source of the rule: DRY sampling, https://github.com/oobabooga/text-generation-webui/pull/5677, which is applied here
/// to whole earlier replies, their beginning included.
package struct EchoPenalty: Sendable, Equatable {
    /// Repeated tokens that cost nothing.
    package static let allowed = 2
    /// Taken off the score after `allowed` repeated tokens. Source: the rule's own default.
    package static let multiplier: Float = 0.8
    /// Growth with each further token. Source: the rule's own default.
    package static let base: Float = 1.75
    /// Replies that are remembered, so that a turn costs the same however long the conversation is.
    package static let remembered = 16
    /// Longest repetition that is looked at; beyond it no score survives.
    private static let longest = 12

    /// Earlier replies, each behind a token that no vocabulary has and that stands for the beginning.
    private var earlier: [[LlamaToken]] = []
    private var current: [LlamaToken] = [Self.beginning]
    private static let beginning: LlamaToken = -1

    package init() {}

    /// The reply that was being written is complete; the next begins.
    package mutating func endReply() {
        if current.count > 1 { earlier.append(current) }
        if earlier.count > Self.remembered { earlier.removeFirst() }
        current = [Self.beginning]
    }

    /// The reply goes on with a token.
    package mutating func append(_ token: LlamaToken) { current.append(token) }

    /// Tokens that would go on with a repetition, and what to take off their scores.
    package func penalties() -> [LlamaToken: Float] {
        var found: [LlamaToken: Float] = [:]
        for reply in earlier {
            for next in reply.indices.dropFirst() {
                let length = commonSuffix(reply[..<next])
                guard length >= Self.allowed else { continue }
                let penalty = (Self.allowed..<length).reduce(Self.multiplier) { value, _ in value * Self.base }
                found[reply[next]] = max(found[reply[next]] ?? 0, penalty)
            }
        }
        return found
    }

    /// How many tokens at the end of the current reply are those before a place in an earlier one.
    private func commonSuffix(_ before: ArraySlice<LlamaToken>) -> Int {
        zip(before.reversed(), current.reversed()).prefix(Self.longest).prefix { $0 == $1 }.count
    }
}
