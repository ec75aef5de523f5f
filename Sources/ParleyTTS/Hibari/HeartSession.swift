internal import OnnxRuntime
internal import ParleyAudio
internal import ParleyCore

/// Speaks clauses in the voice "heart" for one conversation. Belongs to one actor; calls block.
final class HeartSession: TTSSession {
    /// Samples of the first piece of a clause and of each later one: sound at once, then fewer calls.
    private static let firstPiece = 1_200
    private static let piece = 7_200

    private let model: HeartModel
    private let options: SpeechOptions
    private let unknown = UnknownWords()

    private var clause = ""
    private var written = WrittenWords("")
    private var clauseNumber: UInt64 = 0
    /// Text is still to be read, because of words that no dictionary knows.
    private var isReading = false
    private var waiting: [Utterance] = []
    private var rendering: Rendering<SeededNoise>?
    /// Samples given out for this clause before the current utterance.
    private var offset = 0

    init(_ model: HeartModel, _ options: SpeechOptions) {
        self.model = model
        self.options = options
    }

    /// Reads the text; what an earlier clause still had to say is dropped.
    func begin(_ clause: String) throws {
        self.clause = clause
        clauseNumber += 1
        written = WrittenWords(clause)
        waiting = []
        rendering = nil
        offset = 0
        isReading = true
        read()
    }

    func step() throws -> SpokenChunk? {
        if isReading { return try readUnknownWord() }
        if rendering == nil {
            guard !waiting.isEmpty else { return nil }
            rendering = try render(waiting.removeFirst())
            return try advance(Self.firstPiece)
        }
        return try advance(Self.piece)
    }

    // MARK: Text

    /// Makes utterances of the clause unless a word has no reading yet.
    private func read() {
        let tokens = model.phonemizer.tokens(clause, unknown: unknown)
        guard unknown.missing.isEmpty else { return }
        waiting = Utterance.utterances(tokens, in: written, alphabet: model.alphabet)
        isReading = false
    }

    private func readUnknownWord() throws -> SpokenChunk {
        if let word = unknown.missing.first {
            unknown.learn(word, try model.unknownWords.read(word))
        }
        if unknown.missing.isEmpty { read() }
        return chunk([], words: [])
    }

    // MARK: Sound

    private func render(_ utterance: Utterance) throws -> Rendering<SeededNoise> {
        // The second and later utterances of a clause get noise of their own.
        let number = clauseNumber << 16 | UInt64(waiting.count)
        return try Rendering(
            model.run(utterance, speed: options.speed), of: utterance,
            noise: SeededNoise(seed: options.seed, clause: number), transform: model.transform, speed: options.speed)
    }

    private func advance(_ count: Int) throws -> SpokenChunk {
        guard var current = rendering else { return chunk([], words: []) }
        rendering = nil
        let samples = try current.run(count)
        let words = current.takeWords().map { word in
            SpokenWord(
                text: written.words.indices.contains(word.word) ? written.words[word.word] : "",
                start: time(offset + word.samples.lowerBound), end: time(offset + word.samples.upperBound))
        }
        if current.isComplete {
            offset += current.length
        } else {
            rendering = current
        }
        return chunk(samples, words: words)
    }

    private func time(_ samples: Int) -> Duration { .seconds(Double(samples) / Double(model.sampleRate)) }

    private func chunk(_ samples: [Float], words: [SpokenWord]) -> SpokenChunk {
        SpokenChunk(audio: AudioChunk(samples: samples, sampleRate: model.sampleRate), words: words)
    }
}
