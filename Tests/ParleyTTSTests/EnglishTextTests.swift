import ParleyTTS
import Testing

/// Remembers what it was asked and answers with one sound.
private final class Asked: UnknownWordReader {
    var words: [String] = []

    func phonemes(ofUnknown word: String) -> Phonemes? {
        words.append(word)
        return Phonemes("ˈɛks")
    }
}

@Suite("English text to phonemes")
struct EnglishTextTests {
    private func phonemes(_ text: String) throws -> String {
        try TableFixture.withFile(TableFixture.english.bytes) { path in
            try EnglishPhonemizer(tables: TableFile(path: path)).phonemes(text, unknown: Asked())
        }
    }

    @Test(
        "words with endings are read from their stems",
        arguments: [
            ("cats", "kˈæts"), ("dogs", "dˈɔɡz"), ("dishes", "dˈɪʃᵻz"), ("baked", "bˈAkt"), ("waited", "wˈATᵻd"),
            ("baking", "bˈAkɪŋ"), ("stopping", "stˈɑpɪŋ"), ("waiting", "wˈATɪŋ"),
        ])
    func endings(word: String, sound: String) throws {
        #expect(try phonemes(word) == sound)
    }

    @Test("what follows decides how the and to sound")
    func context() throws {
        #expect(try phonemes("the apple") == "ði ˈæpᵊl")
        #expect(try phonemes("the cat") == "ðə kˈæt")
        #expect(try phonemes("to the cat.") == "tə ðə kˈæt.")
    }

    @Test("a homograph is read by its part of speech")
    func homographs() throws {
        #expect(try phonemes("read") == "ɹˈɛd")
        #expect(try phonemes("reading").hasPrefix("ɹˈid"))
    }

    @Test(
        "numbers are read by what they look like",
        arguments: [
            ("29", "twˈɛnti nˈIn"), ("1st", "fˈɜɹst"), ("$9.99", "nˈIn dˈɑləɹz ænd nˈIndi nˈIn sˈɛnts"),
            ("5%", "fˈIv pəɹsˈɛnt"), ("5 km", "fˈIv kəlˈɑməTəɹz"), ("March 5", "mˈɑɹʧ fˈɪfθ"),
            ("2020", "twˈɛnti twˈɛnti"),
        ])
    func numbers(text: String, sound: String) throws {
        #expect(try phonemes(text) == sound)
    }

    @Test("initials are spelled with the stress on the last letter")
    func initials() throws {
        #expect(try phonemes("USA") == "jˌuˌɛsˈA")
    }

    @Test("no at the end of a sentence is not an abbreviation")
    func ambiguousAbbreviation() throws {
        try TableFixture.withFile(TableFixture.english.bytes) { path in
            let asked = Asked()
            _ = try EnglishPhonemizer(tables: TableFile(path: path)).phonemes("The cat, no.", unknown: asked)
            #expect(asked.words == ["no"])
        }
    }

    @Test("each sound is traced to where its text stands")
    func origins() throws {
        try TableFixture.withFile(TableFixture.english.bytes) { path in
            let tokens = try EnglishPhonemizer(tables: TableFile(path: path))
                .tokens("**The** cat, 5 km.", unknown: Asked())
            #expect(tokens.map(\.origin) == [2, 8, 11, 13, 13, 17])
        }
    }

    @Test("text without words has no sound", arguments: ["", "   ", "😀", "***", "```", "---"])
    func silence(text: String) throws {
        let spoken = try phonemes(text)
        #expect(!spoken.unicodeScalars.contains { $0.properties.isAlphabetic })
    }
}

@Suite("English numbers")
struct EnglishNumbersTests {
    @Test(
        "cardinals",
        arguments: [
            (0, "zero"), (21, "twenty-one"), (100, "one hundred"), (123, "one hundred and twenty-three"),
            (1_001, "one thousand and one"), (1_234, "one thousand, two hundred and thirty-four"),
            (2_000_000, "two million"), (-7, "minus seven"),
        ])
    func cardinals(number: Int, words: String) {
        #expect(EnglishNumbers.cardinal(number) == words)
    }

    @Test(
        "ordinals",
        arguments: [
            (1, "first"), (12, "twelfth"), (20, "twentieth"), (23, "twenty-third"), (101, "one hundred and first"),
        ])
    func ordinals(number: Int, words: String) {
        #expect(EnglishNumbers.ordinal(number) == words)
    }

    @Test(
        "years",
        arguments: [
            (1984, "nineteen eighty-four"), (1905, "nineteen oh-five"), (2000, "two thousand"),
            (2005, "two thousand and five"), (2010, "twenty ten"), (1900, "nineteen hundred"),
        ])
    func years(number: Int, words: String) {
        #expect(EnglishNumbers.year(number) == words)
    }

    @Test("decimals drop trailing zeros")
    func decimals() {
        #expect(EnglishNumbers.decimal("3.14") == "three point one four")
        #expect(EnglishNumbers.decimal("2.50") == "two point five")
        #expect(EnglishNumbers.decimal("7.0") == "seven")
    }
}

@Suite("Replies for the ear")
struct ReplyCleanerTests {
    @Test(
        "marks for the eye are left out",
        arguments: [
            ("**Paris** is _nice_.", "Paris is nice."), ("# Title\nText", "Title. Text"), ("- one\n- two", "one. two"),
            ("Use `ls` here", "Use ls here"), ("See [the page](https://example.com/a)", "See the page"),
            ("Go to https://www.example.com/a?b=1.", "Go to example dot com."),
            ("Mail a.b@c.org", "Mail a dot b at c dot org"),
            ("3 * 4", "3 * 4"), ("snake_case", "snake_case"),
        ])
    func clean(text: String, spoken: String) {
        let words = ReplyCleaner.clean(text).string.split(separator: " ").joined(separator: " ")
        #expect(words == spoken)
    }

    @Test("emoji leave nothing behind but a space")
    func emoji() {
        #expect(ReplyCleaner.clean("Hi 👋🏽!").string.filter { $0 != " " } == "Hi!")
    }
}
