import Foundation
import ParleyCommands
import ParleyCore
import Testing

@Suite("Results")
struct ResultTests {
    @Test("a transcription is one line of JSON with the promised names")
    func transcription() throws {
        let result = TranscriptionResult(
            file: "a b.wav", language: "en", languageProbability: 0.5, text: "Hello \"there\".",
            segments: [
                .init(
                    start: 0.25, end: 1.5, text: "Hello \"there\".", confidence: 0.75, noSpeechProbability: 0.125,
                    reruns: ["repetition"])
            ], audioSeconds: 2, processingMilliseconds: 81.25)
        #expect(
            try JSONText.line(result)
                == #"{"audio_seconds":2,"file":"a b.wav","language":"en","language_probability":0.5,"#
                + #""processing_ms":81.25,"segments":[{"confidence":0.75,"end":1.5,"no_speech_probability":0.125,"#
                + #""reruns":["repetition"],"start":0.25,"text":"Hello \"there\"."}],"text":"Hello \"there\"."}"#)
    }

    @Test("words are listed when they were asked for; what is not known is null")
    func words() throws {
        let word = TranscriptionResult.Word(text: "Hi", start: 0.5, end: 0.75, probability: 0.25)
        let segment = TranscriptionResult.Segment(start: 0, end: 1, text: "Hi", words: [word])
        let line = try JSONText.line(
            TranscriptionResult(
                file: "a", language: nil, text: "", segments: [segment], audioSeconds: 0, processingMilliseconds: 0))
        #expect(line.contains(#""words":[{"end":0.75,"probability":0.25,"start":0.5,"text":"Hi"}]"#))
        #expect(line.contains(#""language":null,"language_probability":null"#))
    }

    @Test("the report of talk has the promised names and no others")
    func report() throws {
        let latency = TalkReport.Latency(vad: 1, stt: 2, firstToken: 3, reply: 4, firstAudio: 5, total: 6)
        let turn = TalkReport.Turn(
            transcript: "Hi?", reply: "Hi.", audioSeconds: 1.5, answerSeconds: 0.5, latency: latency)
        let report = TalkReport(
            turns: [turn], memory: .init(peakResidentBytes: 7),
            models: [.init(id: "m", roles: ["thinker"], bytes: 8, sha256: "00")])
        #expect(
            try JSONText.line(report)
                == #"{"memory":{"rss_peak_bytes":7},"#
                + #""models":[{"bytes":8,"id":"m","roles":["thinker"],"sha256":"00"}],"#
                + #""turns":[{"answer_seconds":0.5,"audio_seconds":1.5,"#
                + #""latency_ms":{"first_audio":5,"llm_first_token":3,"llm_total":4,"stt":2,"total":6,"vad":1},"#
                + #""reply":"Hi.","transcript":"Hi?"}]}"#)
        let document = try JSONText.document(report)
        #expect(document.last == UInt8(ascii: "\n"))
        #expect(try JSONDecoder().decode(TalkReport.self, from: document) == report)
    }

    @Test(
        "answers go where people look for them",
        arguments: [
            (["q.wav"], nil, ["q.answer.wav"]),
            (["in/my q.wav", "r.wav"], nil, ["my q.answer.wav", "r.answer.wav"]),
            (["a/q.wav", "b/q.wav", "c/q.wav"], nil, ["q.answer.wav", "q-2.answer.wav", "q-3.answer.wav"]),
            (["q.wav"], "a.wav", ["a.wav"]), (["q.wav", "r.wav"], "out/a.wav", ["out/a-1.wav", "out/a-2.wav"]),
            (["q.wav", "r.wav"], "a", ["a-1.wav", "a-2.wav"]), (["q.wav"], "new/", ["new/q.answer.wav"]),
            (["q.wav"], "there", ["there/q.answer.wav"]), (["q.wav"], "/dev/null", ["/dev/null"]),
        ] as [([String], String?, [String])])
    func answerFiles(questions: [String], output: String?, expected: [String]) {
        #expect(AnswerFiles.paths(for: questions, output: output, isFolder: { $0 == "there" }) == expected)
    }

    @Test("durations are rounded for people")
    func durations() {
        #expect(Duration.microseconds(1_234_567).roundedSeconds == 1.235)
        #expect(Duration.nanoseconds(1_234_567).roundedMilliseconds == 1.235)
    }
}

@Suite("Exit codes")
struct ExitCodeTests {
    private struct Failure: Fault {
        let kind: FaultKind
        let codeName = "test"
        let message = "It failed."
        let cause: (any Error)? = nil
    }

    private struct Unknown: Error {}

    @Test(
        "a fault gives the sysexits code of its kind",
        arguments: [
            (FaultKind.usage, 64), (.badData, 65), (.noInput, 66), (.unavailable, 69), (.software, 70), (.system, 71),
            (.cannotCreate, 73), (.ioFailure, 74), (.temporary, 75), (.noPermission, 77), (.configuration, 78),
        ] as [(FaultKind, Int32)])
    func faults(kind: FaultKind, code: Int32) {
        #expect(ExitCode.number(of: Failure(kind: kind)) == code)
        #expect(ExitCode.all.contains { $0.number == code })
    }

    @Test("what nobody expected is a fault of Parley, and cancellation is Ctrl-C")
    func others() {
        #expect(ExitCode.number(of: Unknown()) == 70)
        #expect(ExitCode.message(of: Unknown()).contains("Please report it."))
        #expect(ExitCode.message(of: Failure(kind: .usage)) == "It failed.")
        #expect(ExitCode.number(of: CancellationError()) == 130)
    }
}

@Suite("docs/cli.md")
struct PageTests {
    private static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)) ?? ""
    }()

    @Test("the page names every exit code as the program does")
    func exitCodes() {
        for code in ExitCode.all { #expect(Self.page.contains("| \(code.number) | \(code.meaning) |")) }
    }

    @Test("the page names every option of every command, and no others")
    func options() async throws {
        let commands = [
            ["talk"], ["transcribe"], ["speak"], ["models", "list"], ["models", "pull"], ["models", "verify"],
            ["models", "path"], ["models", "remove"], ["inspect"], ["doctor"],
        ]
        for command in commands {
            let recorder = try Recorder()
            #expect(await recorder.run(command + ["--help"]) == 0)
            let start = "parley \(command.joined(separator: " ")) "
            let usage = try #require(
                recorder.outputText.split(separator: "\n").first { $0.hasPrefix("USAGE: \(start)") })
            let line = try #require(Self.page.split(separator: "\n").first { $0.hasPrefix(start) }, "\(start)")
            #expect(Self.options(usage) == Self.options(line), "\(start)")
        }
    }

    private static func options(_ line: Substring) -> Set<String> {
        Set(line.split { " []".contains($0) }.filter { $0.hasPrefix("--") }.map(String.init))
    }
}
