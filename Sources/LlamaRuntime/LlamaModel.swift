internal import CLlama

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How the weights of a model come into memory.
package struct LlamaModelOptions: Sendable, Equatable {
    /// Whether tensors that need no repacking stay in the mapped file: pages the system may drop and share.
    package var maps: Bool
    /// Whether matrices are rearranged for this CPU's fast kernels: faster prompts, an anonymous copy of the weights.
    package var repacks: Bool

    package init(maps: Bool = true, repacks: Bool = true) {
        self.maps = maps
        self.repacks = repacks
    }
}

/// The weights and the vocabulary of one GGUF file, immutable after loading and shared by every context.
package final class LlamaModel: @unchecked Sendable {
    // Safe because nothing writes to the model after `init`, and llama.h (0.3.36) states that tokenization is thread-safe.
    let handle: OpaquePointer
    let ledger: HandleLedger

    /// Path of the file.
    package let path: String
    /// Name for messages: `general.name` of the file, else the file's name.
    package let name: String

    /// Maps and reads a file: takes as long as reading it.
    /// - Throws: `.modelMissing` when it cannot be read, `.modelUnusable` when llama.cpp refuses it.
    package init(
        path: String, options: LlamaModelOptions = LlamaModelOptions(), ledger: HandleLedger = .shared
    ) throws(LlamaError) {
        guard LlamaLog.ready, access(path, R_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw LlamaError(.modelMissing, "Cannot read the language model \(path): \(reason).")
        }
        var parameters = llama_model_default_params()
        parameters.n_gpu_layers = 0
        parameters.load_mode = options.maps ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE
        parameters.use_extra_bufts = options.repacks
        LlamaLog.clear()
        guard let handle = llama_model_load_from_file(path, parameters) else {
            throw LlamaError(
                .modelUnusable,
                "Cannot load \(path): llama.cpp does not accept it as a GGUF model\(LlamaLog.reason()). Pull the model again."
            )
        }
        self.handle = handle
        self.path = path
        self.ledger = ledger
        name = Self.metadata("general.name", of: handle) ?? path.split(separator: "/").last.map(String.init) ?? path
        ledger.opened(.model)
    }

    deinit {
        llama_model_free(handle)
        ledger.closed(.model)
    }

    /// Value of a scalar or string key of the file's metadata, as text; arrays are not readable this way.
    package func metadata(_ key: String) -> String? { Self.metadata(key, of: handle) }

    /// Every scalar and string of the file's metadata, in the file's order.
    package var metadata: [(key: String, value: String)] {
        (0..<llama_model_meta_count(handle)).compactMap { index in
            guard let key = readString({ llama_model_meta_key_by_index(handle, index, $0, $1) }),
                let value = readString({ llama_model_meta_val_str_by_index(handle, index, $0, $1) })
            else { return nil }
            return (key, value)
        }
    }

    /// The chat template of the file, Jinja source; `nil` for models without one.
    package var chatTemplate: String? {
        llama_model_chat_template(handle, nil).map { String(cString: $0) }
    }

    package var vocabulary: LlamaVocabulary { LlamaVocabulary(model: self) }
    /// Tokens the model was trained to look back.
    package var trainedWindow: Int { Int(llama_model_n_ctx_train(handle)) }
    /// Bytes of all tensors.
    package var tensorBytes: Int { Int(llama_model_size(handle)) }
    package var parameters: Int { Int(llama_model_n_params(handle)) }
    /// Whether a sequence has state that cannot be cut at its end: removal needs a checkpoint.
    package var isRecurrent: Bool { llama_model_is_recurrent(handle) || llama_model_is_hybrid(handle) }

    private static func metadata(_ key: String, of handle: OpaquePointer) -> String? {
        readString { llama_model_meta_val_str(handle, key, $0, $1) }
    }
}

/// Calls a function of llama.cpp that writes text into a buffer, with a buffer that is large enough.
private func readString(_ write: (UnsafeMutablePointer<CChar>?, Int) -> Int32) -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    while true {
        let length = buffer.withUnsafeMutableBufferPointer { write($0.baseAddress, $0.count) }
        guard length >= 0 else { return nil }
        if Int(length) < buffer.count {
            return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        buffer = [CChar](repeating: 0, count: Int(length) + 1)
    }
}
