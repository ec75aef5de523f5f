internal import CLlama

/// Whether attention is computed by one fused kernel.
package enum LlamaFlashAttention: Sendable {
    case automatic
    case off
    case on
}

/// Size and speed of a context.
package struct LlamaContextOptions: Sendable, Equatable {
    /// Tokens that each sequence may hold.
    package var window: Int
    /// Sequences that can exist at the same time; the memory of all of them is allocated at once.
    package var sequences: Int
    /// Most tokens of one call; bounds the compute buffers.
    package var batch: Int
    package var threads: Int
    /// Polling level of idle workers, 0...100; see `LlamaThreadPool`.
    package var polling: Int
    package var flashAttention: LlamaFlashAttention

    package init(
        window: Int = 2048, sequences: Int = 1, batch: Int = 64, threads: Int = 2, polling: Int = 0,
        flashAttention: LlamaFlashAttention = .on
    ) {
        self.window = window
        self.sequences = sequences
        self.batch = batch
        self.threads = threads
        self.polling = polling
        self.flashAttention = flashAttention
    }
}

/// Memory of the sequences and the compute buffers over one model. Not Sendable: one engine owns it.
package final class LlamaContext {
    let handle: OpaquePointer
    /// Released after the context is freed.
    package let model: LlamaModel
    private let pool: LlamaThreadPool
    private var abortBox: CallbackBox<() -> Bool>?

    /// Most tokens of one call.
    package let batch: Int

    /// - Throws: `.contextCreationFailed` when memory is short or an option does not fit the model.
    package init(model: LlamaModel, options: LlamaContextOptions) throws(LlamaError) {
        guard (1...Int(UInt32.max)).contains(options.window), (1...4096).contains(options.sequences),
            (1...65536).contains(options.batch), let cells = UInt32(exactly: options.window * options.sequences)
        else {
            throw LlamaError(
                .contextCreationFailed,
                "No context of \(options.window) tokens for \(options.sequences) sequences of \(model.name): "
                    + "these sizes are out of range.")
        }
        let pool = try LlamaThreadPool(threads: options.threads, polling: options.polling, ledger: model.ledger)
        var parameters = llama_context_default_params()
        parameters.n_ctx = cells
        parameters.n_batch = UInt32(options.batch)
        parameters.n_ubatch = UInt32(options.batch)
        parameters.n_seq_max = UInt32(options.sequences)
        // One row of scores for each sequence is all that sampling reads.
        parameters.n_outputs_max = UInt32(options.sequences)
        parameters.n_threads = Int32(pool.threads)
        parameters.n_threads_batch = Int32(pool.threads)
        parameters.flash_attn_type = options.flashAttention.native
        parameters.offload_kqv = false
        parameters.no_perf = true
        LlamaLog.clear()
        guard let handle = llama_init_from_model(model.handle, parameters) else {
            throw LlamaError(
                .contextCreationFailed,
                "No context of \(options.window) tokens for \(options.sequences) sequences of \(model.name)"
                    + "\(LlamaLog.reason()). Ask for a smaller window."
            )
        }
        self.handle = handle
        self.model = model
        self.pool = pool
        self.batch = Int(llama_n_batch(handle))
        llama_attach_threadpool(handle, pool.handle, nil)
        model.ledger.opened(.context)
    }

    deinit {
        llama_detach_threadpool(handle)
        llama_free(handle)
        model.ledger.closed(.context)
    }

    /// Tokens that each sequence may hold, as llama.cpp rounded them.
    package var window: Int { Int(llama_n_ctx_seq(handle)) }
    package var sequences: Int { Int(llama_n_seq_max(handle)) }

    /// Uses at most this many threads from the next call on; more than were created are taken as all.
    package func use(threads: Int) {
        let count = Int32(max(1, min(threads, pool.threads)))
        if llama_n_threads(handle) != count { llama_set_n_threads(handle, count, count) }
    }

    /// Evaluates a batch.
    /// - Parameter isAborted: asked on the calling thread between the nodes of the graph; `true` stops the whole call.
    /// - Throws: `.noMemorySlot` with the memory as before; `.aborted` and `.decodeFailed` after which the caller must
    ///   roll every sequence of the batch back to a checkpoint; `.invalidBatch`.
    package func decode(_ batch: LlamaBatch, isAborted: (() -> Bool)? = nil) throws(LlamaError) {
        setAbort(isAborted)
        defer { setAbort(nil) }
        LlamaLog.clear()
        let status = llama_decode(handle, batch.handle)
        guard status != 0 else { return }
        throw failure(of: status, tokens: batch.count)
    }

    /// Scores of every token of the vocabulary to follow the batch's token at an index.
    package func logits(at index: Int) throws(LlamaError) -> [Float] { Array(try row(at: index)) }

    /// The same as `logits(at:)` without a copy; valid until the next `decode`.
    func row(at index: Int) throws(LlamaError) -> UnsafeMutableBufferPointer<Float> {
        guard let row = llama_get_logits_ith(handle, Int32(index)) else {
            throw LlamaError(.noLogits, "The token \(index) of the last batch of \(model.name) has no scores.")
        }
        return UnsafeMutableBufferPointer(start: row, count: model.vocabulary.count)
    }

    private func setAbort(_ isAborted: (() -> Bool)?) {
        guard let isAborted else {
            if abortBox == nil { return }
            llama_set_abort_callback(handle, nil, nil)
            abortBox = nil
            return
        }
        let box = CallbackBox(isAborted)
        abortBox = box
        llama_set_abort_callback(
            handle, { data in data.map { CallbackBox<() -> Bool>.function(in: $0)() } ?? false }, box.pointer)
    }

    /// The one place where a status of `llama_decode` becomes an error. Source of the numbers: llama.h 0.3.36.
    private func failure(of status: Int32, tokens: Int) -> LlamaError {
        let what = "Evaluating \(tokens) tokens with \(model.name)"
        switch status {
        case 1: return LlamaError(.noMemorySlot, "\(what) failed: the context is full.")
        case 2: return LlamaError(.aborted, "\(what) was stopped.")
        case -1: return LlamaError(.invalidBatch, "\(what) failed: the batch is invalid\(LlamaLog.reason()).")
        default: return LlamaError(.decodeFailed, "\(what) failed with status \(status)\(LlamaLog.reason()).")
        }
    }
}

extension LlamaFlashAttention {
    fileprivate var native: llama_flash_attn_type {
        switch self {
        case .automatic: LLAMA_FLASH_ATTN_TYPE_AUTO
        case .off: LLAMA_FLASH_ATTN_TYPE_DISABLED
        case .on: LLAMA_FLASH_ATTN_TYPE_ENABLED
        }
    }
}
