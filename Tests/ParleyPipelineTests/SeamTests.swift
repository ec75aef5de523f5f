import ParleyPipeline
import Testing

@Suite("The seam of two hearings")
struct SeamTests {
    private func joined(_ left: String, _ right: String) -> String {
        let first = left.split(separator: " ").map(String.init)
        let second = right.split(separator: " ").map(String.init)
        let cut = Seam.cut(first, second)
        return (first.dropLast(cut.atEnd) + second.dropFirst(cut.atStart)).joined(separator: " ")
    }

    @Test(
        "words that both heard are there once, and broken words at the outer ends fall away",
        arguments: [
            ("we went to the old house", "the old house on the hill", "we went to the old house on the hill"),
            ("we went to the old hou", "old house on the hill", "we went to the old house on the hill"),
            ("we went to the old ho", "ld the old house on", "we went to the old house on"),
            ("went to the market", "He market and", "went to the market and"),
            ("It was. Late", "late, and it rained", "It was. Late and it rained"),
            ("nothing shared here", "but other words", "nothing shared here but other words"),
            ("", "first words", "first words"), ("last words", "", "last words"),
            ("one one one", "one one two", "one one one two"),
        ])
    func words(left: String, right: String, whole: String) {
        #expect(joined(left, right) == whole)
    }

    @Test("a word far from the cut is no reason to drop what stands between")
    func far() {
        let left = "the a b c d e f g h"
        #expect(joined(left, "the i j k l m n") == "the a b c d e f g h the i j k l m n")
    }
}

@Suite("The language of a recording")
struct LanguageVoteTests {
    @Test("a given language needs no vote")
    func given() {
        var vote = LanguageVote(given: "de")
        vote.hear("en", probability: 1, for: .seconds(60))
        #expect(vote.language == "de" && vote.probability == 1)
    }

    @Test("a sure stretch decides at once")
    func sure() {
        var vote = LanguageVote()
        vote.hear("es", probability: 0.9, for: .seconds(3))
        #expect(vote.language == "es" && abs(vote.probability - 0.9) < 1e-6)
    }

    @Test("a short or unclear beginning does not decide; the longer speech after it does")
    func unclear() {
        var vote = LanguageVote()
        vote.hear("en", probability: 0.9, for: .milliseconds(500))
        #expect(vote.language == nil)
        vote.hear("es", probability: 0.6, for: .seconds(5))
        #expect(vote.language == nil)
        vote.hear("es", probability: 0.7, for: .seconds(7))
        #expect(vote.language == "es")
        #expect(vote.probability > 0.5 && vote.probability < 0.7)
    }

    @Test("the end of the recording ends the vote, and nothing said has no language")
    func end() {
        var vote = LanguageVote()
        vote.decide()
        #expect(vote.language == nil)
        vote.hear("en", probability: 0.4, for: .seconds(1))
        vote.decide()
        #expect(vote.language == "en" && abs(vote.probability - 0.4) < 1e-6)
    }
}
