internal import OnnxRuntime
internal import ParleyCore

/// Tensors of one utterance and the graph runs over them. Nothing here decides; `WhisperSession` does.
///
/// What the decoder remembers are the library's own outputs, given back as inputs: nothing is copied between steps.
final class WhisperDecoder {
    /// Most tokens of one run: the prompt.
    static let promptLength = 4

    private let model: WhisperModel
    private let environment: OnnxEnvironment
    private let audio: OnnxMemory<Float>
    private let rows: OnnxMemory<Float>
    private let scores: OnnxMemory<Float>
    /// Views of `rows` and `scores` for 1...`promptLength` tokens.
    private let views: [(embeddings: OnnxTensor, logits: OnnxTensor)]
    private let nothing: [OnnxTensor]
    private var cross: [OnnxTensor] = []
    private var past: [OnnxTensor] = []

    init(_ model: WhisperModel) throws(OnnxError) {
        let manifest = model.manifest
        let environment = model.encoder.session.environment
        audio = OnnxMemory(count: manifest.maximumSamples)
        let rows = OnnxMemory<Float>(count: Self.promptLength * manifest.width)
        let scores = OnnxMemory<Float>(count: Self.promptLength * manifest.vocabularySize)
        var views: [(embeddings: OnnxTensor, logits: OnnxTensor)] = []
        for count in 1...Self.promptLength {
            views.append(
                (
                    try OnnxTensor(environment, over: rows, shape: [1, count, manifest.width]),
                    try OnnxTensor(environment, over: scores, shape: [1, count, manifest.vocabularySize])
                ))
        }
        let empty = OnnxMemory<Float>(count: 0)
        var nothing: [OnnxTensor] = []
        for _ in 0..<(2 * manifest.layers) {
            nothing.append(
                try OnnxTensor(environment, over: empty, shape: [1, manifest.heads, 0, manifest.headSize]))
        }
        self.rows = rows
        self.scores = scores
        self.views = views
        self.nothing = nothing
        self.model = model
        self.environment = environment
    }

    /// Forgets the tensors of the utterance before.
    func clear() {
        cross = []
        past = []
    }

    /// Copies samples behind those already there.
    /// - Parameter offset: how many are there; `offset + samples.count` is at most the model's maximum.
    func store(_ samples: ArraySlice<Float>, at offset: Int) {
        audio.withMutableElements { audio in
            _ = UnsafeMutableBufferPointer(rebasing: audio[offset...]).update(from: samples)
        }
    }

    /// Loudest sample among the first `count`, 0 or more.
    func peak(count: Int) -> Float {
        audio.withElements { $0.prefix(count).reduce(0) { max($0, abs($1)) } }
    }

    /// Runs the encoder over the samples and silence up to `window`, and makes the decoder start anew.
    func encode(count: Int, window: Int) throws(OnnxError) {
        audio.withMutableElements { UnsafeMutableBufferPointer(rebasing: $0[count..<window]).update(repeating: 0) }
        cross = []
        cross = try model.encoder.run([try OnnxTensor(environment, over: audio, shape: [1, window])])
        past = nothing
    }

    /// Runs the decoder over the next tokens, at most `promptLength`.
    func decode(_ tokens: [Int]) throws(OnnxError) {
        let width = model.manifest.width
        let view = views[tokens.count - 1]
        rows.withMutableElements { rows in
            for (index, token) in tokens.enumerated() {
                model.embedding.write(
                    token, into: UnsafeMutableBufferPointer(rebasing: rows[(index * width)..<((index + 1) * width)]))
            }
        }
        let results = try model.decoder.run([view.embeddings] + past + cross, into: [0: view.logits])
        past = Array(results.dropFirst())
    }

    /// Scores after the token at `index` of the run before.
    func withLogits<Result>(after index: Int, _ body: (Logits) -> Result) -> Result {
        let size = model.manifest.vocabularySize
        return scores.withMutableElements { scores in
            body(Logits(UnsafeMutableBufferPointer(rebasing: scores[(index * size)..<((index + 1) * size)])))
        }
    }
}
