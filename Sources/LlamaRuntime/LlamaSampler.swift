internal import CLlama

/// How a sampler chooses; ranges as in `LlamaSampler.init`.
package struct LlamaSamplerOptions: Sendable, Equatable {
    package var temperature: Float
    package var topK: Int
    package var topP: Float
    package var minP: Float
    package var repeatPenalty: Float
    /// Tokens back that the penalty sees.
    package var repeatWindow: Int
    package var seed: UInt32

    package init(
        temperature: Float = 0, topK: Int = 0, topP: Float = 1, minP: Float = 0, repeatPenalty: Float = 1,
        repeatWindow: Int = 64, seed: UInt32 = 0
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.repeatPenalty = repeatPenalty
        self.repeatWindow = repeatWindow
        self.seed = seed
    }
}

/// Chooses the next token of one conversation from the scores of a context.
///
/// Temperature 0 is an argmax over the row. Otherwise the few tokens that have a chance are gathered first, so that
/// llama.cpp's chain sorts dozens of candidates and not the vocabulary.
package final class LlamaSampler {
    private let handle: UnsafeMutablePointer<llama_sampler>
    private let ledger: HandleLedger
    private let options: LlamaSamplerOptions
    private var recent: [LlamaToken] = []
    private var candidates: [llama_token_data] = []
    private var echo = EchoPenalty()

    /// - Throws: `.samplerFailed` when llama.cpp has no memory for it.
    package init(_ options: LlamaSamplerOptions, ledger: HandleLedger = .shared) throws(LlamaError) {
        var parameters = llama_sampler_chain_default_params()
        parameters.no_perf = true
        guard let handle = llama_sampler_chain_init(parameters) else {
            throw LlamaError(.samplerFailed, "Cannot create a sampler of the language model.")
        }
        self.handle = handle
        self.options = options
        self.ledger = ledger
        ledger.opened(.sampler)
        guard options.temperature > 0 else { return }
        if options.topK > 0 { llama_sampler_chain_add(handle, llama_sampler_init_top_k(Int32(options.topK))) }
        if options.topP < 1 { llama_sampler_chain_add(handle, llama_sampler_init_top_p(options.topP, 1)) }
        if options.minP > 0 { llama_sampler_chain_add(handle, llama_sampler_init_min_p(options.minP, 1)) }
        llama_sampler_chain_add(handle, llama_sampler_init_temp(options.temperature))
        // The greatest seed asks llama.cpp for a random one.
        let seed = options.seed == UInt32.max ? 0 : options.seed
        llama_sampler_chain_add(handle, llama_sampler_init_dist(seed))
    }

    deinit {
        llama_sampler_free(handle)
        ledger.closed(.sampler)
    }

    /// Starts a reply from the seed and forgets the tokens seen, but for the replies before: they are not to be repeated.
    package func beginReply() {
        recent = []
        echo.endReply()
        llama_sampler_reset(handle)
    }

    /// Chooses the token to follow the batch's token at an index, and remembers it. May change the row of scores.
    /// - Throws: `.noLogits` when the row is missing or holds no finite score.
    package func sample(_ context: LlamaContext, at index: Int) throws(LlamaError) -> LlamaToken {
        let row = try context.row(at: index)
        penalize(row)
        let top = Logits.maximum(row)
        guard top.value.isFinite else {
            throw LlamaError(
                .noLogits, "\(context.model.name) gave scores that are not numbers: its file may be damaged.")
        }
        let token = options.temperature > 0 ? draw(row, top.value) : LlamaToken(top.index)
        if options.repeatPenalty != 1 {
            recent.append(token)
            if recent.count > options.repeatWindow { recent.removeFirst() }
            echo.append(token)
        }
        return token
    }

    /// Divides positive and multiplies negative scores, once for each distinct recent token (as llama.cpp does).
    private func penalize(_ row: UnsafeMutableBufferPointer<Float>) {
        guard options.repeatPenalty != 1 else { return }
        for token in Set(recent) where row.indices.contains(Int(token)) {
            let score = row[Int(token)]
            row[Int(token)] = score > 0 ? score / options.repeatPenalty : score * options.repeatPenalty
        }
        for (token, penalty) in echo.penalties() where row.indices.contains(Int(token)) { row[Int(token)] -= penalty }
    }

    private func draw(_ row: UnsafeMutableBufferPointer<Float>, _ maximum: Float) -> LlamaToken {
        // Tokens below e^-24 of the likeliest add up to less than one in 100,000 for any vocabulary in use.
        let floor = maximum - 24 * max(1, options.temperature)
        candidates.removeAll(keepingCapacity: true)
        Logits.forEach(row, atLeast: floor) { index, score in
            candidates.append(llama_token_data(id: LlamaToken(index), logit: score, p: 0))
        }
        return candidates.withUnsafeMutableBufferPointer { buffer in
            var array = llama_token_data_array(
                data: buffer.baseAddress, size: buffer.count, selected: -1, sorted: false)
            llama_sampler_apply(handle, &array)
            let chosen = array.selected >= 0 ? Int(array.selected) : 0
            return array.data[chosen].id
        }
    }
}
