package import ParleyAudio
package import ParleyCore

/// Recognises whole recordings of any length: finds the stretches of speech while reading, and recognises as many at the
/// same time as there are recognisers. Memory does not grow with the recording, apart from its words.
package struct FileTranscriber: Sendable {
    /// Gives the next samples of a recording, none at its end.
    package typealias Read = @Sendable () async throws -> [Float]
    /// Gets stretches with words, in order, as soon as they are certain.
    package typealias Emit = @Sendable (TranscribedSegment) async throws -> Void

    private let detector: DetectorStage
    private let recognizers: [RecognizerStage]
    private let sampleRate: Int
    private let settings: SpeechSegmenter.Settings

    /// - Parameters:
    ///   - recognizers: one or more; each recognises one stretch at a time.
    ///   - sampleRate: that of the detector and the recognisers.
    package init(
        detector: DetectorStage, recognizers: [RecognizerStage], sampleRate: Int,
        settings: SpeechSegmenter.Settings = .init()
    ) {
        precondition(!recognizers.isEmpty, "somebody has to recognise")
        self.detector = detector
        self.recognizers = recognizers
        self.sampleRate = sampleRate
        self.settings = settings
    }

    /// Recognises a recording that is in memory.
    /// - Parameter audio: mono at the recogniser's sample rate.
    package func transcribe(
        _ audio: AudioChunk, options: TranscriptionOptions, turn: TurnToken
    ) async throws -> TranscribedAudio {
        try PipelineError.require(audio.sampleRate == sampleRate, .wrongSampleRate) {
            "The recogniser takes \(sampleRate) Hz and was given \(audio.sampleRate) Hz."
        }
        let pieces = Pieces(audio.samples)
        return try await transcribe(options: options, turn: turn) { await pieces.next() }
    }

    /// Recognises a recording while it is read.
    /// - Parameters:
    ///   - progress: gets the length of what is done.
    ///   - emit: what it throws ends the work.
    ///   - read: called when more is needed; mono at the recogniser's sample rate.
    /// - Throws: what `read` throws, after the stretches before it were given out; `CancellationError`.
    package func transcribe(
        options: TranscriptionOptions, turn: TurnToken, progress: @Sendable (Duration) -> Void = { _ in },
        emit: Emit = { _ in }, read: @escaping Read
    ) async throws -> TranscribedAudio {
        let clock = ContinuousClock()
        let begin = clock.now
        let finder = Finder(stream: try detector.stream(settings), sampleRate: sampleRate, read: read, turn: turn)
        var queue = StretchQueue(options: options, sampleRate: sampleRate)
        var idle = Array(recognizers.indices)
        var state = Progress()
        var result = TranscribedAudio()
        try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask { .found(await finder.next()) }
            while let event = try await group.next() {
                switch event {
                case .found(let found):
                    state.take(found)
                    queue.add(found.stretches)
                    if found.isLast { queue.complete() }
                case .recognised(let number, let lane, let transcript):
                    idle.append(lane)
                    queue.finish(number, transcript)
                }
                for segment in queue.ready() {
                    result.segments.append(segment)
                    try await emit(segment)
                }
                while let lane = idle.last, let job = queue.next() {
                    idle.removeLast()
                    let recognizer = recognizers[lane]
                    group.addTask {
                        let words = try await recognizer.transcribe(
                            job.spoken.samples[...], options: job.options, turn: turn)
                        return .recognised(job.number, lane: lane, words)
                    }
                }
                // One stretch more than is worked on is looked for: no recogniser waits, and nothing piles up.
                if state.canLook, queue.waitingCount == 0 {
                    state.isLooking = true
                    group.addTask { .found(await finder.next()) }
                }
                state.done = max(state.done, queue.openFrom ?? state.heard)
                progress(time(state.done))
            }
        }
        if let failure = state.failure { throw failure }
        result.language = queue.vote.language
        result.languageProbability = queue.vote.probability
        result.duration = time(state.heard)
        result.detection = state.detection
        result.recognition = max(.zero, begin.duration(to: clock.now) - state.detection)
        return result
    }

    private func time(_ sample: Int) -> Duration { .seconds(Double(sample) / Double(sampleRate)) }
}

private enum Event: Sendable {
    case found(Found)
    case recognised(Int, lane: Int, Transcript)
}

/// What one look into the recording gave.
private struct Found: Sendable {
    var stretches: [SpokenStretch] = []
    /// Samples read.
    var count = 0
    var isLast = false
    var time: Duration = .zero
    var failure: (any Error)?
}

/// How far the reading is.
private struct Progress {
    var isLooking = true
    var isComplete = false
    /// Samples that were read.
    var heard = 0
    /// Samples up to which all is recognised, as far as it was told.
    var done = 0
    var detection: Duration = .zero
    var failure: (any Error)?

    var canLook: Bool { !isLooking && !isComplete }

    mutating func take(_ found: Found) {
        isLooking = false
        isComplete = found.isLast
        heard += found.count
        detection += found.time
        failure = found.failure
    }
}

/// Reads on and finds speech.
private struct Finder: Sendable {
    let stream: SpeechStream
    let sampleRate: Int
    let read: FileTranscriber.Read
    let turn: TurnToken

    /// One look: a piece of the recording.
    func next() async -> Found {
        let clock = ContinuousClock()
        let start = clock.now
        var found = Found()
        var samples: [Float] = []
        do {
            samples = try await read()
        } catch {
            // What came before is still recognised; then the failure is reported.
            found.failure = error
        }
        found.count = samples.count
        found.isLast = samples.isEmpty
        do {
            found.stretches =
                samples.isEmpty
                ? try await stream.finish(turn: turn)
                : try await stream.append(AudioChunk(samples: samples, sampleRate: sampleRate), turn: turn)
        } catch {
            found.failure = found.failure ?? error
            found.isLast = true
        }
        found.time = start.duration(to: clock.now)
        return found
    }
}

/// A recording that is in memory, read in pieces of four seconds.
private actor Pieces {
    private static let size = 65_536
    private let samples: [Float]
    private var position = 0

    init(_ samples: [Float]) { self.samples = samples }

    func next() -> [Float] {
        let end = min(samples.count, position + Self.size)
        defer { position = end }
        return Array(samples[position..<end])
    }
}
