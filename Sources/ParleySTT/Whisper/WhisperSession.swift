internal import Foundation
internal import OnnxRuntime
package import ParleyCore

/// One utterance at a time through Whisper: the encoder, the prompt, then a token a step, the likeliest always.
///
/// The encoder hears everything at once, so nothing of it can be kept while audio grows. The words can: those of the
/// request before go through the decoder in one run, which confirms as many as still hold, and decoding goes on there.
package final class WhisperSession: STTSession {
    private enum Phase {
        case idle
        case listening
        /// The encoder is next, over the full window or the short one.
        case encoding(isFull: Bool)
        /// The decoder is next; it takes these tokens, the last of which are guesses.
        case decoding(tokens: [Int], guesses: Int)
        case done(Transcript)
    }

    /// Text tokens of the request that ended last.
    package private(set) var tokens: [Int] = []
    /// What the last try of that request chose from, a step each, the end of the text included; empty unless
    /// `WhisperTuning.keepsChoices`.
    package private(set) var choices: [TokenChoice] = []
    /// Stops the step under way, from any thread: it and all later ones throw `CancellationError` until `begin`.
    package let stop: @Sendable () -> Void

    private let model: WhisperModel
    private let tuning: WhisperTuning
    private let decoder: WhisperDecoder
    private var phase = Phase.idle
    /// Samples that were appended.
    private var count = 0
    /// Samples that the encoder heard.
    private var heard = 0
    private var plan: WindowPlan
    private var options = TranscriptionOptions()
    /// The language, empty while it is not known.
    private var language = ""
    private var languageProbability: Float = 1
    /// What was detected last: the first guess for what is spoken now.
    private var lastLanguage: String?
    private var isPartial = false
    /// The last answer to `partial` and the samples it covers.
    private var answered: (transcript: Transcript, count: Int)?
    /// Tokens that probably come next.
    private var draft: ArraySlice<Int> = []
    private var watch: DecodingGuard
    private var guards: [TranscriptionGuard] = []
    private var noSpeech: Float = 0
    private var logProbabilities: [Float] = []
    /// Attention before each token and before the end, when words are wanted.
    private var attention: [[Float]] = []

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
            let decoder = try WhisperDecoder(model)
            self.decoder = decoder
            let stopSwitch = decoder.stopSwitch
            stop = { try? stopSwitch.terminate() }
        } catch {
            throw STTError(.runFailed, error.message, cause: error)
        }
    }

    // MARK: - Requests

    package func begin(_ options: TranscriptionOptions) throws {
        if let code = options.language, model.manifest.languages[code] == nil {
            throw STTError(
                .unknownLanguage,
                "The recogniser does not know the language \(code). It knows \(model.languages.joined(separator: ", "))."
            )
        }
        try decoder.clear()
        self.options = options
        count = 0
        tokens = []
        choices = []
        draft = []
        answered = nil
        phase = .listening
    }

    package func append(_ samples: ArraySlice<Float>) throws {
        switch phase {
        case .listening: break
        case .encoding, .decoding, .done: if !isPartial { throw Self.outOfOrder("append") }
        case .idle: throw Self.outOfOrder("append")
        }
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

    package func partial() throws { try request(isPartial: true, "partial") }

    package func finish() throws { try request(isPartial: false, "finish") }

    private func request(isPartial: Bool, _ name: String) throws {
        switch phase {
        case .listening: draft = tokens[...]
        case .encoding, .decoding, .done:
            guard self.isPartial else { throw Self.outOfOrder(name) }
            // What the request under way has found out so far, and what it still expected.
            if case .decoding = phase { draft = ArraySlice(watch.tokens) + draft }
        case .idle: throw Self.outOfOrder(name)
        }
        self.isPartial = isPartial
        guards = []
        if let answered, answered.count == count {
            phase = .done(answered.transcript)
        } else if Double(count) / Double(model.sampleRate) < Self.shortest || decoder.peak(count: count) <= Self.silence
        {
            tokens = []
            phase = .done(
                Transcript(
                    text: "", language: options.language ?? "", languageProbability: options.language == nil ? 0 : 1,
                    noSpeechProbability: 1))
        } else {
            phase = .encoding(isFull: false)
        }
    }

    package func step() throws -> Transcript? {
        do {
            switch phase {
            case .idle, .listening: throw Self.outOfOrder("step")
            case .encoding(let isFull): phase = try startTry(isFull: isFull)
            case .decoding(let tokens, let guesses):
                try decoder.decode(tokens, attends: options.words)
                phase = try next(after: tokens, guesses: guesses)
            case .done: break
            }
        } catch let error as OnnxError {
            phase = .idle
            if error.code == .terminated { throw CancellationError() }
            throw STTError(.runFailed, "Recognition failed: \(error.message)", cause: error)
        }
        guard case .done(let transcript) = phase else { return nil }
        phase = isPartial ? .listening : .idle
        answered = isPartial ? (transcript, count) : nil
        if !isPartial { try decoder.clear() }
        return transcript
    }

    // MARK: - One try

    private func startTry(isFull: Bool) throws(OnnxError) -> Phase {
        let manifest = model.manifest
        heard = count
        plan = WindowPlan(
            samples: count, rate: model.sampleRate, frame: manifest.samplesPerFrame, maximum: manifest.maximumSamples,
            tuning: tuning)
        let window = isFull ? plan.full : plan.short
        watch = DecodingGuard(
            seconds: Double(count) / Double(manifest.sampleRate),
            maximum: manifest.maximumTokens - WhisperDecoder.promptLength - 1, isStrict: window < plan.full,
            tuning: tuning)
        language = options.language ?? ""
        languageProbability = 1
        logProbabilities = []
        choices = []
        attention = []
        try decoder.encode(count: count, window: window)
        return prompt
    }

    /// The prompt and what probably follows. A language that is not known is guessed; the first scores tell.
    private var prompt: Phase {
        let manifest = model.manifest
        let guess = language.isEmpty ? lastLanguage ?? model.commonest : language
        let code = manifest.languages[guess] ?? manifest.tokens.startOfTranscript
        let head = [manifest.tokens.startOfTranscript, code, manifest.tokens.transcribe, manifest.tokens.noTimestamps]
        let guesses = takeDraft(WhisperDecoder.longestRun - head.count)
        return .decoding(tokens: head + guesses, guesses: guesses.count)
    }

    private func takeDraft(_ count: Int) -> ArraySlice<Int> {
        defer { draft = draft.dropFirst(count) }
        return draft.prefix(count)
    }

    /// Chooses what follows the run over `tokens`.
    private func next(after tokens: [Int], guesses: Int) throws(OnnxError) -> Phase {
        if tokens.first == model.manifest.tokens.startOfTranscript {
            readFirstScores()
            if model.manifest.languages[language] != tokens[1] {
                draft = []
                try decoder.forgetTokens()
                return prompt
            }
        }
        var row = tokens.count - 1 - guesses
        while true {
            if options.words { attention.append(try decoder.attention(at: row)) }
            guard let token = chooseToken(after: row) else { return .done(transcript(watch.tokens)) }
            if let tripped = watch.accept(token) { return secondTry(tripped) }
            row += 1
            if row < tokens.count, tokens[row] == token { continue }
            if row < tokens.count {
                try decoder.forget(last: tokens.count - row)
                draft = []
            }
            let isExpected = draft.first == token
            let following = isExpected ? takeDraft(WhisperDecoder.longestRun) : [token]
            if !isExpected { draft = [] }
            return .decoding(tokens: Array(following), guesses: following.count - 1)
        }
    }

    /// The first try of two may be wrong; the second keeps what came before the loop.
    private func secondTry(_ tripped: TranscriptionGuard) -> Phase {
        guards.append(tripped)
        guard watch.isStrict, plan.canWiden else { return .done(transcript(Array(watch.tokens.prefix(watch.kept)))) }
        draft = []
        return .encoding(isFull: true)
    }

    /// Scores after the first token tell whether somebody speaks, and in which language.
    private func readFirstScores() {
        let manifest = model.manifest
        decoder.withLogits(after: 0) { logits in
            noSpeech = exp(logits.logProbability(of: manifest.tokens.noSpeech, below: manifest.vocabularySize))
            guard language.isEmpty, let best = logits.best(among: model.detectable.values) else { return }
            language = model.detectable.first { $0.value == best }?.key ?? ""
            languageProbability = logits.probability(of: best, among: model.detectable.values)
            lastLanguage = language
        }
    }

    /// - Returns: `nil` at the end of the text.
    private func chooseToken(after index: Int) -> Int? {
        let manifest = model.manifest
        let choices = manifest.textTokens + 1
        return decoder.withLogits(after: index) { logits in
            logits.suppress(manifest.suppressed)
            if watch.tokens.isEmpty { logits.suppress(manifest.beginSuppressed) }
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
        let average = logProbabilities.reduce(0, +) / Float(max(1, logProbabilities.count))
        let isInvented = noSpeech > Self.noSpeechThreshold && average < Self.logProbabilityThreshold
        self.tokens = isInvented ? [] : tokens
        return Transcript(
            text: model.vocabulary.text(of: self.tokens), language: language,
            languageProbability: languageProbability, averageLogProbability: average, noSpeechProbability: noSpeech,
            guards: guards, words: options.words ? words(self.tokens) : [])
    }

    private func words(_ tokens: [Int]) -> [TranscribedWord] {
        let words = WordSplitter(language: language).words(tokens.map { [UInt8](model.vocabulary.bytes(of: $0)) })
        guard !words.isEmpty else { return [] }
        let frames = (heard + model.manifest.samplesPerFrame - 1) / model.manifest.samplesPerFrame
        let aligner = WordAligner(heads: decoder.alignmentHeads, frames: frames)
        let starts = aligner.firstFrames(Array(attention.prefix(tokens.count + 1)))
        let edges = decoder.withAudio(count: heard) { SoundEdges($0, sampleRate: model.sampleRate) }
        return WordTimes(
            framesPerSecond: Double(model.sampleRate) / Double(model.manifest.samplesPerFrame),
            duration: Double(heard) / Double(model.sampleRate), edges: edges
        ).words(words, starts: starts, logProbabilities: logProbabilities)
    }

    private static func outOfOrder(_ call: String) -> STTError {
        STTError(
            .outOfOrder,
            "`\(call)` came out of order: a session takes begin, append, finish, then step until it is done.")
    }
}
