internal import Foundation
internal import OnnxRuntime
package import ParleyCore

/// One utterance at a time through Whisper: the encoder, the prompt, then a token a step, the likeliest always.
package final class WhisperSession: STTSession {
    private enum Phase {
        case idle
        case listening
        /// The encoder is next.
        case encoding(window: Int)
        /// The decoder is next; it takes these tokens.
        case decoding(tokens: [Int])
        case done(Transcript)
    }

    /// Text tokens of the utterance that ended last.
    package private(set) var tokens: [Int] = []
    /// What the last try of that utterance chose from, a step each, the end of the text included; empty unless
    /// `WhisperTuning.keepsChoices`.
    package private(set) var choices: [TokenChoice] = []

    private let model: WhisperModel
    private let tuning: WhisperTuning
    private let decoder: WhisperDecoder
    private var phase = Phase.idle
    private var count = 0
    private var plan: WindowPlan
    private var options = TranscriptionOptions()
    private var language = ""
    private var watch: DecodingGuard
    private var guards: [TranscriptionGuard] = []
    private var isPrompt = true
    private var noSpeech: Float = 0
    private var logProbabilities: [Float] = []

    /// Audio whose loudest sample stays below this holds nothing: -72 dB, a few steps of a 16-bit recording.
    static let silence: Float = 0.000_25
    /// Shortest audio, in seconds, that can hold a word.
    static let shortest = 0.06
    /// Text is dropped as invented when the model thinks so by both of these. The authors' `transcribe` (openai-whisper
    /// 20240930) has 0.6 and -1; of 185 utterances of speech and 8 of noise, 0.5 drops a slammed door besides and no word.
    static let noSpeechThreshold: Float = 0.5
    static let logProbabilityThreshold: Float = -1

    init(_ model: WhisperModel, _ tuning: WhisperTuning) throws(STTError) {
        self.model = model
        self.tuning = tuning
        plan = WindowPlan(samples: 0, rate: model.sampleRate, frame: 1, maximum: 1)
        watch = DecodingGuard(seconds: 0, maximum: 1, isStrict: true)
        do {
            decoder = try WhisperDecoder(model)
        } catch {
            throw STTError(.runFailed, error.message, cause: error)
        }
    }

    package func begin(_ options: TranscriptionOptions) throws {
        if let code = options.language, model.manifest.languages[code] == nil {
            throw STTError(
                .unknownLanguage,
                "The recogniser does not know the language \(code). It knows \(model.languages.joined(separator: ", "))."
            )
        }
        decoder.clear()
        self.options = options
        language = options.language ?? ""
        count = 0
        guards = []
        tokens = []
        choices = []
        phase = .listening
    }

    package func append(_ samples: ArraySlice<Float>) throws {
        guard case .listening = phase else { throw Self.outOfOrder("append") }
        guard count + samples.count <= model.manifest.maximumSamples else {
            throw STTError(
                .audioTooLong,
                "The utterance is longer than \(model.window.components.seconds) s, all that one transcription takes. "
                    + "Split it at a pause.")
        }
        guard samples.allSatisfy(\.isFinite) else {
            throw STTError(
                .audioInvalid, "The audio holds samples that are not numbers. Check how it was decoded.")
        }
        decoder.store(samples, at: count)
        count += samples.count
    }

    package func finish() throws {
        guard case .listening = phase else { throw Self.outOfOrder("finish") }
        let seconds = Double(count) / Double(model.sampleRate)
        guard seconds >= Self.shortest, decoder.peak(count: count) > Self.silence else {
            noSpeech = 1
            phase = .done(Transcript(text: "", language: language, noSpeechProbability: 1))
            return
        }
        plan = WindowPlan(
            samples: count, rate: model.sampleRate, frame: model.manifest.samplesPerFrame,
            maximum: model.manifest.maximumSamples, tuning: tuning)
        startTry(window: plan.short)
    }

    package func step() throws -> Transcript? {
        do {
            switch phase {
            case .idle, .listening: throw Self.outOfOrder("step")
            case .encoding(let window):
                try decoder.encode(count: count, window: window)
                phase = .decoding(tokens: prompt)
            case .decoding(let tokens):
                try decoder.decode(tokens)
                phase = next(after: tokens)
            case .done: break
            }
        } catch let error as OnnxError {
            phase = .idle
            throw STTError(.runFailed, "Recognition failed: \(error.message)", cause: error)
        }
        guard case .done(let transcript) = phase else { return nil }
        decoder.clear()
        phase = .idle
        return transcript
    }

    // MARK: - One try

    private func startTry(window: Int) {
        let manifest = model.manifest
        watch = DecodingGuard(
            seconds: Double(count) / Double(manifest.sampleRate),
            maximum: manifest.maximumTokens - WhisperDecoder.promptLength - 1, isStrict: window < plan.full,
            tuning: tuning)
        logProbabilities = []
        choices = []
        isPrompt = true
        phase = .encoding(window: window)
    }

    /// Only the first token when the language is to be found by its scores; the whole prompt when it is known.
    private var prompt: [Int] {
        let tokens = model.manifest.tokens
        guard let code = model.manifest.languages[language] else { return [tokens.startOfTranscript] }
        return [tokens.startOfTranscript, code, tokens.transcribe, tokens.noTimestamps]
    }

    /// Chooses what follows the run over `tokens`.
    private func next(after tokens: [Int]) -> Phase {
        if isPrompt, tokens.first == model.manifest.tokens.startOfTranscript {
            readFirstScores()
            if tokens.count == 1 { return .decoding(tokens: Array(prompt.dropFirst())) }
        }
        guard let token = chooseToken(after: tokens.count - 1) else { return .done(transcript(watch.tokens)) }
        isPrompt = false
        guard let tripped = watch.accept(token) else { return .decoding(tokens: [token]) }
        guards.append(tripped)
        // The first try of two may be wrong; the second keeps what came before the loop.
        guard watch.isStrict, plan.canWiden else { return .done(transcript(Array(watch.tokens.prefix(watch.kept)))) }
        startTry(window: plan.full)
        return phase
    }

    /// Scores after the first token tell whether somebody speaks, and in which language.
    private func readFirstScores() {
        let manifest = model.manifest
        decoder.withLogits(after: 0) { logits in
            noSpeech = exp(logits.logProbability(of: manifest.tokens.noSpeech, below: manifest.vocabularySize))
            guard language.isEmpty, let best = logits.best(among: model.detectable.values) else { return }
            language = model.detectable.first { $0.value == best }?.key ?? ""
        }
    }

    /// - Returns: `nil` at the end of the text.
    private func chooseToken(after index: Int) -> Int? {
        let manifest = model.manifest
        let choices = manifest.textTokens + 1
        return decoder.withLogits(after: index) { logits in
            logits.suppress(manifest.suppressed)
            if isPrompt { logits.suppress(manifest.beginSuppressed) }
            guard var token = logits.best(below: choices) else { return nil }
            let end = manifest.tokens.endOfText
            if token == watch.tokens.first {
                let probability = exp(logits.logProbability(of: end, below: choices))
                if watch.endsText(likeliest: token, endProbability: probability) { token = end }
            }
            logProbabilities.append(logits.logProbability(of: token, below: choices))
            if tuning.keepsChoices { self.choices.append(TokenChoice(token, logits, below: choices)) }
            return token == end ? nil : token
        }
    }

    private func transcript(_ tokens: [Int]) -> Transcript {
        self.tokens = tokens
        let average = logProbabilities.reduce(0, +) / Float(max(1, logProbabilities.count))
        let isInvented = noSpeech > Self.noSpeechThreshold && average < Self.logProbabilityThreshold
        return Transcript(
            text: isInvented ? "" : model.vocabulary.text(of: tokens), language: language,
            averageLogProbability: average, noSpeechProbability: noSpeech, guards: guards)
    }

    private static func outOfOrder(_ call: String) -> STTError {
        STTError(
            .outOfOrder,
            "`\(call)` came out of order: a session takes begin, append, finish, then step until it is done.")
    }
}
