import Foundation
import ParleyCommands
import Testing

@Suite("Command line")
struct ParsingTests {
    @Test("talk takes files and every option")
    func talk() throws {
        let command = try #require(
            try ParleyProgram.parse([
                "talk", "a.wav", "b.wav", "--output", "o/", "--report", "r.json", "--system", "Be brief.", "--profile",
                "lfm2", "--threads", "3", "--quiet",
            ]) as? TalkCommand)
        #expect(command.files == ["a.wav", "b.wav"])
        #expect(command.output == "o/" && command.report == "r.json" && command.system == "Be brief.")
        #expect(command.profile == "lfm2" && command.engine.threads == 3 && command.quiet.quiet)
        let plain = try #require(try ParleyProgram.parse(["talk", "a.wav"]) as? TalkCommand)
        #expect(plain.profile == "starter" && plain.output == nil && plain.engine.threads == nil && !plain.quiet.quiet)
    }

    @Test("transcribe takes files, a form and a language")
    func transcribe() throws {
        let command = try #require(
            try ParleyProgram.parse(["transcribe", "a.wav", "--format", "json", "--language", "es"])
                as? TranscribeCommand)
        #expect(command.files == ["a.wav"] && command.format == .json && command.language == "es")
    }

    @Test("speak takes words, - and every option")
    func speak() throws {
        let command = try #require(
            try ParleyProgram.parse([
                "speak", "Good", "morning", "--output", "m.wav", "--voice", "heart", "--speed", "0.5", "--seed",
                "18446744073709551615",
            ]) as? SpeakCommand)
        #expect(command.text == ["Good", "morning"] && command.output == "m.wav" && command.voice == "heart")
        #expect(command.speed == 0.5 && command.seed == .max)
        let piped = try #require(try ParleyProgram.parse(["speak", "-"]) as? SpeakCommand)
        #expect(piped.text == ["-"] && piped.output == "speech.wav" && piped.speed == 1 && piped.seed == 0)
        let minus = try #require(try ParleyProgram.parse(["speak", "--", "-5 degrees"]) as? SpeakCommand)
        #expect(minus.text == ["-5 degrees"])
    }

    @Test("models, inspect and doctor take what the page says")
    func others() throws {
        let pull = try #require(
            try ParleyProgram.parse(["models", "pull", "lfm2-1.2b-q4_0", "--from", "x.gguf"]) as? ModelsPullCommand)
        #expect(pull.names == ["lfm2-1.2b-q4_0"] && pull.from == "x.gguf")
        #expect(try ParleyProgram.parse(["models", "list", "--format", "json"]) is ModelsListCommand)
        #expect(try ParleyProgram.parse(["models", "ls"]) is ModelsListCommand)
        #expect(try ParleyProgram.parse(["models", "verify"]) is ModelsVerifyCommand)
        #expect(try ParleyProgram.parse(["models", "path", "a", "b.onnx"]) is ModelsPathCommand)
        #expect(try ParleyProgram.parse(["models", "remove", "a", "b"]) is ModelsRemoveCommand)
        #expect(try ParleyProgram.parse(["inspect", "a.onnx", "--format", "json"]) is InspectCommand)
        #expect(try ParleyProgram.parse(["doctor", "--format", "json"]) is DoctorCommand)
    }

    @Test(
        "wrong arguments are one line on standard error and exit code 64",
        arguments: [
            (["talk"], "parley: Missing expected argument '<file> ...'. See `parley talk --help`.\n"),
            (["nonsense"], "parley: Unexpected argument 'nonsense'. See `parley --help`.\n"),
            (["models", "pull"], "parley: Missing expected argument '<name> ...'. See `parley models pull --help`.\n"),
            (
                ["speak", "hi", "--speed", "3"],
                "parley: --speed takes 0.5 to 2, not 3.0. See `parley speak --help`.\n"
            ),
            (
                ["talk", "a.wav", "--threads", "0"],
                "parley: --threads takes 1 to 256, not 0. See `parley talk --help`.\n"
            ),
            (
                ["models", "pull", "a", "b", "--from", "x"],
                "parley: --from takes exactly one name. See `parley models pull --help`.\n"
            ),
        ])
    func wrongArguments(arguments: [String], line: String) async throws {
        let recorder = try Recorder()
        #expect(await recorder.run(arguments) == 64)
        #expect(recorder.errorText == line)
        #expect(recorder.outputText == "")
    }

    @Test("the version and help are results")
    func help() async throws {
        let version = try Recorder()
        #expect(await version.run(["--version"]) == 0)
        #expect(version.outputText == "parley \(ParleyVersion.current)\n" && version.errorText == "")
        let help = try Recorder()
        #expect(await help.run(["help"]) == 0)
        for code in ExitCode.all {
            #expect(help.outputText.contains("\(code.number)") && help.outputText.contains(code.meaning))
        }
    }

    @Test(
        "the help of every command has examples that this command line takes",
        arguments: [
            ["talk"], ["transcribe"], ["speak"], ["models", "list"], ["models", "pull"], ["models", "verify"],
            ["models", "path"], ["models", "remove"], ["inspect"], ["doctor"],
        ])
    func examples(command: [String]) async throws {
        let recorder = try Recorder()
        #expect(await recorder.run(command + ["--help"]) == 0)
        let name = "  parley " + command.joined(separator: " ")
        let examples = recorder.outputText.split(separator: "\n").filter { $0.hasPrefix(name) }
        #expect(!examples.isEmpty)
        for example in examples {
            let words = example.split(whereSeparator: { "|>".contains($0) })[0]
            #expect(throws: Never.self) { _ = try ParleyProgram.parse(Self.words(String(words))) }
        }
    }

    /// Words as a shell splits them, without the name of the program.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        for (index, part) in line.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                words.append(String(part))
            } else {
                words += part.split(separator: " ").map(String.init)
            }
        }
        return Array(words.dropFirst())
    }
}

@Suite("Help pages")
struct HelpGoldenTests {
    /// Goldens: `COLUMNS=80 parley help COMMAND`, read by a person. Changed on purpose only.
    @Test("the help of talk is this")
    func talk() async throws {
        let recorder = try Recorder()
        #expect(await recorder.run(["talk", "--help"]) == 0)
        #expect(
            recorder.outputText == """
                OVERVIEW: Answer spoken questions aloud.

                Several files are the turns of one conversation: each answer knows what was
                said before. Every turn prints what was heard, what was answered, and the file
                of the spoken answer.

                Without --output an answer is written to NAME.answer.wav in the current folder.
                With several files --output answer.wav gives answer-1.wav, answer-2.wav and so
                on; --output FOLDER/ keeps the names.

                The profile starter understands and speaks English only.

                EXAMPLES:
                  parley talk question.wav
                  parley talk question.wav --output answer.wav --report answer.json
                  parley talk hello.wav and-then.wav --output answers/
                  parley talk question.wav --system "You are a pirate. Answer in one sentence."

                USAGE: parley talk <file> ... [--output <path>] [--report <file.json>] [--system <text>] [--profile <name>] [--threads <n>] [--quiet]

                ARGUMENTS:
                  <file>                  WAV files with questions, in order.

                OPTIONS:
                  -o, --output <path>     File or folder for the spoken answers.
                  --report <file.json>    Write words, times, memory and models as JSON.
                  --system <text>         What the language model is told before the first
                                          question.
                  --profile <name>        Set of models: starter or lfm2. (default: starter)
                  --threads <n>           Cores to compute with, at most those there are; by
                                          default at most 4.
                  -q, --quiet             Leave out progress and remarks; results and errors
                                          stay.
                  --version               Show the version.
                  -h, --help              Show help information.

                """)
    }
}
