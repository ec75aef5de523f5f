internal import Foundation
internal import ParleyCodecs
internal import ParleyCore

/// Reads a file in pieces, on a thread of its own: a pipe may keep it waiting.
actor FileReader {
    private let executor = InferenceExecutor(label: "parley-read")
    private let url: URL
    private let sampleRate: Int
    private var file: AudioFile?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ url: URL, sampleRate: Int) {
        self.url = url
        self.sampleRate = sampleRate
    }

    /// Opens the file, where that has not happened.
    /// - Returns: length of what is left of the recording; `nil` for a pipe that does not say.
    /// - Throws: `AudioError`.
    func open() throws -> Duration? { try opened().durationLeft }

    /// - Returns: the next samples, none at the end.
    /// - Throws: `AudioError`.
    func next() throws -> [Float] { try opened().next() }

    private func opened() throws -> AudioFile {
        if let file { return file }
        let file = try AudioFile(url, sampleRate: sampleRate)
        self.file = file
        return file
    }
}
