internal import CLlama

/// What the linked llama.cpp was built for.
package enum LlamaSystem {
    /// Instruction sets and options of its CPU kernels: "CPU : SSE3 = 1 | AVX = 1 | …".
    package static var information: String {
        // The backends register themselves when the library starts.
        guard LlamaLog.ready, let text = llama_print_system_info() else { return "" }
        return String(cString: text)
    }
}
