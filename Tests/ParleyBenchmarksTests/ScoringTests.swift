import ParleyBenchmarks
import Testing

@Suite("Scoring of transcripts")
struct ScoringTests {
    @Test("case, apostrophes, punctuation and compatibility forms do not count, accents do")
    func folding() {
        #expect(TextFolding.fold("Don’t go:  it’s ﬁne, Ángel!") == "dont go its fine ángel")
        #expect(TextFolding.fold("Año 2024; ½ cup") == "año 2024 1 2 cup")
        #expect(TextFolding.fold(" …\n") == "")
    }

    /// Expected counts: the standard-library scorer of the evaluation recordings, on these pairs.
    @Test(
        "word errors are those of a minimal alignment with fewest substitutions",
        arguments: [
            ("dont go its fine ángel", "dont go its fine angel", EditCounts(substitutions: 1)),
            ("the cat sat on the mat", "cat sat upon on the the mat now", EditCounts(deletions: 1, insertions: 3)),
            ("a b c d", "b c d e", EditCounts(deletions: 1, insertions: 1)),
            ("", "", EditCounts()),
            ("one", "", EditCounts(deletions: 1)),
            ("", "one two", EditCounts(insertions: 2)),
        ])
    func words(reference: String, hypothesis: String, expected: EditCounts) {
        let counts = EditCounts(
            reference: TextFolding.words(reference), hypothesis: TextFolding.words(hypothesis))
        #expect(counts == expected)
    }

    @Test("characters are counted with the spaces between words")
    func characters() {
        var score = Score()
        score.add(reference: "The cat sat on the mat.", hypothesis: "Cat sat upon on the, the mat now")
        #expect(score.characters == 22)
        #expect(score.characterErrors == EditCounts(substitutions: 7, insertions: 9))
        #expect(score.words == 6)
        #expect(decimal(score.wordErrorRate, 2) == "66.67")
    }
}

@Suite("Evaluation report")
struct EvaluationReportTests {
    private func hearing(_ kind: String, _ said: String?, _ heard: String, lang: String = "en", reruns: Int = 0)
        -> Hearing
    {
        Hearing(
            recording: Recording(file: "a.wav", lang: lang, text: said, kind: kind, seconds: 2), text: heard,
            reruns: reruns, seconds: 0.25)
    }

    @Test("rows are by language, then by kind, and every language has its sum last")
    func rows() {
        let report = EvaluationReport(
            hearings: [
                hearing("read", "hola mundo", "hola", lang: "es"), hearing("read", "one two", "one two"),
                hearing("question", "what is it", "what was it", reruns: 1),
            ], filesLeftOut: 4)
        #expect(
            report.rows.map { "\($0.language) \($0.kind) \($0.score.words) \(decimal($0.wordErrorRate, 1))" } == [
                "en question 3 33.3", "en read 2 0.0", "en all 5 20.0", "es read 2 50.0", "es all 2 50.0",
            ])
        #expect(report.table.contains("recognised again after a guard: 1 of 3 (33.33 %)"))
        #expect(report.filesLeftOut == 4)
        #expect(report.table.contains("en        question      1      3    1    0    0  33.33"))
    }

    @Test("words written into a file without speech are counted apart from word errors")
    func noise() {
        let report = EvaluationReport(
            hearings: [hearing("noise", nil, "Thank you.", lang: "none"), hearing("noise", "", "", lang: "none")],
            filesLeftOut: 0)
        #expect(report.rows.isEmpty)
        #expect(report.noiseFiles == 2)
        #expect(report.noiseWords == 2)
    }

    @Test("a manifest line that is no recording is named by its number")
    func badManifest() {
        let good = #"{"file": "a.wav", "lang": "en", "text": "yes", "kind": "read", "seconds": 1.5, "extra": 1}"#
        #expect(throws: BenchmarkError.self) { try Manifest.parse(good + "\n\n{}\n") }
        do {
            _ = try Manifest.parse(good + "\n\n{}\n")
        } catch {
            #expect("\(error)".hasPrefix("Line 3 of the manifest is not a recording"))
        }
        #expect(
            (try? Manifest.parse(good + "\n")) == [
                Recording(file: "a.wav", lang: "en", text: "yes", kind: "read", seconds: 1.5)
            ])
    }
}

@Suite("Figures")
struct MetricTests {
    @Test("a line of JSON has all six keys, also where a bound is missing")
    func keys() throws {
        let line = try Metric("start", 0.12345, "s", aim: 0.5, command: "make bench").json
        #expect(
            line == #"{"aim":0.5,"command":"make bench","metric":"start","must":null,"unit":"s","value":0.123}"#)
    }

    @Test(
        "percentiles are values that were measured",
        arguments: [(0.5, 2.0), (0.95, 4.0), (0.0, 1.0), (1.0, 4.0), (0.75, 3.0)])
    func percentiles(share: Double, expected: Double) {
        #expect(percentile(share, of: [4, 1, 3, 2]) == expected)
        #expect(percentile(share, of: []) == 0)
    }
}
