import Foundation
import Parley
import ParleyAudio

/// One engine for all tests of this target: loading takes longer than most tests.
enum TestEngine {
    private static let opened = Task { try await ParleyEngine.open(ParleyConfiguration(threads: 2)) }

    /// - Throws: the engine's own error, whose message names the command that fetches what is missing.
    static func shared() async throws -> ParleyEngine { try await opened.value }

    /// A recording of a text, spoken by Parley's own voice.
    static func recording(of text: String, in folder: URL, seed: UInt64 = 1) async throws -> URL {
        let file = folder.appending(path: "question-\(seed).wav")
        try await shared().speak(text, style: SpeechStyle(seed: seed)).write(to: file)
        return file
    }

    /// Runs a test in a folder of its own and removes it afterwards.
    static func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    /// Folder of the programs that were built with the tests.
    static var products: URL {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        if !folder.path.hasPrefix("/") { folder = URL(filePath: FileManager.default.currentDirectoryPath) }
        return folder
    }
}
