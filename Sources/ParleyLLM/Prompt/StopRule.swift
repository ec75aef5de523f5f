internal import LlamaRuntime

/// Which tokens end a reply; none of them is ever spoken.
package struct StopRule: Sendable, Equatable {
    private let ends: Set<Int32>

    package init(ends: Set<Int32>) { self.ends = ends }

    /// Every token that ends a turn or a text, and the control tokens that begin a message: a model that writes one has
    /// finished its own.
    init(vocabulary: LlamaVocabulary, replyBeginning: [LlamaToken]) {
        let all = (0..<LlamaToken(vocabulary.count)).filter { vocabulary.isEnd($0) }
        ends = Set(all).union(replyBeginning.filter { vocabulary.isControl($0) })
    }

    package func ends(_ token: Int32) -> Bool { ends.contains(token) }
}
