/// What a model file does in a conversation; the words of the catalogue, the command line and the reports.
package enum ModelRole: String, Sendable, Codable, CaseIterable {
    case vad
    case turn
    case sttEncoder = "stt.encoder"
    case sttDecoder = "stt.decoder"
    case thinker
    case ttsEncoder = "tts.encoder"
    case ttsTalker = "tts.talker"
    case ttsVocoder = "tts.vocoder"
    /// Speech with known text, for tests only; no profile names it.
    case recording
}
