internal import ParleyAudio
package import ParleyCore
internal import Synchronization

/// Hears speech wherever the audio is louder than 0.1.
package struct FakeVAD: VADModel {
    package init() {}

    package func makeSession() -> any VADSession { Session() }

    private final class Session: VADSession {
        let sampleRate = 16_000
        let chunkLength = 512

        func probabilities(of chunks: ArraySlice<Float>) -> [Float] {
            stride(from: chunks.startIndex, to: chunks.endIndex, by: chunkLength).map { start in
                chunks[start..<(start + chunkLength)].contains { abs($0) > 0.1 } ? 0.95 : 0.02
            }
        }

        func reset() {}
    }
}

/// Recognises one given sentence after another, or what a rule says of the samples, in a given number of steps.
package final class FakeSTT: STTModel {
    /// What an utterance becomes.
    package typealias Rule = @Sendable ([Float], TranscriptionOptions) -> Transcript

    package let languages = ["en", "es"]
    package let sampleRate = 16_000
    package let window = Duration.seconds(30)
    private let rule: Rule
    private let steps: Int
    private let taken = Atomic<Int>(0)
    private let onStep: @Sendable () -> Void

    /// - Parameter onStep: called at the start of every step.
    package convenience init(_ sentences: [String], steps: Int = 3, onStep: @escaping @Sendable () -> Void = {}) {
        let left = Mutex(sentences)
        self.init(steps: steps, onStep: onStep) { _, options in
            let text = left.withLock { $0.isEmpty ? "" : $0.removeFirst() }
            return Transcript(text: text, language: options.language ?? "en")
        }
    }

    /// - Parameter rule: what an utterance becomes; called by several threads.
    package init(steps: Int = 3, onStep: @escaping @Sendable () -> Void = {}, rule: @escaping Rule) {
        self.rule = rule
        self.steps = steps
        self.onStep = onStep
    }

    /// Steps begun by all sessions.
    package var stepCount: Int { taken.load(ordering: .relaxed) }

    package func makeSession() -> any STTSession { Session(model: self) }

    private final class Flag: Sendable {
        let value = Atomic<Bool>(false)
    }

    private final class Session: STTSession {
        private let model: FakeSTT
        private let stopped = Flag()
        private var remaining = 0
        private var options = TranscriptionOptions()
        private var samples: [Float] = []

        init(model: FakeSTT) { self.model = model }

        func begin(_ options: TranscriptionOptions) {
            stopped.value.store(false, ordering: .relaxed)
            samples = []
            self.options = options
        }

        func append(_ samples: ArraySlice<Float>) { self.samples += samples }

        func partial() { remaining = model.steps }

        func finish() { remaining = model.steps }

        var stop: @Sendable () -> Void { { [stopped] in stopped.value.store(true, ordering: .relaxed) } }

        func step() throws -> Transcript? {
            model.onStep()
            model.taken.add(1, ordering: .relaxed)
            if stopped.value.load(ordering: .relaxed) { throw CancellationError() }
            remaining -= 1
            return remaining > 0 ? nil : model.rule(samples, options)
        }
    }
}

/// Speaks every character as a fixed number of samples, in chunks of a fixed size.
package struct FakeVoice: TTSModel {
    package let voices = [Voice(name: "fake", language: "en-US")]
    package let sampleRate = 24_000
    private let spoken: Recorder<String>
    private let samplesPerCharacter: Int

    /// - Parameter spoken: remembers the clauses in order.
    package init(spoken: Recorder<String> = Recorder(), samplesPerCharacter: Int = 100) {
        self.spoken = spoken
        self.samplesPerCharacter = samplesPerCharacter
    }

    package func makeSession(_ options: SpeechOptions) -> any TTSSession {
        Session(spoken: spoken, samplesPerCharacter: samplesPerCharacter)
    }

    private final class Session: TTSSession {
        private let spoken: Recorder<String>
        private let samplesPerCharacter: Int
        private var chunks: [Int] = []

        init(spoken: Recorder<String>, samplesPerCharacter: Int) {
            self.spoken = spoken
            self.samplesPerCharacter = samplesPerCharacter
        }

        func begin(_ clause: String) {
            spoken.append(clause)
            let total = clause.count * samplesPerCharacter
            chunks = stride(from: 0, to: total, by: 480).map { min(480, total - $0) }
        }

        func step() -> SpokenChunk? {
            guard !chunks.isEmpty else { return nil }
            let samples = [Float](repeating: 0.25, count: chunks.removeFirst())
            return SpokenChunk(audio: AudioChunk(samples: samples, sampleRate: 24_000), words: [])
        }
    }
}

/// Replies with given pieces of text; each waits for a gate when there is one.
package final class FakeThinker: ThinkerModel, ThinkerSession {
    private let replies: Mutex<[[String]]>
    private let end: ReplyEnd
    private let beforePiece: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - end: why every reply ends.
    ///   - beforePiece: awaited before piece `n` of a reply is given out.
    package init(
        _ replies: [[String]], end: ReplyEnd = .endOfTurn,
        beforePiece: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.replies = Mutex(replies)
        self.end = end
        self.beforePiece = beforePiece
    }

    package func makeSession(_ options: ThinkerOptions) async throws -> any ThinkerSession { self }

    package func reply(to text: String, turn: TurnToken) -> AsyncThrowingStream<ThinkerEvent, any Error> {
        let pieces = replies.withLock { $0.isEmpty ? [] : $0.removeFirst() }
        let (stream, continuation) = AsyncThrowingStream<ThinkerEvent, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(pieces.count + 2))
        let task = Task { [beforePiece, end] in
            continuation.yield(.promptEvaluated(tokens: 10, evaluated: 10))
            for (index, piece) in pieces.enumerated() {
                await beforePiece(index)
                if turn.isCancelled {
                    continuation.yield(.end(.cancelled, tokens: index))
                    continuation.finish()
                    return
                }
                continuation.yield(.text(piece))
            }
            continuation.yield(.end(end, tokens: pieces.count))
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}

/// Remembers what happened, from any thread.
package final class Recorder<Element: Sendable>: Sendable {
    private let values = Mutex<[Element]>([])

    package init() {}

    package func append(_ element: Element) { values.withLock { $0.append(element) } }

    package var all: [Element] { values.withLock { $0 } }
}

/// A door that tests open by hand.
package final class Gate: Sendable {
    private struct State {
        var open = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func open() {
        let waiters = state.withLock { state in
            state.open = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    package func wait() async {
        await withCheckedContinuation { continuation in
            let open = state.withLock { state in
                if !state.open { state.waiters.append(continuation) }
                return state.open
            }
            if open { continuation.resume() }
        }
    }
}
