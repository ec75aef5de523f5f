internal import ArgumentParser
internal import Foundation
internal import Parley
internal import ParleyAudio
internal import ParleyCodecs

/// Sets Parley's texts beside those of faster-whisper, on the same weights.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Agreement with faster-whisper over a folder of recordings.",
        discussion: """
            First the FP32 graphs against its FP32 matrices, with a window of 30 s on both sides: whether the model is
            computed right. Then the shipped bundle against its INT8 matrices: whether as many words are right.
            """)

    @Argument(help: "Folder with a manifest.jsonl; recordings of up to 30 s with a text are compared.")
    var folder: String

    @OptionGroup var peer: PeerOptions

    @Option(help: "Kinds of recordings.")
    var kind: [String] = ["read", "question", "conversation"]

    @Option(help: "Cores for either side.")
    var threads = 2

    @Option(help: "Where the JSON goes.")
    var output: String?

    /// A recording as both sides get it.
    private struct Clip {
        var recording: Recording
        var original: URL
        var file: URL
        var audio: AudioChunk
    }

    private struct Report: Codable {
        var comparisons: [Comparison]
        var words: [WordErrors]
    }

    func run() async throws {
        let setup = try peer.setup()
        let scratch = FileManager.default.temporaryDirectory.appending(path: "parley-compare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let clips = try clips(in: scratch)
        let comparisons = try compareGraphs(clips, setup)
        for comparison in comparisons { Terminal.line(comparison.report) }
        let words = try await compareWords(clips, setup)
        for line in words { Terminal.line(line.report) }
        guard let output else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(Report(comparisons: comparisons, words: words))
            .write(to: URL(filePath: output), options: .atomic)
    }

    /// Reads the recordings and writes each as 16-bit WAV at 16 kHz, so that both sides get the same samples.
    private func clips(in scratch: URL) throws -> [Clip] {
        let manifest = try Manifest(folder: URL(filePath: folder))
        var clips: [Clip] = []
        for recording in manifest.recordings where kind.contains(recording.kind) && recording.seconds <= 30 {
            let original = URL(filePath: manifest.path(of: recording))
            do {
                let audio = try AudioFile.load(original, sampleRate: GraphHost.rate)
                let file = scratch.appending(path: "\(clips.count).wav")
                try WAVWriter.write(audio, to: file)
                let heard = try AudioFile.load(file, sampleRate: GraphHost.rate)
                clips.append(Clip(recording: recording, original: original, file: file, audio: heard))
            } catch {
                Terminal.note("left out \(recording.file): \(error.message)")
            }
        }
        guard !clips.isEmpty else {
            throw BenchmarkError(.nothingScored, "\(folder) holds no recording of these kinds that can be read.")
        }
        return clips
    }

    private func compareGraphs(_ clips: [Clip], _ setup: PeerSetup) throws -> [Comparison] {
        let host = try GraphHost("audio-starter-fp32", threads: threads)
        let peer = try PeerProcess(setup, .float32, threads: threads)
        var exact = Comparison("FP32, 30 s of audio on both sides, against \(peer.version)")
        var asIs = Comparison("FP32, 30 s, against faster-whisper as it is (it fills the spectrum with zeros)")
        var short = Comparison("FP32, the usual short window with its guards, against the same with 30 s")
        for clip in clips {
            let language = clip.recording.lang
            let full = try host.transcribe(clip.audio, language: language, isFull: true)
            let usual = try host.transcribe(clip.audio, language: language, isFull: false)
            try add(full, clip, try peer.transcribe(clip.file, language: language, full: true), peer, true, &exact)
            try add(full, clip, try peer.transcribe(clip.file, language: language), peer, false, &asIs)
            short.files += 1
            if usual.text != full.text {
                let position = parting(of: usual.tokens, from: full.tokens)
                short.differences.append(
                    Comparison.Difference(
                        file: clip.recording.file, ours: usual.text, theirs: full.text, position: position,
                        ourChoice: usual.topTwo(at: position), theirChoice: full.topTwo(at: position)))
            }
        }
        return [exact, asIs, short]
    }

    private func add(
        _ ours: GraphHost.Heard, _ clip: Clip, _ theirs: PeerTranscript, _ peer: PeerProcess, _ isFull: Bool,
        _ comparison: inout Comparison
    ) throws {
        comparison.files += 1
        guard ours.text != theirs.text else { return }
        let position = parting(of: ours.tokens, from: theirs.tokens)
        let choice = try peer.choices(
            clip.file, language: clip.recording.lang, full: isFull, after: Array(ours.tokens.prefix(position)))
        comparison.differences.append(
            Comparison.Difference(
                file: clip.recording.file, ours: ours.text, theirs: theirs.text, position: position,
                ourChoice: ours.topTwo(at: position), theirChoice: choice))
    }

    /// The program as users run it against faster-whisper INT8, on the original files.
    private func compareWords(_ clips: [Clip], _ setup: PeerSetup) async throws -> [WordErrors] {
        let engine = try await ParleyEngine.open(ParleyConfiguration(threads: threads), capabilities: [.hearing])
        let peer = try PeerProcess(setup, .int8, threads: threads)
        var scores: [String: WordErrors] = [:]
        for clip in clips {
            let language = clip.recording.lang
            let ours = try await engine.transcribe(clip.original, language: language)
            let theirs = try peer.transcribe(clip.file, language: language)
            let reference = clip.recording.text ?? ""
            scores[language, default: WordErrors(language: language)].add(reference, ours.text, theirs.text)
        }
        return scores.values.sorted { $0.language < $1.language }
    }
}

/// Word errors of both sides over the recordings of a language.
package struct WordErrors: Codable {
    package var language: String
    package var ours = Score()
    package var theirs = Score()

    package init(language: String) { self.language = language }

    package mutating func add(_ reference: String, _ ours: String, _ theirs: String) {
        self.ours.add(reference: reference, hypothesis: ours)
        self.theirs.add(reference: reference, hypothesis: theirs)
    }

    package var report: String {
        "\(language), shipped bundle: \(ours.wordErrors.total) word errors in \(ours.words) words"
            + " (\(decimal(ours.wordErrorRate, 2)) %); faster-whisper INT8: \(theirs.wordErrors.total)"
            + " (\(decimal(theirs.wordErrorRate, 2)) %)"
    }
}
