internal import ParleyCore

/// What becomes of the stretches of one recording: which is recognised next, with which language, and which may be given
/// out. A value: effects live in `FileTranscriber`.
struct StretchQueue {
    /// A stretch to recognise.
    struct Job: Sendable {
        let number: Int
        let spoken: SpokenStretch
        let options: TranscriptionOptions
    }

    private(set) var vote: LanguageVote
    private let options: TranscriptionOptions
    private let sampleRate: Int
    /// Found, in order; the first is the oldest that was not given out.
    private var entries: [Entry] = []
    /// Number of the first entry.
    private var firstNumber = 0
    /// Whether more stretches may come.
    private var isComplete = false
    private var running = 0

    private struct Entry {
        let spoken: SpokenStretch
        var state = State.waiting

        var transcript: Transcript? { if case .done(let transcript) = state { transcript } else { nil } }
        var isWaiting: Bool { if case .waiting = state { true } else { false } }
        /// Whether it was recognised and holds no words.
        var isEmpty: Bool { transcript?.text.isEmpty ?? false }
    }

    private enum State {
        case waiting, running
        case done(Transcript)
    }

    init(options: TranscriptionOptions, sampleRate: Int) {
        self.options = options
        self.sampleRate = sampleRate
        vote = LanguageVote(given: options.language)
    }

    /// Stretches that nobody works on.
    var waitingCount: Int { entries.count { $0.isWaiting } }
    var runningCount: Int { running }
    /// First sample that is not recognised; `nil` when all that was found is.
    var openFrom: Int? { entries.first?.spoken.stretch.range.lowerBound }

    mutating func add(_ found: [SpokenStretch]) { entries += found.map { Entry(spoken: $0) } }

    /// No more stretches come.
    mutating func complete() { isComplete = true }

    /// The next stretch to recognise; while the language is not known, one at a time.
    mutating func next() -> Job? {
        if vote.language == nil && running > 0 { return nil }
        guard let index = entries.firstIndex(where: \.isWaiting) else { return nil }
        entries[index].state = .running
        running += 1
        var options = options
        options.language = vote.language
        return Job(number: firstNumber + index, spoken: entries[index].spoken, options: options)
    }

    /// Takes the words of a stretch.
    mutating func finish(_ number: Int, _ transcript: Transcript) {
        let index = number - firstNumber
        running -= 1
        entries[index].state = .done(transcript)
        guard vote.language == nil, !transcript.text.isEmpty else { return }
        let length = Duration.seconds(Double(entries[index].spoken.stretch.range.count) / Double(sampleRate))
        vote.hear(transcript.language, probability: transcript.languageProbability, for: length)
        recheck()
    }

    /// Stretches that are ready to be given out, in order, those without words left out.
    mutating func ready() -> [TranscribedSegment] {
        if isComplete, running == 0, waitingCount == 0, vote.language == nil {
            vote.decide()
            recheck()
        }
        var given: [TranscribedSegment] = []
        while vote.language != nil || entries.allSatisfy(\.isEmpty), var transcript = entries.first?.transcript,
            let stretch = entries.first?.spoken.stretch
        {
            if stretch.tail > 0, entries.count > 1 {
                guard var next = entries[1].transcript else { break }
                Seam.join(&transcript, &next)
                entries[1].state = .done(next)
            } else if stretch.tail > 0, !isComplete {
                break
            }
            entries.removeFirst()
            firstNumber += 1
            if !transcript.text.isEmpty { given.append(segment(stretch, transcript)) }
        }
        return given
    }

    /// Once the language is known, what was recognised in another is recognised again.
    private mutating func recheck() {
        guard let language = vote.language else { return }
        for index in entries.indices {
            guard let transcript = entries[index].transcript, !transcript.text.isEmpty else { continue }
            if transcript.language != language { entries[index].state = .waiting }
        }
    }

    private func segment(_ stretch: SpeechStretch, _ transcript: Transcript) -> TranscribedSegment {
        var transcript = transcript
        let heardFrom = time(stretch.heard.lowerBound)
        for index in transcript.words.indices {
            transcript.words[index].start += heardFrom
            transcript.words[index].end += heardFrom
        }
        return TranscribedSegment(
            start: time(stretch.range.lowerBound), end: time(stretch.range.upperBound), transcript: transcript)
    }

    private func time(_ sample: Int) -> Duration { .seconds(Double(sample) / Double(sampleRate)) }
}
