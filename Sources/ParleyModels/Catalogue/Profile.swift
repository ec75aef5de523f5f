/// A named choice of a model for each role.
package struct Profile: Sendable, Equatable {
    package let name: String
    /// Entry of the language model.
    package let thinker: String
    /// Entry of the audio bundle: every other role is a graph in its folder.
    package let audio: String
    /// Entries from which the audio bundle is built, when it is not there yet.
    package let buildSources: [String]

    /// Entries that must be in the store before a conversation can start.
    package var requiredEntries: [String] { [audio, thinker] }

    /// The file that serves a role. A file may serve several roles: it is then loaded once.
    ///
    /// The voice's text encoder, talker and spectral vocoder are one graph; the waveform is made from its output in
    /// Swift. The thinker is the only file of its entry.
    package func file(for role: ModelRole) -> (entry: String, file: String?)? {
        switch role {
        case .vad: (audio, "vad.onnx")
        case .turn: (audio, "turn.onnx")
        case .sttEncoder: (audio, "stt.encoder.onnx")
        case .sttDecoder: (audio, "stt.decoder.onnx")
        case .ttsEncoder, .ttsTalker, .ttsVocoder: (audio, "tts.voice.onnx")
        case .thinker: (thinker, nil)
        case .recording: nil
        }
    }
}
