public import Foundation
internal import ParleyAudio
internal import ParleyCodecs
internal import ParleyCore
internal import ParleyPipeline
internal import Synchronization

/// A conversation: spoken questions in, spoken answers out, each knowing what was said before.
///
/// One question at a time: `ask` while another `ask` runs cancels the earlier one, as a person who interrupts does.
public actor Conversation {
    private let runner: TurnRunner
    private let voiceRate: Int
    private let listeningRate: Int
    private let language: String?
    private nonisolated let turns = TurnClock()
    /// Keep the models loaded.
    private let leases: [any Sendable]
    private var running: Task<Answer, any Error>?

    /// - Parameter language: the only language the models know, when there is only one.
    init(runner: TurnRunner, voiceRate: Int, listeningRate: Int, language: String?, leases: [any Sendable]) {
        self.runner = runner
        self.voiceRate = voiceRate
        self.listeningRate = listeningRate
        self.language = language
        self.leases = leases
    }

    /// Ends the question that is being answered, if any. Never waits.
    public nonisolated func cancel() {
        turns.advance()
    }

    /// Answers a recorded question.
    /// - Parameters:
    ///   - file: a WAV file.
    ///   - language: ISO 639-1 code of what is spoken; `nil` detects it, unless the models know only one.
    ///   - onEvent: gets words, text and sound as soon as they exist.
    /// - Throws: `ParleyError`; `CancellationError` when the question was cancelled.
    public func ask(
        _ file: URL, language: String? = nil,
        onEvent: @escaping @Sendable (ConversationEvent) async throws -> Void = { _ in }
    ) async throws -> Answer {
        // The earlier question ends before the next begins: its stages are shared.
        let turn = turns.advance()
        let earlier = running
        let task = Task {
            _ = await earlier?.result
            return try await answer(file, language: language ?? self.language, turn: turn, onEvent: onEvent)
        }
        running = task
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func answer(
        _ file: URL, language: String?, turn: TurnToken,
        onEvent: @escaping @Sendable (ConversationEvent) async throws -> Void
    ) async throws -> Answer {
        try await ParleyError.mapping {
            let clock = ContinuousClock()
            let start = clock.now
            let rate = listeningRate
            let audio = try await BlockingLoad.run { try AudioFile.load(file, sampleRate: rate) }
            let reading = start.duration(to: clock.now)
            let sound = SoundCollector()
            let result = try await runner.run(
                audio, options: TranscriptionOptions(language: language), turn: turn, since: start
            ) { event in
                switch event {
                case .heard(let transcript): try await onEvent(.heard(transcript.text))
                case .text(let text): try await onEvent(.text(text))
                case .speech(let chunk, _):
                    sound.append(chunk.audio.samples)
                    try await onEvent(.sound(chunk.audio.samples))
                }
            }
            let timings = result.timings
            return Answer(
                transcript: result.transcript.text, language: result.transcript.language, reply: result.reply,
                speech: Speech(samples: sound.samples, sampleRate: voiceRate, firstAudio: timings.firstAudio),
                questionDuration: audio.duration,
                latency: Answer.Latency(
                    vad: reading + timings.vad, stt: timings.stt, firstToken: timings.thinkerFirstToken,
                    reply: timings.thinkerTotal, firstAudio: timings.firstAudio, total: timings.total))
        }
    }
}

/// Gathers the sound of one answer.
final class SoundCollector: Sendable {
    private let collected = Mutex<[Float]>([])

    var samples: [Float] { collected.withLock { $0 } }

    func append(_ more: [Float]) { collected.withLock { $0 += more } }
}
