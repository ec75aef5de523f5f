internal import CLlama

/// Number of a token in a model's vocabulary.
package typealias LlamaToken = Int32

/// The vocabulary of a model: text to tokens and back.
package struct LlamaVocabulary: Sendable {
    private let model: LlamaModel

    init(model: LlamaModel) { self.model = model }

    private var handle: OpaquePointer? { llama_model_get_vocab(model.handle) }

    /// Tokens there are.
    package var count: Int { Int(llama_vocab_n_tokens(handle)) }
    /// The token that begins a text, when the vocabulary has one.
    package var beginning: LlamaToken? { optional(llama_vocab_bos(handle)) }
    /// The token that ends a text, when the vocabulary has one.
    package var end: LlamaToken? { optional(llama_vocab_eos(handle)) }
    /// Whether a text must begin with `beginning`.
    package var addsBeginning: Bool { llama_vocab_get_add_bos(handle) }

    /// Splits a text into tokens.
    /// - Parameters:
    ///   - parsesSpecial: whether text such as `<|im_end|>` becomes the control token; else it stays plain text.
    ///   - addsSpecial: whether the beginning and end tokens are added as the file asks.
    package func tokenize(
        _ text: String, parsesSpecial: Bool, addsSpecial: Bool = false
    ) throws(LlamaError) -> [LlamaToken] {
        var text = text
        let bytes = text.utf8.count
        guard let length = Int32(exactly: bytes) else {
            throw LlamaError(.tokenizationFailed, "Cannot split a text of \(bytes) bytes into tokens: it is too long.")
        }
        // A token covers at least one byte; two more for the beginning and the end.
        var tokens = [LlamaToken](repeating: 0, count: bytes + 2)
        let count = text.withUTF8 { source in
            source.withMemoryRebound(to: CChar.self) { source in
                llama_tokenize(
                    handle, source.baseAddress, length, &tokens, Int32(tokens.count), addsSpecial, parsesSpecial)
            }
        }
        guard count >= 0 else {
            throw LlamaError(.tokenizationFailed, "\(model.name) cannot split a text of \(bytes) bytes into tokens.")
        }
        tokens.removeLast(tokens.count - Int(count))
        return tokens
    }

    /// Bytes of a token, which may be part of a character; control tokens have none.
    package func piece(of token: LlamaToken) throws(LlamaError) -> [UInt8] {
        guard (0..<count).contains(Int(token)) else {
            throw LlamaError(.invalidToken, "\(model.name) has no token \(token).")
        }
        var bytes = [UInt8](repeating: 0, count: 32)
        while true {
            let size = Int32(bytes.count)
            let length = bytes.withUnsafeMutableBytes { buffer in
                llama_token_to_piece(
                    handle, token, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), size, 0, false)
            }
            if length >= 0 {
                bytes.removeLast(bytes.count - Int(length))
                return bytes
            }
            bytes = [UInt8](repeating: 0, count: Int(-length))
        }
    }

    /// The text by which a token is written in the vocabulary: `<|im_end|>`.
    package func text(of token: LlamaToken) -> String {
        guard (0..<count).contains(Int(token)), let text = llama_vocab_get_text(handle, token) else { return "" }
        return String(cString: text)
    }

    /// Whether a token ends a turn or a text.
    package func isEnd(_ token: LlamaToken) -> Bool {
        (0..<count).contains(Int(token)) && llama_vocab_is_eog(handle, token)
    }

    /// Whether a token marks structure and has no text of its own.
    package func isControl(_ token: LlamaToken) -> Bool {
        (0..<count).contains(Int(token)) && llama_vocab_is_control(handle, token)
    }

    private func optional(_ token: LlamaToken) -> LlamaToken? { token < 0 ? nil : token }
}
