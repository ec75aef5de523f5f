/// Size and speed of a language model engine.
package struct LlamaEngineOptions: Sendable, Equatable {
    /// Tokens that one conversation may hold. SmolLM2 keeps 23 KiB for each, LFM2-1.2B 12 KiB.
    package var window: Int
    /// Conversations at the same time; the memory for all of them is taken at once.
    package var conversations: Int
    package var threads: Int
    /// Prompt tokens of one call, so that a call takes about 40 ms and no other stage waits longer. A constant, because
    /// the last bits of the scores depend on where a prompt is cut, and the same question must get the same answer.
    package var promptQuantum: Int
    /// 0 lets idle threads sleep at once; see docs/decisions/003-llama-threads.md.
    package var polling: Int
    package var usesFlashAttention: Bool
    /// Whether matrices are rearranged for this CPU's fast kernels where their format allows.
    package var repacks: Bool

    package init(
        window: Int = 2048, conversations: Int = 1, threads: Int = 2, promptQuantum: Int = 16, polling: Int = 0,
        usesFlashAttention: Bool = true, repacks: Bool = true
    ) {
        self.window = window
        self.conversations = conversations
        self.threads = threads
        self.promptQuantum = promptQuantum
        self.polling = polling
        self.usesFlashAttention = usesFlashAttention
        self.repacks = repacks
    }
}

/// What an engine did since it was loaded, for tests and benchmarks.
package struct LlamaEngineCounters: Sendable, Equatable {
    /// Tokens evaluated that were part of a prompt.
    package var promptTokens = 0
    /// Tokens evaluated that the model had written.
    package var replyTokens = 0
    /// Calls of the model.
    package var calls = 0
    /// Calls stopped half-way.
    package var aborted = 0
}
