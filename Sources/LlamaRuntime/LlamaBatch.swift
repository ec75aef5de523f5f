internal import CLlama

/// Tokens of one or several sequences that are evaluated in one call.
package final class LlamaBatch {
    private(set) var handle: llama_batch
    private let ledger: HandleLedger

    /// Most tokens it holds.
    package let capacity: Int

    package init(capacity: Int, ledger: HandleLedger = .shared) {
        self.capacity = max(1, capacity)
        self.ledger = ledger
        handle = llama_batch_init(Int32(self.capacity), 0, 1)
        ledger.opened(.batch)
    }

    deinit {
        llama_batch_free(handle)
        ledger.closed(.batch)
    }

    /// Tokens it holds now.
    package var count: Int { Int(handle.n_tokens) }

    package func removeAll() { handle.n_tokens = 0 }

    /// Adds a token.
    /// - Parameter wantsLogits: whether the scores of the token after this one are wanted.
    /// - Returns: index by which the context gives the scores.
    /// - Throws: `.batchFull` when `capacity` is reached.
    @discardableResult
    package func add(
        _ token: LlamaToken, at position: Int, in sequence: Int, wantsLogits: Bool
    ) throws(LlamaError) -> Int {
        let index = count
        guard index < capacity, let sequences = handle.seq_id[index] else {
            throw LlamaError(.batchFull, "A batch of \(capacity) tokens is full.")
        }
        handle.token[index] = token
        handle.pos[index] = Int32(position)
        handle.n_seq_id[index] = 1
        sequences[0] = Int32(sequence)
        handle.logits[index] = wantsLogits ? 1 : 0
        handle.n_tokens += 1
        return index
    }
}
