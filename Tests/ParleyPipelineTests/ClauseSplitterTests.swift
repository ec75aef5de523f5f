import ParleyPipeline
import Testing

@Suite("Clause splitter")
struct ClauseSplitterTests {
    /// Feeds a text in small pieces, as tokens come.
    private func clauses(_ text: String, piece: Int = 3) -> [String] {
        var splitter = ClauseSplitter()
        var found: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            found += splitter.feed(String(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        if let last = splitter.finish() { found.append(last) }
        return found
    }

    @Test("sentences become clauses, however the text is cut into tokens", arguments: [1, 2, 3, 7, 100])
    func sentences(piece: Int) {
        #expect(
            clauses("It is Paris. It lies on the Seine! Have you been there?", piece: piece)
                == ["It is Paris.", "It lies on the Seine!", "Have you been there?"])
    }

    @Test("the first clause may end at a comma, later ones run to the end of the sentence")
    func firstComma() {
        #expect(
            clauses("Of course, I can help. Tell me, what is it about?")
                == ["Of course,", "I can help.", "Tell me, what is it about?"])
    }

    @Test("a single word before a comma is not a clause")
    func shortComma() {
        #expect(clauses("Yes, it is late.") == ["Yes, it is late."])
    }

    @Test(
        "points inside numbers, titles, initials and list numbers do not end a clause",
        arguments: [
            "The value is 3.14 today.", "Dr. Smith met Mrs. Jones at St. James.", "J. R. R. Tolkien wrote it.",
            "1. Boil the water slowly.",
        ])
    func points(text: String) {
        #expect(clauses(text) == [text])
    }

    @Test("a quotation mark behind the full stop belongs to the sentence")
    func quotes() {
        #expect(clauses("He said \"go.\" Then he left.") == ["He said \"go.\"", "Then he left."])
    }

    @Test("a long first clause without punctuation is cut before a joining word")
    func joint() {
        #expect(
            clauses("The sky looks blue in the daytime because the air scatters blue light.")
                == ["The sky looks blue in the daytime", "because the air scatters blue light."])
    }

    @Test("text without any boundary is cut at a space before it grows too long")
    func endless() {
        let text = String(repeating: "word ", count: 200)
        let found = clauses(text)
        #expect(found.count > 2)
        #expect(found.allSatisfy { $0.count <= 281 })
        #expect(found.joined(separator: " ") == text.dropLast())
    }

    @Test("line breaks end a clause and white space alone is never one")
    func lines() {
        #expect(clauses("First line\n\n  second line\n") == ["First line", "second line"])
        #expect(clauses(" \n ").isEmpty)
    }

    @Test("nothing of the text is lost or doubled")
    func complete() {
        let text = "Well, there are three: one, two; and three. Mr. X said 4.5 is \"enough\". ¿Qué tal? ¡Bien!"
        #expect(clauses(text).joined(separator: " ") == text)
    }
}
