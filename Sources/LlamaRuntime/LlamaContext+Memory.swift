internal import CLlama

/// What a sequence held at a position, as far as it cannot be had back by cutting its end.
package struct LlamaCheckpoint: Sendable {
    /// Tokens of the sequence when it was taken.
    package let position: Int
    /// Recurrent state; empty for models whose memory can be cut anywhere.
    let state: [UInt8]

    /// Bytes it keeps.
    package var bytes: Int { state.count }
}

extension LlamaContext {
    private var memory: OpaquePointer? { llama_get_memory(handle) }

    /// Tokens a sequence holds.
    package func length(of sequence: Int) -> Int { Int(llama_memory_seq_pos_max(memory, Int32(sequence))) + 1 }

    /// Removes the tokens of a sequence from a position on.
    /// - Returns: `false` when the memory refuses to be cut there: restore a checkpoint.
    @discardableResult
    package func cut(_ sequence: Int, from position: Int) -> Bool {
        llama_memory_seq_rm(memory, Int32(sequence), Int32(position), -1)
    }

    /// Removes a sequence whole.
    /// - Returns: whether llama.cpp agreed, which it always does for a sequence that exists.
    @discardableResult
    package func remove(_ sequence: Int) -> Bool { llama_memory_seq_rm(memory, Int32(sequence), -1, -1) }

    /// Makes a sequence hold what another holds; what it held before must have been removed.
    package func copy(_ source: Int, to target: Int) {
        llama_memory_seq_cp(memory, Int32(source), Int32(target), -1, -1)
    }

    /// Keeps what is needed to bring a sequence back to where it is now.
    /// - Throws: `.checkpointFailed`.
    package func checkpoint(_ sequence: Int) throws(LlamaError) -> LlamaCheckpoint {
        let position = length(of: sequence)
        guard model.isRecurrent, position > 0 else { return LlamaCheckpoint(position: position, state: []) }
        let size = llama_state_seq_get_size_ext(handle, Int32(sequence), llama_state_seq_flags.partial)
        var state = [UInt8](repeating: 0, count: size)
        let written = llama_state_seq_get_data_ext(handle, &state, size, Int32(sequence), llama_state_seq_flags.partial)
        guard size > 0, written == size else {
            throw LlamaError(
                .checkpointFailed,
                "Cannot keep the state of sequence \(sequence) of \(model.name) at token \(position).")
        }
        return LlamaCheckpoint(position: position, state: state)
    }

    /// Brings a sequence back to a checkpoint that was taken of it.
    /// - Throws: `.checkpointFailed`; the sequence is then undefined: remove it.
    package func restore(_ checkpoint: LlamaCheckpoint, of sequence: Int) throws(LlamaError) {
        var isRestored = true
        if !checkpoint.state.isEmpty {
            // The recurrent part first: with it in the past, the attention part may be cut.
            let size = checkpoint.state.count
            isRestored =
                llama_state_seq_set_data_ext(
                    handle, checkpoint.state, size, Int32(sequence), llama_state_seq_flags.partial) == size
        }
        isRestored = cut(sequence, from: checkpoint.position) && isRestored
        guard isRestored, length(of: sequence) == checkpoint.position else {
            throw LlamaError(
                .checkpointFailed,
                "Cannot bring sequence \(sequence) of \(model.name) back to token \(checkpoint.position).")
        }
    }
}

extension llama_state_seq_flags {
    fileprivate static let partial = llama_state_seq_flags(LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY)
}
