import Foundation
import ParleyAudio
import Testing

private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

@Suite("The program", .serialized)
struct CommandLineTests {
    @Test("speak, transcribe and talk work from any folder, with names of any kind")
    func allThree() async throws {
        try await TestEngine.withFolder { folder in
            let question = "die Frage, so groß.wav"
            let spoken = try CommandLineProcess.run(
                ["speak", "-", "--output", question, "--seed", "3"], in: folder, environment: ["LC_ALL": "C"],
                input: "What is the capital\nof France?")
            #expect(spoken.code == 0 && spoken.output == question + "\n", "\(spoken)")
            let text = try CommandLineProcess.run(["transcribe", question, "--quiet"], in: folder)
            #expect(text.output == "What is the capital of France?\n" && text.errors == "", "\(text)")
            let talk = try CommandLineProcess.run(["talk", question, "--report", "r.json"], in: folder)
            #expect(talk.code == 0, "\(talk)")
            let lines = talk.output.split(separator: "\n")
            try #require(lines.count == 3)
            #expect(lines[0] == "You: What is the capital of France?")
            #expect(lines[1].hasPrefix("Parley: ") && lines[2] == "Answer: die Frage, so groß.answer.wav")
            #expect(try names(in: folder) == ["die Frage, so groß.answer.wav", question, "r.json"])
            #expect(try WAVReader(folder.appending(path: "die Frage, so groß.answer.wav")).format.sampleRate == 24_000)
            try checkReport(folder.appending(path: "r.json"))
        }
    }

    private func checkReport(_ file: URL) throws {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        let report = try #require(object as? [String: Any])
        #expect(Set(report.keys) == ["turns", "memory", "models"])
        let turn = try #require((report["turns"] as? [[String: Any]])?.first)
        #expect(Set(turn.keys) == ["transcript", "reply", "audio_seconds", "answer_seconds", "latency_ms"])
        let latency = try #require(turn["latency_ms"] as? [String: Double])
        #expect(Set(latency.keys) == ["vad", "stt", "llm_first_token", "llm_total", "first_audio", "total"])
        let first = try #require(latency["first_audio"])
        let total = try #require(latency["total"])
        #expect(latency.values.allSatisfy { $0 > 0 } && first <= total)
        let peak = try #require((report["memory"] as? [String: Int])?["rss_peak_bytes"])
        #expect(peak > 50_000_000)
        let models = try #require(report["models"] as? [[String: Any]])
        #expect(models.allSatisfy { Set($0.keys) == ["id", "roles", "bytes", "sha256"] })
    }

    @Test("the turns of a conversation get numbered answers")
    func severalTurns() async throws {
        try await TestEngine.withFolder { folder in
            for (index, words) in ["What is the capital of Italy?", "Thank you."].enumerated() {
                let spoken = try CommandLineProcess.run(["speak", words, "--output", "q\(index).wav"], in: folder)
                #expect(spoken.code == 0, "\(spoken)")
            }
            let talk = try CommandLineProcess.run(
                ["talk", "q0.wav", "q1.wav", "--output", "answers/a.wav"], in: folder)
            #expect(talk.code == 73, "the folder does not exist: \(talk)")
            let named = try CommandLineProcess.run(
                ["talk", "q0.wav", "q1.wav", "--output", "answers/", "--quiet"], in: folder)
            #expect(named.code == 0 && named.errors == "", "\(named)")
            #expect(try names(in: folder.appending(path: "answers")) == ["q0.answer.wav", "q1.answer.wav"])
            #expect(named.output.split(separator: "\n").count == 6)
        }
    }

    @Test("doctor finds everything here")
    func doctor() throws {
        let outcome = try CommandLineProcess.run(["doctor"])
        #expect(outcome.code == 0, "Run `make talk` first. \(outcome.output)\(outcome.errors)")
    }

    @Test("a missing file is one line on standard error and exit code 66")
    func missingFile() throws {
        let outcome = try CommandLineProcess.run(["talk", "/nowhere/q.wav"])
        #expect(outcome.code == 66 && outcome.output == "")
        #expect(outcome.errors == "parley: There is no file /nowhere/q.wav.\n")
    }

    @Test("the program starts without a home")
    func noHome() throws {
        let outcome = try CommandLineProcess.run(["models", "list"], environment: ["HOME": nil, "XDG_DATA_HOME": nil])
        #expect(outcome.code == 0 && outcome.output.hasPrefix("NAME"), "\(outcome)")
    }

    @Test("a reader that goes away ends the program quietly")
    func closedPipe() throws {
        let process = CommandLineProcess(["models", "list"])
        let pipe = Pipe()
        process.redirect(output: pipe.fileHandleForWriting)
        try pipe.fileHandleForReading.close()
        try process.start()
        try process.send("")
        try pipe.fileHandleForWriting.close()
        let outcome = process.finish(without: .output)
        #expect(outcome.code == 141 && outcome.endedItself && outcome.errors == "", "\(outcome)")
    }

    @Test("a full disk behind standard output is an error")
    func fullOutput() throws {
        let process = CommandLineProcess(["models", "list"])
        let device: FileHandle = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        process.redirect(output: device)
        try process.start()
        try process.send("")
        let outcome = process.finish(without: .output)
        #expect(outcome.code == 74, "\(outcome)")
        #expect(outcome.errors.contains("No space left on device"))
    }

    @Test("an answer may go into a pipe")
    func soundIntoPipe() throws {
        let process = CommandLineProcess(["speak", "Yes.", "--output", "/dev/stdout", "--quiet"])
        try process.start()
        try process.send("")
        let outcome = process.finish()
        #expect(outcome.code == 0 && outcome.output.hasPrefix("RIFF") && outcome.errors == "")
        #expect(outcome.output.utf8.count > 10_000)
    }
}

@Suite("Signals", .serialized)
struct CommandLineSignalTests {
    /// Text that takes many seconds to speak.
    private static let longText = String(
        repeating: "The train to the north leaves at nine in the morning. ", count: 2_000)

    @Test(
        "Ctrl-C, the end of the session and a kill leave nothing half-written", arguments: [SIGINT, SIGTERM, SIGKILL])
    func interrupted(signal: Int32) async throws {
        try await TestEngine.withFolder { folder in
            let process = CommandLineProcess(["speak", "-", "--output", "a.wav"], in: folder)
            try process.start()
            try process.send(Self.longText)
            try process.waitForErrors(containing: "Loading")
            try await Task.sleep(for: .milliseconds(700))
            let clock = ContinuousClock()
            let start = clock.now
            process.signal(signal)
            let outcome = process.finish()
            #expect(clock.now - start < .seconds(4))
            #expect(outcome.failures.isEmpty && outcome.output == "", "\(outcome)")
            if signal == SIGKILL {
                #expect(!outcome.endedItself)
            } else {
                #expect(outcome.code == 128 + signal && outcome.endedItself, "\(outcome)")
            }
            #expect(try names(in: folder) == [])
        }
    }

    @Test("Ctrl-C ends the wait for standard input at once")
    func waitingForInput() async throws {
        try await TestEngine.withFolder { folder in
            let process = CommandLineProcess(["speak", "-", "--output", "a.wav"], in: folder)
            try process.start()
            try await Task.sleep(for: .milliseconds(700))
            let clock = ContinuousClock()
            let start = clock.now
            process.signal(SIGINT)
            let outcome = process.finish()
            #expect(outcome.code == 130 && clock.now - start < .seconds(2), "\(outcome)")
        }
    }
}

@Suite("Terminals", .serialized)
struct CommandLineTerminalTests {
    private static func errors(of arguments: [String], _ environment: [String: String?]) throws -> String {
        let terminal = try TestTerminal()
        let process = CommandLineProcess(arguments, environment: environment)
        process.redirect(errors: terminal.program)
        try process.start()
        try process.send("")
        _ = process.finish(without: .errors)
        return try terminal.text()
    }

    @Test("an error is red on a terminal, and plain with NO_COLOR or on a dumb one")
    func colours() throws {
        let missing = ["talk", "/nowhere/q.wav"]
        let red = try Self.errors(of: missing, ["TERM": "xterm", "NO_COLOR": nil])
        #expect(red == "\u{1B}[31mparley:\u{1B}[0m There is no file /nowhere/q.wav.\r\n")
        for environment in [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb", "NO_COLOR": nil]] {
            #expect(try Self.errors(of: missing, environment) == "parley: There is no file /nowhere/q.wav.\r\n")
        }
    }

    @Test("progress rewrites one line of a terminal and takes it away; a log gets lines")
    func progress() throws {
        let arguments = ["speak", "Yes.", "--output", "/dev/null"]
        let terminal = try Self.errors(of: arguments, ["TERM": "xterm"])
        #expect(terminal.hasPrefix("\rLoading the voice\u{1B}[K"))
        #expect(terminal.contains("\r\u{1B}[K") && terminal.hasSuffix(" ms\r\n"))
        let log = try CommandLineProcess.run(arguments).errors
        #expect(log.hasPrefix("Loading the voice\n") && !log.contains("\u{1B}") && !log.contains("\r"))
    }
}
