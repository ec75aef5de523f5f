package import Foundation
package import OnnxRuntime
package import ParleyCore

/// The voice "heart", American English, 24 kHz, shared by every conversation.
///
/// Graph `tts.voice.onnx`: `ids` [1, L] int64 with a 0 at both ends and `speed` [1] -> `lh`, `theta`, `ln`, `lr`, `phi`
/// [1, 601, F] and `f0` [1, F], 80 frames a second, and `frames_per_phoneme` [1, L] in steps of two frames.
/// Source: the package hibari-tts 0.2.1.
package final class HeartModel: TTSModel {
    package static let voiceName = "heart"
    static let outputs = ["lh", "theta", "ln", "lr", "phi", "f0", "frames_per_phoneme"]

    package let voices = [Voice(name: HeartModel.voiceName, language: "en-US")]
    package let sampleRate = 24_000

    let call: OnnxCall
    let phonemizer: EnglishPhonemizer
    let alphabet: Alphabet
    let unknownWords: UnknownWordNetwork
    let transform = FourierTransform(length: Vocoder<SeededNoise>.length)

    /// - Parameter bundle: folder of an audio bundle: `tts.voice.onnx`, `tts.oov.onnx`, `tts.tables` and the weights.
    /// - Throws: `TTSError` with code `.fileUnreadable` or `.fileInvalid`.
    package init(_ environment: OnnxEnvironment, bundle: URL) throws(TTSError) {
        do {
            let tables = try TableFile(path: bundle.appending(path: "tts.tables").path)
            alphabet = try Alphabet(tables: tables)
            phonemizer = try EnglishPhonemizer(tables: tables)
            let voice = try OnnxSession(environment, file: bundle.appending(path: "tts.voice.onnx"))
            call = try OnnxCall(voice, inputs: ["ids", "speed"], outputs: Self.outputs)
            let network = try OnnxSession(environment, file: bundle.appending(path: "tts.oov.onnx"))
            unknownWords = try UnknownWordNetwork(network, tables: tables)
        } catch let error as TTSError {
            throw error
        } catch {
            throw TTSError(
                .fileUnreadable, "Cannot open the voice in \(bundle.path): \(error). Run scripts/bootstrap.",
                cause: error)
        }
    }

    /// - Throws: `TTSError` with code `.unknownVoice` or `.optionOutOfRange`.
    package func makeSession(_ options: SpeechOptions) throws -> any TTSSession {
        if let name = options.voice, name != Self.voiceName {
            throw TTSError(.unknownVoice, "There is no voice \(name). Choose \(Self.voiceName).")
        }
        guard (0.5...2).contains(options.speed) else {
            throw TTSError(
                .optionOutOfRange, "The speed \(options.speed) is out of range. Choose a value from 0.5 to 2.")
        }
        return HeartSession(self, options)
    }

    /// The phonemes of a text as the voice gets them: "həlˈO ðˈɛɹ." Runs the network for unknown words as needed.
    package func phonemes(of text: String) throws -> String {
        let unknown = UnknownWords()
        var phonemes = phonemizer.phonemes(text, unknown: unknown)
        while let word = unknown.missing.first {
            unknown.learn(word, try unknownWords.read(word))
            if unknown.missing.isEmpty { phonemes = phonemizer.phonemes(text, unknown: unknown) }
        }
        return phonemes
    }

    /// The whole sound of phonemes in the alphabet of the voice, nothing trimmed or limited: what the network meant.
    /// - Parameter phonemes: stress marks before vowels, a space between words: "həlˈO ðˈɛɹ."
    /// - Returns: samples at 24 kHz; empty when no phoneme is known.
    package func waveform(phonemes: String, speed: Double = 1, noise: some NoiseSource) throws -> [Float] {
        let symbols = Phonemes(phonemes).filter { alphabet.number($0) != nil }
        guard !symbols.isEmpty else { return [] }
        let utterance = Utterance(symbols: symbols, words: symbols.map { _ in 0 })
        var rendering = try Rendering(
            run(utterance, speed: speed), of: utterance, noise: noise, transform: transform, speed: speed, isRaw: true)
        return try rendering.run(.max)
    }

    /// Runs the voice network once.
    func run(_ utterance: Utterance, speed: Double) throws -> [OnnxTensor] {
        let environment = call.session.environment
        let ids = [0] + utterance.symbols.compactMap(alphabet.number) + [0]
        return try call.run([
            try OnnxTensor(environment, ids, shape: [1, ids.count]),
            try OnnxTensor(environment, [Float(speed)], shape: [1]),
        ])
    }
}
