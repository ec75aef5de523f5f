internal import CLlama

/// Worker threads for llama.cpp's graphs. The thread that calls is one of them.
package final class LlamaThreadPool {
    let handle: OpaquePointer
    private let ledger: HandleLedger

    package let threads: Int

    /// - Parameter polling: 0 lets idle workers sleep at once, up to 100 lets them spin for the next graph.
    package init(threads: Int, polling: Int = 0, ledger: HandleLedger = .shared) throws(LlamaError) {
        var parameters = ggml_threadpool_params_default(Int32(max(1, threads)))
        parameters.poll = UInt32(max(0, min(100, polling)))
        guard let handle = ggml_threadpool_new(&parameters) else {
            throw LlamaError(.threadPoolFailed, "Cannot start \(threads) threads for the language model.")
        }
        self.handle = handle
        self.threads = max(1, threads)
        self.ledger = ledger
        ledger.opened(.threadPool)
    }

    deinit {
        ggml_threadpool_free(handle)
        ledger.closed(.threadPool)
    }
}
