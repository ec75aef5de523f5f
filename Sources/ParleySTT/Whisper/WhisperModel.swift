internal import Dispatch
package import Foundation
package import OnnxRuntime
package import ParleyCore
internal import Synchronization

/// Whisper from an audio bundle: two graphs, the vocabulary and the token embedding, shared by every conversation.
///
/// Source of the model: "Robust Speech Recognition via Large-Scale Weak Supervision", https://arxiv.org/abs/2212.04356;
/// of the graphs' interface: `forge/FORMAT.md`.
package final class WhisperModel: STTModel {
    package let languages: [String]
    package let sampleRate: Int
    package let window: Duration

    let manifest: WhisperManifest
    let vocabulary: WhisperVocabulary
    let embedding: WhisperEmbedding
    /// Language codes that detection chooses from, with their tokens.
    let detectable: [String: Int]
    let encoder: OnnxCall
    let decoder: OnnxCall
    /// The decoder with the attention of the alignment heads as a last output.
    let alignedDecoder: OnnxCall
    /// The language whose token comes first: the authors sorted them by how much of each there was.
    let commonest: String

    /// - Parameters:
    ///   - folder: an audio bundle: `bundle.json` and what it names.
    ///   - cache: where packed weights are kept; `nil` packs them into memory.
    ///   - expected: ISO 639-1 codes that detection chooses from; empty for all. With all of them, accented English of a
    ///     few words is easily taken for another language.
    /// - Throws: `STTError` with code `.modelUnusable`, or `.unknownLanguage` when nothing expected is known.
    package init(
        _ environment: OnnxEnvironment, bundle folder: URL, cache: PackedGraphCache? = nil,
        expecting expected: [String] = []
    ) throws(STTError) {
        let (manifest, graphs) = try WhisperManifest.read(folder: folder)
        self.manifest = manifest
        vocabulary = try WhisperVocabulary(file: folder.appendingPathComponent(manifest.vocabulary))
        embedding = try WhisperEmbedding(folder: folder, layout: manifest.embedding)
        languages = manifest.languages.keys.sorted()
        detectable = expected.isEmpty ? manifest.languages : manifest.languages.filter { expected.contains($0.key) }
        guard !detectable.isEmpty else {
            throw STTError(
                .unknownLanguage, "The recogniser knows none of the languages \(expected.joined(separator: ", ")).")
        }
        sampleRate = manifest.sampleRate
        window = .seconds(Double(manifest.maximumSamples) / Double(manifest.sampleRate))
        let layers = 0..<manifest.layers
        let cross = layers.map { "cross_key_\($0)" } + layers.map { "cross_value_\($0)" }
        let past = layers.map { "self_key_\($0)" } + layers.map { "self_value_\($0)" }
        let present = layers.map { "present_key_\($0)" } + layers.map { "present_value_\($0)" }
        let calls = try Self.load(
            environment, graphs, cache,
            [
                Part(role: "stt.encoder", inputs: ["audio"], outputs: cross, shrinks: true),
                Part(role: "stt.decoder", inputs: ["embeddings"] + past + cross, outputs: ["logits"] + present),
            ])
        encoder = calls[0]
        decoder = calls[1]
        do {
            alignedDecoder = try OnnxCall(
                decoder.session, inputs: decoder.inputs, outputs: decoder.outputs + ["alignment"])
        } catch {
            throw STTError(.modelUnusable, "\(error.message) Run `parley models verify`.", cause: error)
        }
        commonest = detectable.min { $0.value < $1.value }?.key ?? ""
    }

    package func makeSession() throws -> any STTSession { try makeSession(WhisperTuning()) }

    /// - Parameter tuning: other numbers than the usual ones, for measuring.
    package func makeSession(_ tuning: WhisperTuning) throws(STTError) -> WhisperSession {
        try WhisperSession(self, tuning)
    }

    /// A graph of the bundle and what is used of it.
    private struct Part {
        var role: String
        var inputs: [String]
        var outputs: [String]
        var shrinks = false
    }

    /// Loads graphs side by side: each takes as long as the other, and most of it is work for one core.
    private static func load(
        _ environment: OnnxEnvironment, _ graphs: [String: URL], _ cache: PackedGraphCache?, _ parts: [Part]
    ) throws(STTError) -> [OnnxCall] {
        let results = Mutex<[Int: Result<OnnxCall, STTError>]>([:])
        DispatchQueue.concurrentPerform(iterations: parts.count) { index in
            let result = Result { () throws(STTError) in try load(environment, graphs, cache, parts[index]) }
            results.withLock { $0[index] = result }
        }
        var calls: [OnnxCall] = []
        for (_, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) { calls.append(try result.get()) }
        return calls
    }

    private static func load(
        _ environment: OnnxEnvironment, _ graphs: [String: URL], _ cache: PackedGraphCache?, _ part: Part
    ) throws(STTError) -> OnnxCall {
        guard let file = graphs[part.role] else {
            throw STTError(
                .modelUnusable, "The audio bundle has no \(part.role). Run `parley models pull audio-starter`.")
        }
        do throws(OnnxError) {
            let session =
                if let cache { try cache.open(environment, file: file).session } else {
                    try OnnxSession(environment, file: file)
                }
            return try OnnxCall(session, inputs: part.inputs, outputs: part.outputs, shrinks: part.shrinks)
        } catch {
            throw STTError(
                .modelUnusable, "\(error.message) Run `parley models verify`, then `parley models pull`.", cause: error)
        }
    }
}
