internal import OnnxRuntime
internal import ParleyCore

/// Tensors of one utterance and the graph runs over them. Nothing here decides; `WhisperSession` does.
///
/// What the decoder remembers are the library's own outputs, given back as inputs: nothing is copied between steps.
final class WhisperDecoder {
    /// Tokens of the prompt.
    static let promptLength = 4
    /// Most tokens of one run: the prompt and guesses. A run over 16 tokens takes about as long as four over one.
    static let longestRun = 16

    /// Inputs and scores of runs over up to a number of tokens.
    private struct Buffers {
        let rows: OnnxMemory<Float>
        let scores: OnnxMemory<Float>
        /// Views of both for 1... tokens.
        let views: [(embeddings: OnnxTensor, logits: OnnxTensor)]
    }

    /// Stops runs from another thread.
    let stopSwitch: OnnxRunOptions
    /// Attention heads in a row of `attention`.
    private(set) var alignmentHeads = 0

    private let model: WhisperModel
    private let environment: OnnxEnvironment
    private let audio: OnnxMemory<Float>
    private var buffers: Buffers
    private let nothing: [OnnxTensor]
    private var cross: [OnnxTensor] = []
    private var past: [OnnxTensor] = []
    /// [heads, n, T] of the last run, when it was asked for.
    private var alignment: OnnxTensor?

    init(_ model: WhisperModel) throws(OnnxError) {
        let manifest = model.manifest
        let environment = model.encoder.session.environment
        audio = OnnxMemory(count: manifest.maximumSamples)
        let empty = OnnxMemory<Float>(count: 0)
        var nothing: [OnnxTensor] = []
        for _ in 0..<(2 * manifest.layers) {
            nothing.append(
                try OnnxTensor(environment, over: empty, shape: [1, manifest.heads, 0, manifest.headSize]))
        }
        self.nothing = nothing
        self.model = model
        self.environment = environment
        stopSwitch = try OnnxRunOptions(environment)
        buffers = try Self.makeBuffers(model, environment, Self.promptLength)
    }

    private static func makeBuffers(
        _ model: WhisperModel, _ environment: OnnxEnvironment, _ tokens: Int
    ) throws(OnnxError) -> Buffers {
        let manifest = model.manifest
        let rows = OnnxMemory<Float>(count: tokens * manifest.width)
        let scores = OnnxMemory<Float>(count: tokens * manifest.vocabularySize)
        var views: [(embeddings: OnnxTensor, logits: OnnxTensor)] = []
        for count in 1...tokens {
            views.append(
                (
                    try OnnxTensor(environment, over: rows, shape: [1, count, manifest.width]),
                    try OnnxTensor(environment, over: scores, shape: [1, count, manifest.vocabularySize])
                ))
        }
        return Buffers(rows: rows, scores: scores, views: views)
    }

    /// Forgets the tensors of the utterance before, and that it was stopped.
    func clear() throws(OnnxError) {
        cross = []
        past = []
        alignment = nil
        try stopSwitch.resume()
    }

    // MARK: - Audio

    /// Copies samples behind those already there.
    /// - Parameter offset: how many are there; `offset + samples.count` is at most the model's maximum.
    func store(_ samples: ArraySlice<Float>, at offset: Int) {
        audio.withMutableElements { audio in
            _ = UnsafeMutableBufferPointer(rebasing: audio[offset...]).update(from: samples)
        }
    }

    /// Loudest sample among the first `count`, 0 or more.
    func peak(count: Int) -> Float {
        withAudio(count: count) { $0.reduce(0) { max($0, abs($1)) } }
    }

    /// The first `count` samples.
    func withAudio<Result>(count: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        audio.withElements { body(UnsafeBufferPointer(rebasing: $0.prefix(count))) }
    }

    // MARK: - Runs

    /// Runs the encoder over the samples and silence up to `window`, and makes the decoder start anew.
    func encode(count: Int, window: Int) throws(OnnxError) {
        audio.withMutableElements { UnsafeMutableBufferPointer(rebasing: $0[count..<window]).update(repeating: 0) }
        cross = []
        cross = try model.encoder.run(
            [try OnnxTensor(environment, over: audio, shape: [1, window])], options: stopSwitch)
        past = nothing
    }

    /// Runs the decoder over the next tokens, at most `longestRun`.
    /// - Parameter attends: whether `attention` will be asked for.
    func decode(_ tokens: [Int], attends: Bool) throws(OnnxError) {
        if tokens.count > buffers.views.count {
            buffers = try Self.makeBuffers(model, environment, Self.longestRun)
        }
        let width = model.manifest.width
        let view = buffers.views[tokens.count - 1]
        buffers.rows.withMutableElements { rows in
            for (index, token) in tokens.enumerated() {
                model.embedding.write(
                    token, into: UnsafeMutableBufferPointer(rebasing: rows[(index * width)..<((index + 1) * width)]))
            }
        }
        let call = attends ? model.alignedDecoder : model.decoder
        let results = try call.run([view.embeddings] + past + cross, into: [0: view.logits], options: stopSwitch)
        past = Array(results.dropFirst().prefix(past.count))
        alignment = attends ? results.last : nil
        alignmentHeads = alignment?.shape.first ?? 0
    }

    /// Takes back the last tokens of the last run.
    func forget(last count: Int) throws(OnnxError) {
        guard count > 0 else { return }
        past = try past.map { (tensor) throws(OnnxError) in try shortened(tensor, by: count) }
    }

    /// Takes back all tokens since `encode`.
    func forgetTokens() throws(OnnxError) { past = nothing }

    /// A copy of keys or values [1, heads, P, size] without the last positions.
    private func shortened(_ tensor: OnnxTensor, by count: Int) throws(OnnxError) -> OnnxTensor {
        let (heads, positions, size) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
        let kept = positions - count
        let memory = OnnxMemory<Float>(count: heads * kept * size)
        do {
            try tensor.withElements(of: Float.self) { source in
                memory.withMutableElements { target in
                    for head in 0..<heads {
                        let from = source[(head * positions * size)..<((head * positions + kept) * size)]
                        _ = UnsafeMutableBufferPointer(rebasing: target[(head * kept * size)...]).update(from: from)
                    }
                }
            }
        } catch {
            throw error as? OnnxError ?? OnnxError(.tensorMismatch, "\(error)")
        }
        return try OnnxTensor(environment, over: memory, shape: [1, heads, kept, size])
    }

    // MARK: - Results

    /// Scores after the token at `index` of the run before.
    func withLogits<Result>(after index: Int, _ body: (Logits) -> Result) -> Result {
        let size = model.manifest.vocabularySize
        return buffers.scores.withMutableElements { scores in
            body(Logits(UnsafeMutableBufferPointer(rebasing: scores[(index * size)..<((index + 1) * size)])))
        }
    }

    /// Where the alignment heads listened when the token after `index` of the run before was chosen: [heads, T].
    func attention(at index: Int) throws(OnnxError) -> [Float] {
        guard let alignment else { return [] }
        let (heads, tokens, frames) = (alignment.shape[0], alignment.shape[1], alignment.shape[2])
        do {
            return try alignment.withElements(of: Float.self) { values in
                var row: [Float] = []
                for head in 0..<heads {
                    let start = (head * tokens + index) * frames
                    row += values[start..<(start + frames)]
                }
                return row
            }
        } catch {
            throw error as? OnnxError ?? OnnxError(.tensorMismatch, "\(error)")
        }
    }
}
