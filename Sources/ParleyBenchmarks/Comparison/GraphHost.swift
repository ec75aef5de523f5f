internal import Foundation
internal import OnnxRuntime
internal import ParleyAudio
internal import ParleyCodecs
internal import ParleyCore
internal import ParleySTT

/// The recogniser's graphs alone: no detector of speech, no segments.
final class GraphHost {
    /// What one utterance became.
    struct Heard {
        var text: String
        var tokens: [Int]
        var choices: [TokenChoice]
        var guards: [TranscriptionGuard]

        /// What was chosen from at a position; `nil` behind the end of the text.
        func topTwo(at position: Int) -> TopTwo? {
            guard choices.indices.contains(position) else { return nil }
            let choice = choices[position]
            return TopTwo(
                tokens: [choice.token, choice.runnerUp],
                probabilities: [Double(choice.probability), Double(choice.runnerUpProbability)])
        }
    }

    static let rate = 16_000
    private let model: WhisperModel

    /// - Parameter entry: an audio bundle of the store.
    init(_ entry: String, threads: Int) throws {
        let environment = try OnnxEnvironment(
            library: try OnnxLibrary.open(searching: [Store.libraries]),
            options: OnnxEnvironmentOptions(threads: threads))
        model = try WhisperModel(environment, bundle: try Store.folder(entry))
    }

    /// - Parameters:
    ///   - isFull: a window of 30 s and guards that let everything through, or the usual ones.
    ///   - keepsChoices: whether `choices` are wanted; finding them takes time.
    func transcribe(_ audio: AudioChunk, language: String, isFull: Bool, keepsChoices: Bool = true) throws -> Heard {
        var tuning = WhisperTuning()
        tuning.keepsChoices = keepsChoices
        if isFull {
            tuning.margin = model.window / .seconds(1)
            tuning.tokensPerSecond = 1000
        }
        let session = try model.makeSession(tuning)
        try session.begin(TranscriptionOptions(language: language))
        try session.append(audio.samples[...])
        try session.finish()
        while true {
            guard let transcript = try session.step() else { continue }
            return Heard(
                text: transcript.text, tokens: session.tokens, choices: session.choices, guards: transcript.guards)
        }
    }
}
