import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The built program in a process of its own.
final class CommandLineProcess {
    struct Outcome {
        let code: Int32
        /// Whether the process ended by itself and not by a signal.
        let endedItself: Bool
        let output: String
        let errors: String

        /// Lines on standard error that name a failure.
        var failures: [Substring] { errors.split(separator: "\n").filter { $0.contains("parley:") } }
    }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let input = Pipe()

    /// - Parameters:
    ///   - folder: where the process works; `nil` for that of the tests.
    ///   - environment: variables set beside those of the tests; `nil` takes one away.
    init(_ arguments: [String], in folder: URL? = nil, environment: [String: String?] = [:]) {
        process.executableURL = TestEngine.products.appending(path: "parley")
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value }
        process.environment = variables
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = input
    }

    /// Puts something else in place of standard output or error.
    func redirect(output: FileHandle? = nil, errors: FileHandle? = nil) {
        if let output { process.standardOutput = output }
        if let errors { process.standardError = errors }
    }

    func start() throws { try process.run() }

    /// Ends standard input after these bytes.
    func send(_ text: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits until the process has said this on standard error.
    func waitForErrors(containing text: String) throws {
        var seen = ""
        while !seen.contains(text) {
            let data = errors.fileHandleForReading.availableData
            try #require(!data.isEmpty, "parley ended before it said “\(text)”: \(seen)")
            seen += String(decoding: data, as: UTF8.self)
        }
    }

    enum Stream {
        case output
        case errors
    }

    /// - Parameter redirected: the stream that went elsewhere; its text is empty.
    func finish(without redirected: Stream? = nil) -> Outcome {
        let output = redirected == .output ? "" : Self.text(output)
        let errors = redirected == .errors ? "" : Self.text(errors)
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, endedItself: process.terminationReason == .exit, output: output,
            errors: errors)
    }

    /// Sound is not UTF-8: what is no character becomes a replacement character.
    private static func text(_ pipe: Pipe) -> String {
        String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    static func run(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String?] = [:], input: String = ""
    ) throws -> Outcome {
        let process = CommandLineProcess(arguments, in: folder, environment: environment)
        try process.start()
        try process.send(input)
        return process.finish()
    }
}

/// A terminal that a test reads.
struct TestTerminal {
    /// What the program writes to.
    let program: FileHandle
    private let reader: FileHandle

    init() throws {
        var main: Int32 = -1
        var other: Int32 = -1
        try #require(openpty(&main, &other, nil, nil, nil) == 0)
        reader = FileHandle(fileDescriptor: main, closeOnDealloc: true)
        program = FileHandle(fileDescriptor: other, closeOnDealloc: true)
    }

    /// What was written so far; the program must have ended.
    func text() throws -> String {
        var text = ""
        var entry = pollfd(fd: reader.fileDescriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 100) > 0, Int(entry.revents) & Int(POLLIN) != 0 {
            text += String(decoding: reader.availableData, as: UTF8.self)
        }
        return text
    }
}
