import Foundation
import ParleyCommands
import Testing

@Suite("Progress")
struct ProgressTests {
    @Test("a terminal gets one line, written again, at most ten times a second")
    func rewriting() {
        var meter = ProgressMeter(.rewriting(columns: 80))
        let half = meter.update(ProgressStep("m: downloading", done: 50_000_000, total: 100_000_000), at: .zero)
        #expect(half == "\rm: downloading  [############------------] 50 %  50.0 MB of 100.0 MB\u{1B}[K")
        #expect(meter.update(ProgressStep("m: downloading", done: 51, total: 100), at: .milliseconds(99)) == "")
        #expect(meter.update(ProgressStep("m: downloading", done: 51, total: 100), at: .milliseconds(100)) != "")
        #expect(meter.clear() == "\r\u{1B}[K")
        #expect(meter.clear() == "")
    }

    @Test("a line never wraps on a narrow terminal")
    func narrow() {
        var meter = ProgressMeter(.rewriting(columns: 20))
        let text = meter.update(ProgressStep(String(repeating: "x", count: 50)), at: .zero)
        #expect(text == "\r" + String(repeating: "x", count: 19) + "\u{1B}[K")
        var wide = ProgressMeter(.rewriting(columns: 60))
        let bar = wide.update(ProgressStep(String(repeating: "x", count: 50), share: 0.5), at: .zero)
        #expect(bar == "\r" + String(repeating: "x", count: 25) + "…  [############------------] 50 %\u{1B}[K")
    }

    @Test("a log gets a line for each step and then one every five seconds")
    func lines() {
        var meter = ProgressMeter(.lines)
        #expect(meter.update(ProgressStep("a", done: 0, total: 1_000), at: .zero) == "a, 0 %, 0 bytes of 1.0 kB\n")
        #expect(meter.update(ProgressStep("a", done: 400, total: 1_000), at: .seconds(4)) == "")
        #expect(meter.update(ProgressStep("a", done: 500, total: 1_000), at: .seconds(5)).hasPrefix("a, 50 %"))
        #expect(meter.update(ProgressStep("a", done: 1_000, total: 1_000), at: .seconds(6)).hasPrefix("a, 100 %"))
        #expect(meter.update(ProgressStep("a", done: 1_000, total: 1_000), at: .seconds(60)) == "")
        #expect(meter.update(ProgressStep("b", share: 0.25), at: .seconds(61)) == "b, 25 %\n")
        #expect(meter.clear() == "")
    }

    @Test("a share tells the time that is left, once that can be known")
    func timeLeft() {
        var meter = ProgressMeter(.lines)
        #expect(meter.update(ProgressStep("a", share: 0), at: .seconds(10)) == "a, 0 %\n")
        #expect(meter.update(ProgressStep("a", share: 0.25), at: .seconds(20)) == "a, 25 %, 0:30 left\n")
        #expect(meter.update(ProgressStep("a", share: 1), at: .seconds(50)) == "a, 100 %\n")
    }

    @Test("a recording of unknown length tells how much of it is done")
    func unknownLength() {
        var meter = ProgressMeter(.lines)
        #expect(meter.update(ProgressStep("a", position: .zero), at: .zero) == "a\n")
        #expect(meter.update(ProgressStep("a", position: .seconds(3_725)), at: .seconds(6)) == "a, 1:02:05\n")
    }

    @Test("lengths of time are written as people read them")
    func times() {
        #expect(ClockTime.text(.milliseconds(6_600)) == "0:07")
        #expect(ClockTime.text(.seconds(754)) == "12:34")
        #expect(ClockTime.text(.seconds(360_005)) == "100:00:05")
        #expect(ClockTime.text(.seconds(-1)) == "0:00")
    }

    @Test("sizes are written as people read them")
    func sizes() {
        #expect(ByteCount.text(0) == "0 bytes")
        #expect(ByteCount.text(999) == "999 bytes")
        #expect(ByteCount.text(999_960) == "1.0 MB")
        #expect(ByteCount.text(97_400_000) == "97.4 MB")
        #expect(ByteCount.text(1_500_000_000) == "1.5 GB")
    }
}

@Suite("Console")
struct ConsoleTests {
    @Test("quiet leaves out progress and remarks, not results and errors")
    func quiet() throws {
        let recorder = try Recorder()
        let console = Console(recorder.streams())
        console.remark("before")
        console.beQuiet()
        console.progress(ProgressStep("step"))
        console.remark("after")
        try console.result("result")
        console.failure("It failed.")
        #expect(recorder.outputText == "result\n")
        #expect(recorder.errorText == "before\nparley: It failed.\n")
    }

    @Test("colours are for terminals that welcome them")
    func colours() throws {
        for (isTerminal, allows, expected) in [
            (true, true, "\u{1B}[31mparley:\u{1B}[0m No.\n"), (true, false, "parley: No.\n"),
            (false, true, "parley: No.\n"),
        ] {
            let recorder = try Recorder()
            Console(recorder.streams(isTerminal: isTerminal, allowsColour: allows)).failure("No.")
            #expect(recorder.errorText == expected)
        }
    }

    @Test("an error is one line, whatever a file's name holds")
    func controlCharacters() throws {
        let recorder = try Recorder()
        Console(recorder.streams()).failure("There is no file a\nb\u{1B}[31m\u{7}é.")
        #expect(recorder.errorText == "parley: There is no file a b [31m é.\n")
    }

    @Test("a result takes an unfinished line of progress away first")
    func order() throws {
        let recorder = try Recorder()
        let console = Console(recorder.streams(isTerminal: true))
        console.progress(ProgressStep("step"))
        try console.result("result")
        #expect(recorder.errorText == "\rstep\u{1B}[K\r\u{1B}[K")
    }
}
