/// A failure of llama.cpp or of its use.
package struct LlamaError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for programs; more may be added.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        package static let modelMissing = Code(rawValue: "llama-model-missing")
        package static let modelUnusable = Code(rawValue: "llama-model-unusable")
        package static let contextCreationFailed = Code(rawValue: "llama-context-creation-failed")
        package static let threadPoolFailed = Code(rawValue: "llama-thread-pool-failed")
        package static let samplerFailed = Code(rawValue: "llama-sampler-failed")
        package static let tokenizationFailed = Code(rawValue: "llama-tokenization-failed")
        package static let invalidToken = Code(rawValue: "llama-invalid-token")
        package static let invalidBatch = Code(rawValue: "llama-invalid-batch")
        package static let batchFull = Code(rawValue: "llama-batch-full")
        /// The context's memory has no room for the batch; nothing was evaluated.
        package static let noMemorySlot = Code(rawValue: "llama-no-memory-slot")
        /// The abort callback asked to stop; what was evaluated must be rolled back.
        package static let aborted = Code(rawValue: "llama-aborted")
        package static let decodeFailed = Code(rawValue: "llama-decode-failed")
        package static let noLogits = Code(rawValue: "llama-no-logits")
        package static let checkpointFailed = Code(rawValue: "llama-checkpoint-failed")
    }

    package let code: Code
    /// One sentence: what failed, on what, why, and what to do.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
