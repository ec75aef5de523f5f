import Foundation
import ParleyCommands
import Synchronization

/// Runs commands in this process and keeps what they print. No home, no models.
final class Recorder: Sendable {
    private let output = Mutex("")
    private let errors = Mutex("")
    let home: URL
    private let input: Data

    init(input: Data = Data()) throws {
        self.input = input
        home = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: home) }

    var outputText: String { output.withLock { $0 } }
    var errorText: String { errors.withLock { $0 } }

    func streams(isTerminal: Bool = false, allowsColour: Bool = false) -> Streams {
        Streams(
            readInput: { self.input },
            writeOutput: { text in self.output.withLock { $0 += text } },
            writeError: { text in self.errors.withLock { $0 += text } },
            isOutputTerminal: isTerminal, isErrorTerminal: isTerminal, allowsColour: allowsColour)
    }

    /// - Returns: the exit code.
    func run(_ arguments: [String], isTerminal: Bool = false, allowsColour: Bool = false) async -> Int32 {
        let environment = [
            "XDG_DATA_HOME": home.path + "/data", "XDG_CACHE_HOME": home.path + "/cache", "PATH": "/usr/bin:/bin",
        ]
        let context = CommandContext(
            environment: environment, home: home.path,
            streams: streams(isTerminal: isTerminal, allowsColour: allowsColour))
        return await ParleyProgram.run(arguments, context)
    }
}
