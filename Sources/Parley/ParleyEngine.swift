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

    /// The words of a recording.
    /// - Parameters:
    ///   - file: a WAV file.
    ///   - language: ISO 639-1 code of what is spoken; `nil` detects it.
    ///   - progress: gets the share of the audio that is done, 0...1.
    public func transcribe(
        _ file: URL, language: String? = nil, progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> Transcription {
        try await ParleyError.mapping {
            let hearing = try await hearing()
            let language = try hearing.check(language)
            let clock = ContinuousClock()
            let start = clock.now
            let audio = try await BlockingLoad.run { try AudioFile.load(file, sampleRate: Self.listeningRate) }
            let result = try await hearing.transcriber.transcribe(
                audio, options: TranscriptionOptions(language: language), turn: TurnClock().token(), progress: progress)
            return Transcription(
                result, audioDuration: audio.duration, processing: start.duration(to: clock.now))
        }
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
        let transcriber = FileTranscriber(
            detector: DetectorStage(model: detector.model, scheduler: scheduler, executor: audioExecutor),
            recognizer: RecognizerStage(model: recognizer.model, scheduler: scheduler, executor: audioExecutor),
            sampleRate: Self.listeningRate)
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
                    "The recogniser does not know the language “\(code)”: give an ISO 639-1 code such as en, es or fr.")
        }
        return code
    }
}
