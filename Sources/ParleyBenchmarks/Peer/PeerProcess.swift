internal import Foundation

/// faster-whisper in a process of its own, asked over two pipes, a JSON object a line.
///
/// Source of the messages: `scripts/peer/recognise.py`. Calls block until the answer is there.
final class PeerProcess {
    /// Precision of its matrices.
    enum Compute: String { case float32, int8 }

    /// What it says of itself, for example "faster-whisper 1.2.1, CTranslate2 4.8.5".
    private(set) var version = ""
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var buffer = Data()

    private struct Hello: Decodable { var version: String }
    private struct Failure: Decodable { var error: String }

    /// - Throws: `BenchmarkError` with code `.peerMissing` or `.toolFailed`.
    init(_ setup: PeerSetup, _ compute: Compute, threads: Int) throws {
        process.executableURL = setup.python
        process.arguments = [
            setup.script.path, setup.model.path, "--compute", compute.rawValue, "--threads", "\(threads)",
        ]
        process.standardInput = requests
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            throw BenchmarkError(.toolFailed, "Cannot run \(setup.python.path).", cause: error)
        }
        version = try answer(Hello.self).version
    }

    deinit {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func transcribe(_ file: URL, language: String, full: Bool = false) throws -> PeerTranscript {
        try ask(PeerRequest(file: file.path, language: language, full: full, prefix: nil), PeerTranscript.self)
    }

    /// The two likeliest tokens after `prefix`, likeliest first.
    func choices(_ file: URL, language: String, full: Bool, after prefix: [Int]) throws -> TopTwo {
        try ask(PeerRequest(file: file.path, language: language, full: full, prefix: prefix), TopTwo.self)
    }

    private func ask<Answer: Decodable>(_ request: PeerRequest, _ type: Answer.Type) throws -> Answer {
        let line = try JSONEncoder().encode(request) + Data("\n".utf8)
        try requests.fileHandleForWriting.write(contentsOf: line)
        return try answer(type)
    }

    private func answer<Answer: Decodable>(_ type: Answer.Type) throws -> Answer {
        while !buffer.contains(UInt8(ascii: "\n")) {
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw BenchmarkError(
                    .toolFailed,
                    "faster-whisper ended without an answer. Run `scripts/bootstrap --step peer`, then try again.")
            }
            buffer += more
        }
        let end = buffer.firstIndex(of: UInt8(ascii: "\n")) ?? buffer.endIndex
        let line = Data(buffer[..<end])
        buffer = Data(buffer[end...].dropFirst())
        if let failure = try? JSONDecoder().decode(Failure.self, from: line) {
            throw BenchmarkError(.toolFailed, "faster-whisper failed: \(failure.error)")
        }
        return try JSONDecoder().decode(Answer.self, from: line)
    }
}

private struct PeerRequest: Encodable {
    var file: String
    var language: String
    var full: Bool
    var prefix: [Int]?
}

/// What faster-whisper heard.
struct PeerTranscript: Decodable {
    var text: String
    /// From samples in memory to the text.
    var seconds: Double
    var tokens: [Int]
}
