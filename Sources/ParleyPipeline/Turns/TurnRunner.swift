package import ParleyAudio
package import ParleyCore

/// What happens in a turn, in order.
package enum TurnEvent: Sendable {
    /// The words of the user.
    case heard(Transcript)
    /// More text of the reply.
    case text(String)
    /// More sound of the answer; `clause` counts from 0.
    case speech(SpokenChunk, clause: Int)
}

/// What a turn came to.
package struct TurnResult: Sendable {
    package var transcript: Transcript
    package var reply: String
    package var replyEnd: ReplyEnd
    package var timings: TurnTimings
}

/// One turn of a conversation: from a recording to the spoken answer, each stage starting as soon as it can.
package struct TurnRunner: Sendable {
    package typealias Emit = @Sendable (TurnEvent) async throws -> Void

    private let transcriber: FileTranscriber
    private let thinker: any ThinkerSession
    private let voice: VoiceStage

    package init(transcriber: FileTranscriber, thinker: any ThinkerSession, voice: VoiceStage) {
        self.transcriber = transcriber
        self.thinker = thinker
        self.voice = voice
    }

    /// Answers a recording.
    /// - Parameters:
    ///   - audio: mono, 16 kHz.
    ///   - start: the moment from which latencies count.
    ///   - emit: gets the events of the turn in order; the turn waits for it.
    /// - Throws: `PipelineError.Code.noSpeech` when nobody spoke, `CancellationError` when the turn was cancelled.
    package func run(
        _ audio: AudioChunk, options: TranscriptionOptions, turn: TurnToken, since start: ContinuousClock.Instant,
        emit: @escaping Emit
    ) async throws -> TurnResult {
        let clock = ContinuousClock()
        let heard = try await transcriber.transcribe(audio, options: options, turn: turn)
        guard !heard.text.isEmpty else {
            throw PipelineError(
                .noSpeech, .badData,
                "No words were recognised in \(Self.seconds(audio)) s of audio; record the question closer to the "
                    + "microphone or check the file.")
        }
        let transcript = heard.joined
        try await emit(.heard(transcript))
        var speaker = ReplySpeaker(voice: voice, turn: turn, start: start, emit: emit)
        let thinkingSince = clock.now
        try await speaker.speak(thinker.reply(to: transcript.text, turn: turn), since: thinkingSince)
        try turn.check()
        var timings = speaker.timings
        timings.vad = heard.detection
        timings.stt = heard.recognition
        timings.total = start.duration(to: clock.now)
        return TurnResult(transcript: transcript, reply: speaker.reply, replyEnd: speaker.end, timings: timings)
    }

    private static func seconds(_ audio: AudioChunk) -> String {
        let tenths = Int((audio.seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

/// Turns the text of a reply into sound while it is being written.
private struct ReplySpeaker {
    let voice: VoiceStage
    let turn: TurnToken
    let start: ContinuousClock.Instant
    let emit: TurnRunner.Emit

    private(set) var reply = ""
    private(set) var end = ReplyEnd.cancelled
    private(set) var timings = TurnTimings()
    private var splitter = ClauseSplitter()
    private var clauses = 0

    init(voice: VoiceStage, turn: TurnToken, start: ContinuousClock.Instant, emit: @escaping TurnRunner.Emit) {
        self.voice = voice
        self.turn = turn
        self.start = start
        self.emit = emit
    }

    /// The thinker goes on writing while a clause is spoken: its stream is bounded by the longest reply.
    mutating func speak(
        _ events: AsyncThrowingStream<ThinkerEvent, any Error>, since thinkingSince: ContinuousClock.Instant
    ) async throws {
        let clock = ContinuousClock()
        for try await event in events {
            switch event {
            case .promptEvaluated: break
            case .text(let text):
                if reply.isEmpty { timings.thinkerFirstToken = thinkingSince.duration(to: clock.now) }
                reply += text
                try await emit(.text(text))
                for clause in splitter.feed(text) { try await say(clause) }
            case .end(let reason, _):
                timings.thinkerTotal = thinkingSince.duration(to: clock.now)
                end = reason
            }
        }
        guard let rest = splitter.finish() else { return }
        if end == .tokenLimit, clauses > 0 {
            // Cut in the middle of a sentence: what was said before it stands alone better than half of it.
            trimReply()
            reply.removeLast(rest.count)
            trimReply()
        } else {
            try await say(rest)
        }
    }

    private mutating func trimReply() {
        while reply.last?.isWhitespace == true { reply.removeLast() }
    }

    private mutating func say(_ clause: String) async throws {
        let number = clauses
        let first = FirstInstant()
        let emit = emit
        try await voice.speak(clause, turn: turn) { chunk in
            first.mark()
            try await emit(.speech(chunk, clause: number))
        }
        if timings.firstAudio == .zero, let instant = first.instant {
            timings.firstAudio = start.duration(to: instant)
        }
        clauses += 1
    }
}
