public import Foundation
internal import ParleyAudio
internal import ParleyCodecs
package import ParleyCore
internal import ParleyModels
internal import ParleyPipeline
internal import ParleySTT
internal import ParleyTTS

/// A speech-to-speech engine: models loaded once, shared by every conversation.
///
/// ```swift
/// let engine = try await ParleyEngine.open()
/// let conversation = try await engine.conversation()
/// let answer = try await conversation.ask(URL(filePath: "question.wav"))
/// try answer.write(to: URL(filePath: "answer.wav"))
/// ```
public final class ParleyEngine: Sendable {
    /// Samples per second that detector and recogniser take.
    private static let listeningRate = 16_000

    private let composition: Composition
    private let audioExecutor = InferenceExecutor(label: "parley-hear")
    /// Where the second of two stretches of a long recording is recognised.
    private let secondExecutor = InferenceExecutor(label: "parley-hear-2")
    private let detectorExecutor = InferenceExecutor(label: "parley-detect")
    private let voiceExecutor = InferenceExecutor(label: "parley-speak")

    private init(_ composition: Composition) {
        self.composition = composition
    }

    /// Opens the models of a profile and warms them up.
    /// - Parameters:
    ///   - configuration: profile and threads.
    ///   - capabilities: what will be needed; the rest is loaded when it is first used.
    /// - Throws: `ParleyError` with code `.modelMissing` when a model is not on this machine: its message names the
    ///   command that fetches it.
    public static func open(
        _ configuration: ParleyConfiguration = ParleyConfiguration(),
        capabilities: Set<ParleyCapability> = Set(ParleyCapability.allCases)
    ) async throws -> ParleyEngine {
        try await ParleyError.mapping {
            let engine = ParleyEngine(try Composition(configuration))
            try await engine.composition.prefetch(capabilities)
            return engine
        }
    }

    /// Starts a conversation.
    /// - Parameters:
    ///   - system: what the model is told about its task before the first question; `nil` for the profile's own.
    ///   - style: voice, speed and seed of the answers.
    public func conversation(system: String? = nil, style: SpeechStyle = SpeechStyle()) async throws -> Conversation {
        try await ParleyError.mapping {
            let voice = try await composition.voice()
            let thinker = try await composition.thinker()
            let hearing = try await hearing()
            let session = try await thinker.model.makeSession(composition.thinkerOptions(system: system))
            let runner = TurnRunner(
                transcriber: hearing.transcriber, thinker: session, voice: try stage(voice.model, style))
            return Conversation(
                runner: runner, voiceRate: voice.model.sampleRate, listeningRate: Self.listeningRate,
                language: composition.onlyLanguage, leases: hearing.leases + [voice, thinker])
        }
    }

    /// The words of a recording of any length.
    /// - Parameters:
    ///   - file: a WAV file, or a pipe that carries one.
    ///   - language: ISO 639-1 code of what is spoken; `nil` detects it from the first speech.
    ///   - words: whether the time and the probability of every word are wanted, which takes longer.
    ///   - progress: gets how far the work is.
    ///   - onSegment: gets every stretch of speech in order, as soon as it is certain; what it throws ends the work.
    /// - Throws: `ParleyError`; when the file cannot be read to its end, after the stretches before that were given out.
    public func transcribe(
        _ file: URL, language: String? = nil, words: Bool = false,
        progress: @escaping @Sendable (TranscriptionProgress) -> Void = { _ in },
        onSegment: @escaping @Sendable (Transcription.Segment) async throws -> Void = { _ in }
    ) async throws -> Transcription {
        try await ParleyError.mapping {
            let hearing = try await hearing()
            let options = TranscriptionOptions(language: try hearing.check(language), words: words)
            let clock = ContinuousClock()
            let start = clock.now
            let reader = FileReader(file, sampleRate: Self.listeningRate)
            let total = try await reader.open()
            let result = try await hearing.transcriber.transcribe(
                options: options, turn: TurnClock().token(),
                progress: { progress(TranscriptionProgress(done: $0, total: total)) },
                emit: { try await onSegment(Transcription.Segment($0)) }, read: { try await reader.next() })
            return Transcription(result, processing: start.duration(to: clock.now))
        }
    }

    /// The stretches of speech of a recording, each as soon as it is certain.
    ///
    /// The work goes on at its own pace, and ends when nobody reads any more.
    /// - Parameters: as `transcribe`.
    public func segments(
        of file: URL, language: String? = nil, words: Bool = false
    ) -> AsyncThrowingStream<Transcription.Segment, any Error> {
        // Words only, some hundred bytes a stretch: a reader that is slow does not need to be waited for.
        let (stream, continuation) = AsyncThrowingStream<Transcription.Segment, any Error>.makeStream()
        let task = Task {
            do {
                _ = try await transcribe(
                    file, language: language, words: words, onSegment: { _ = continuation.yield($0) })
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    /// Speaks a text.
    /// - Parameter onSound: gets the samples, -1...1, as soon as they exist.
    public func speak(
        _ text: String, style: SpeechStyle = SpeechStyle(),
        onSound: @escaping @Sendable ([Float]) async throws -> Void = { _ in }
    ) async throws -> Speech {
        try await ParleyError.mapping {
            let voice = try await composition.voice()
            let reader = TextReader(voice: try stage(voice.model, style))
            let sound = SoundCollector()
            let first = try await reader.read(text, turn: TurnClock().token()) { samples in
                sound.append(samples)
                try await onSound(samples)
            }
            guard let first else {
                throw ParleyError(
                    code: .init(rawValue: "speech-nothing-to-say"), kind: .badData,
                    message: "The text holds nothing that can be spoken: it needs at least one Latin letter or a digit."
                )
            }
            return Speech(samples: sound.samples, sampleRate: voice.model.sampleRate, firstAudio: first)
        }
    }

    /// Voices of the profile, for `SpeechStyle.voice`.
    public func voices() async throws -> [String] {
        try await ParleyError.mapping { try await composition.voice().model.voices.map(\.name) }
    }

    /// The model files of the profile.
    package func models() async throws -> [ModelFile] {
        try await ParleyError.mapping { try await composition.files() }
    }

    /// A bare conversation with the language model, for measuring.
    package func thinkerSession(_ options: ThinkerOptions) async throws -> any ThinkerSession {
        try await ParleyError.mapping { try await composition.thinker().model.makeSession(options) }
    }

    /// Leases granted and waited for since the engine was opened.
    package var computeCounters: ComputeScheduler.Counters { composition.scheduler.counters }

    private func stage(_ voice: any TTSModel, _ style: SpeechStyle) throws -> VoiceStage {
        try VoiceStage(
            model: voice, options: style.options, scheduler: composition.scheduler, executor: voiceExecutor)
    }

    private func hearing() async throws -> Hearing {
        let scheduler = composition.scheduler
        let detector = try await composition.detector()
        let recognizer = try await composition.recognizer()
        let company = RecognizerStage.Company()
        // Two stretches at a time, a core each, are done sooner than one after the other with two cores.
        let executors = scheduler.cores > 1 ? [audioExecutor, secondExecutor] : [audioExecutor]
        let transcriber = FileTranscriber(
            detector: DetectorStage(model: detector.model, scheduler: scheduler, executor: detectorExecutor),
            recognizers: executors.map {
                RecognizerStage(model: recognizer.model, scheduler: scheduler, executor: $0, company: company)
            }, sampleRate: Self.listeningRate)
        return Hearing(
            transcriber: transcriber, languages: recognizer.model.languages, leases: [detector, recognizer])
    }
}

/// Recognition of whole recordings, and the leases that keep its models loaded.
private struct Hearing {
    let transcriber: FileTranscriber
    let languages: [String]
    let leases: [any Sendable]

    /// - Returns: the code in lower case.
    func check(_ language: String?) throws -> String? {
        guard let code = language?.lowercased() else { return nil }
        guard languages.contains(code) else {
            throw ParleyError(
                code: .init(rawValue: "language-unknown"), kind: .usage,
                message:
                    "The recogniser does not know the language “\(code)”: give none to have it detected, or one of "
                    + "\(languages.sorted().joined(separator: ", ")).")
        }
        return code
    }
}
