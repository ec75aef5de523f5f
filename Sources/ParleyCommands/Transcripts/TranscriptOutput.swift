internal import Foundation
internal import Parley
internal import ParleyAudio

/// Where the words of recordings go: standard output, piece by piece, or a file that appears when it is complete.
actor TranscriptOutput {
    private let console: Console
    private let file: AtomicFile?
    private var text: TranscriptText?

    /// - Parameter path: `nil` for standard output.
    /// - Throws: `AudioError` when the file cannot be created.
    init(_ path: String?, console: Console) throws {
        self.console = console
        file = try path.map { try AtomicFile(FilePath.url($0)) }
    }

    /// Begins a recording.
    func begin(_ text: TranscriptText) { self.text = text }

    func append(_ segment: Transcription.Segment) throws { try write(text?.append(segment) ?? "") }

    /// Ends the recording.
    func end(_ transcription: Transcription) throws {
        try write(try text?.end(transcription) ?? "")
        text = nil
    }

    /// Ends an open line; what was printed stays.
    func interrupt() { try? write(text?.interrupted() ?? "") }

    /// Makes the file appear.
    func commit() throws { try file?.commit() }

    private func write(_ text: String) throws {
        guard let file else { return try console.resultPart(text) }
        try file.append(text.utf8)
    }
}
