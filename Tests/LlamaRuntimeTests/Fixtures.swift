import Foundation
import LlamaRuntime
import Testing

/// Models of 60 KB with random weights; Tests/Fixtures/llama/make.py writes them.
enum TinyModel: String, CaseIterable, CustomTestStringConvertible {
    /// Attention only: memory can be cut anywhere.
    case attention = "tiny-llama"
    /// A convolution block before an attention block: memory needs checkpoints.
    case hybrid = "tiny-lfm2"

    var testDescription: String { rawValue }

    var path: String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/llama/\(rawValue).gguf").path
    }

    func load(ledger: HandleLedger = .shared) throws -> LlamaModel { try LlamaModel(path: path, ledger: ledger) }

    func context(
        ledger: HandleLedger = .shared, window: Int = 256, sequences: Int = 1, batch: Int = 32
    ) throws -> LlamaContext {
        let options = LlamaContextOptions(window: window, sequences: sequences, batch: batch, threads: 1)
        return try LlamaContext(model: try load(ledger: ledger), options: options)
    }
}

extension LlamaContext {
    /// Evaluates tokens at the end of a sequence in one call.
    /// - Returns: scores after the last of them.
    @discardableResult
    func evaluate(_ tokens: [LlamaToken], in sequence: Int = 0) throws -> [Float] {
        let batch = LlamaBatch(capacity: tokens.count)
        let start = length(of: sequence)
        for (offset, token) in tokens.enumerated() {
            try batch.add(token, at: start + offset, in: sequence, wantsLogits: offset == tokens.count - 1)
        }
        try decode(batch)
        return try logits(at: tokens.count - 1)
    }
}

/// Greatest difference of two rows of scores.
func distance(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).map { abs($0 - $1) }.max() ?? .infinity }
