internal import Foundation
internal import ParleySTT
internal import Testing

/// What the bundle forbids the model to say, derived anew from the vocabulary by the rule of the model's authors.
/// Source of the rule: openai-whisper 20240930, `whisper/tokenizer.py`, `non_speech_tokens`; `whisper/decoding.py`.
@Suite("Tokens of Whisper")
struct STTTokensTests {
    private struct Bundle: Decodable {
        struct Section: Decodable {
            var suppressed: [Int]
            var beginSuppressed: [Int]
            var tokens: [String: Int]
            var languages: [String: Int]
        }
        var stt: Section
    }

    private func section() throws -> Bundle.Section {
        let file = try TestModels.file("audio-starter", "bundle.json")
        return try JSONDecoder().decode(Bundle.self, from: Data(contentsOf: file)).stt
    }

    /// Text tokens by their bytes.
    private func vocabulary() throws -> [Data: Int] {
        let data = try Data(contentsOf: TestModels.file("audio-starter", "stt.vocabulary"))
        let vocabulary = try WhisperVocabulary(data: data)
        var tokens: [Data: Int] = [:]
        for token in 0..<vocabulary.count {
            let bytes = Data(vocabulary.bytes(of: token))
            if !bytes.isEmpty { tokens[bytes] = token }
        }
        return tokens
    }

    /// Brackets, notes and dashes that stand for what is not spoken, alone and after a space, where they are one token;
    /// of musical signs the first token in any case; hyphen and apostrophe only at the beginning of a word.
    private func nonSpeech(_ vocabulary: [Data: Int]) -> Set<Int> {
        let single = "\"#()*+/:;<=>@[\\]^_`{|}~「」『』".map(String.init)
        let several = "<< >> <<< >>> -- --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪".split(separator: " ")
        var found = [" -", " '"].compactMap { vocabulary[Data($0.utf8)] }
        for symbol in single + several.map(String.init) {
            found += [symbol, " " + symbol].compactMap { vocabulary[Data($0.utf8)] }
        }
        for sign in "♩♪♫♬♭♮♯" {
            for text in ["\(sign)", " \(sign)"] {
                let bytes = Data(text.utf8)
                let longest = (1...bytes.count).reversed().first { vocabulary[bytes.prefix($0)] != nil }
                if let longest, let token = vocabulary[bytes.prefix(longest)] { found.append(token) }
            }
        }
        return Set(found)
    }

    @Test("what may never be chosen is what the model's authors forbid: signs that are not spoken, and special tokens")
    func suppressed() throws {
        let section = try section()
        let special = ["startOfTranscript", "translate", "transcribe", "startOfLanguageModel", "previous", "noSpeech"]
        let expected = try nonSpeech(vocabulary()).union(special.compactMap { section.tokens[$0] })
        #expect(expected.count == 88)
        #expect(Set(section.suppressed) == expected)
    }

    @Test("a text begins neither with a space alone nor with its end")
    func beginning() throws {
        let section = try section()
        let space = try #require(try vocabulary()[Data(" ".utf8)])
        #expect(Set(section.beginSuppressed) == [space, try #require(section.tokens["endOfText"])])
    }

    /// Numbers: openai-whisper 20240930, multilingual vocabulary with 99 languages.
    @Test("special tokens and languages have the numbers of the multilingual vocabulary")
    func special() throws {
        let section = try section()
        #expect(
            section.tokens == [
                "endOfText": 50257, "startOfTranscript": 50258, "translate": 50358, "transcribe": 50359,
                "startOfLanguageModel": 50360, "previous": 50361, "noSpeech": 50362, "noTimestamps": 50363,
                "firstTimestamp": 50364,
            ])
        #expect(section.languages.count == 99)
        #expect(Set(section.languages.values) == Set(50259...50357))
        #expect(section.languages["en"] == 50259)
        #expect(section.languages["es"] == 50262)
        #expect(section.languages["su"] == 50357)
    }
}
