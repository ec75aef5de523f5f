package import Foundation
package import OnnxRuntime
package import ParleyCore

/// Silero VAD v5/v6 for 16 kHz, shared by every conversation.
///
/// The bundle's graph takes any number of chunks of one stream: `input` [n, 576] and `state` [2, 1, 128]; it gives `output`
/// [n, 1] and `stateN` [2, 1, 128]. Weights: `silero_vad_16k_op15.onnx` of the package silero-vad 6.2.3; context of a
/// chunk: its `OnnxWrapper`.
package final class SileroModel: VADModel {
    /// Samples a second of the audio it takes.
    package static let sampleRate = 16_000
    /// New samples of one call: 32 ms.
    package static let chunkLength = 512
    /// Samples of the chunk before that the graph wants in front of the new ones.
    static let contextLength = 64
    /// Numbers that carry over from one call to the next.
    static let stateShape = [2, 1, 128]

    let call: OnnxCall

    /// - Parameter file: `vad.onnx` of an audio bundle, its weights beside it.
    /// - Throws: `VADError` with code `.modelUnusable`.
    package init(_ environment: OnnxEnvironment, file: URL) throws(VADError) {
        do {
            let session = try OnnxSession(environment, file: file)
            call = try OnnxCall(session, inputs: ["input", "state"], outputs: ["output", "stateN"])
        } catch {
            throw VADError(
                .modelUnusable, "\(error.message) Run `parley models verify`, then `parley models pull`.", cause: error)
        }
    }

    package func makeSession() throws -> any VADSession { try SileroSession(self) }
}
