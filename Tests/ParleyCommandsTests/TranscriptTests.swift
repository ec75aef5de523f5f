import Parley
import ParleyCommands
import Testing

private func segment(_ text: String, from start: Double, to end: Double) -> Transcription.Segment {
    Transcription.Segment(start: .seconds(start), end: .seconds(end), text: text)
}

private func transcription(_ segments: [Transcription.Segment]) -> Transcription {
    Transcription(
        text: segments.map(\.text).joined(separator: " "), language: segments.isEmpty ? nil : "en",
        languageProbability: segments.isEmpty ? nil : 1, segments: segments, audioDuration: .seconds(60),
        processing: .seconds(1))
}

/// All that is printed for a recording.
private func written(
    _ format: TranscriptFormat, _ segments: [Transcription.Segment], isTitled: Bool = false, hasLines: Bool = false
) throws -> String {
    var text = TranscriptText(format, file: "a.wav", isTitled: isTitled, hasLines: hasLines, hasWords: false)
    var printed = ""
    for segment in segments { printed += text.append(segment) }
    return printed + (try text.end(transcription(segments)))
}

private let longText =
    "In short, the period was so far like the present period, that some of its noisiest authorities insisted on its "
    + "being received, for good or for evil, in the superlative degree of comparison only. There were a king with a "
    + "large jaw and a queen with a plain face, on the throne of England."

@Suite("Forms of a transcript")
struct TranscriptTests {
    @Test("text is one line a recording, with its name when there are several")
    func text() throws {
        let two = [segment("Hello.", from: 0, to: 1), segment("How are\nyou?", from: 3, to: 4)]
        #expect(try written(.text, two) == "Hello. How are you?\n")
        #expect(try written(.text, two, isTitled: true) == "a.wav: Hello. How are you?\n")
        #expect(try written(.text, two, isTitled: true, hasLines: true) == "a.wav: Hello.\nHow are you?\n")
        #expect(try written(.text, []) == "\n")
    }

    @Test("a line that is interrupted is ended once")
    func interrupted() {
        var text = TranscriptText(.text, file: "a.wav", isTitled: false, hasLines: false, hasWords: false)
        #expect(text.interrupted() == "")
        _ = text.append(segment("Hello.", from: 0, to: 1))
        #expect(text.interrupted() == "\n" && text.interrupted() == "")
    }

    @Test("SRT numbers its blocks and hides what would end one")
    func srt() throws {
        let result = try written(
            .srt, [segment("A --> B & <i>", from: 0.0004, to: 1.9996), segment("two\n\nthree", from: 3, to: 5)])
        #expect(
            result
                == "1\n00:00:00,000 --> 00:00:02,000\nA -> B & <i>\n\n2\n00:00:03,000 --> 00:00:05,000\ntwo  three\n\n"
                .replacing("two  three", with: "two three"))
        #expect(try written(.srt, []) == "")
    }

    @Test("WebVTT has its header and escapes markup")
    func vtt() throws {
        let result = try written(.vtt, [segment("R&B <b> --> x", from: 359_999.5, to: 360_001)])
        #expect(result == "WEBVTT\n\n99:59:59.500 --> 100:00:01.000\nR&amp;B &lt;b&gt; --&gt; x\n")
        #expect(try written(.vtt, []) == "WEBVTT\n")
    }

    @Test("JSON is one line, also when nothing was said")
    func json() throws {
        let line = try written(.json, [])
        #expect(line.hasPrefix("{") && line.hasSuffix("}\n") && line.contains(#""segments":[],"text":"""#))
        #expect(line.split(separator: "\n").count == 1)
    }
}

@Suite("Subtitles")
struct CueTests {
    private func check(_ cues: [Cue], _ text: String) {
        #expect(cues.flatMap(\.lines).joined(separator: " ") == text)
        for cue in cues {
            #expect(cue.start < cue.end && cue.end - cue.start <= 7_000)
            #expect((1...2).contains(cue.lines.count) && cue.lines.allSatisfy { $0.count <= 42 && !$0.isEmpty })
        }
        for (left, right) in zip(cues, cues.dropFirst()) { #expect(left.end <= right.start) }
    }

    @Test("a long stretch becomes subtitles of two lines and seven seconds, ending with sentences")
    func long() {
        var builder = CueBuilder()
        let cues = builder.cues(longText, words: [], start: .seconds(10), end: .seconds(30))
        check(cues, longText)
        #expect(cues.count >= 4)
        #expect(cues.contains { $0.lines.last?.hasSuffix("only.") == true })
        #expect(cues.first?.start == 10_000)
    }

    @Test("words carry their own times, and a pause begins a new subtitle")
    func words() {
        var builder = CueBuilder()
        let words: [(text: String, start: Duration, end: Duration)] = [
            ("Hello", .seconds(1), .seconds(1.5)), ("there.", .seconds(1.5), .seconds(2)),
            ("Well", .seconds(4), .seconds(4.2)),
        ]
        let cues = builder.cues("Hello there. Well", words: words, start: .seconds(0.8), end: .seconds(4.4))
        #expect(
            cues == [
                Cue(start: 1_000, end: 2_000, lines: ["Hello there."]), Cue(start: 4_000, end: 4_400, lines: ["Well"]),
            ])
    }

    @Test("words that are not those of the text leave the text as it is")
    func otherWords() {
        var builder = CueBuilder()
        let cues = builder.cues(
            "One two", words: [("Three", .seconds(1), .seconds(2))], start: .zero, end: .seconds(2))
        check(cues, "One two")
    }

    @Test("times that contradict each other still give subtitles in order")
    func contradiction() {
        var builder = CueBuilder()
        let words: [(text: String, start: Duration, end: Duration)] = [
            ("a", .seconds(5), .seconds(5)), ("b", .seconds(3), .seconds(2)), ("c", .seconds(60), .seconds(90)),
        ]
        check(builder.cues("a b c", words: words, start: .zero, end: .seconds(90)), "a b c")
        check(builder.cues("d", words: [("d", .seconds(1), .seconds(1))], start: .seconds(1), end: .seconds(2)), "d")
    }

    @Test("a script without spaces is cut between letters, and its lines hold half as many")
    func noSpaces() {
        var builder = CueBuilder()
        let text = String(repeating: "日本語の音声", count: 20)
        let cues = builder.cues(text, words: [], start: .zero, end: .seconds(28))
        #expect(cues.flatMap(\.lines).joined() == text)
        #expect(cues.allSatisfy { $0.lines.count <= 2 && $0.lines.allSatisfy { $0.count <= 21 } })
        var timed = CueBuilder()
        let words = text.enumerated().map { index, letter in
            (
                text: String(letter), start: Duration.milliseconds(index * 200),
                end: Duration.milliseconds(index * 200 + 200)
            )
        }
        let exact = timed.cues(text, words: words, start: .zero, end: .seconds(24))
        #expect(exact.flatMap(\.lines).joined() == text)
    }

    @Test("for any words and times: all text once, in order, apart, readable", arguments: 0..<UInt64(50))
    func properties(seed: UInt64) {
        var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        var builder = CueBuilder()
        var all: [Cue] = []
        var texts: [String] = []
        var time = 0
        for _ in 0..<10 {
            var words: [(text: String, start: Duration, end: Duration)] = []
            let begin = time
            for _ in 0...below(40) {
                let text = String(repeating: "x", count: 1 + below(12)) + ["", "", "", ",", "."][below(5)]
                let start = time + below(3) * below(600)
                time = start + below(900)
                words.append((text, .milliseconds(start), .milliseconds(time)))
            }
            let text = words.map(\.text).joined(separator: " ")
            texts.append(text)
            time += 10
            all += builder.cues(text, words: words, start: .milliseconds(begin), end: .milliseconds(time))
        }
        check(all, texts.joined(separator: " "))
    }
}
