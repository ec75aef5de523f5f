internal import Foundation
internal import ParleySTT
internal import Testing

@Suite("Vocabulary")
struct WhisperVocabularyTests {
    /// Lays tokens out as `stt.vocabulary` does.
    private func file(_ tokens: [[UInt8]]) -> Data {
        var data = Data()
        func append(_ number: Int) { withUnsafeBytes(of: UInt32(number).littleEndian) { data.append(contentsOf: $0) } }
        append(tokens.count)
        var offset = 0
        append(offset)
        for token in tokens {
            offset += token.count
            append(offset)
        }
        for token in tokens { data.append(contentsOf: token) }
        return data
    }

    @Test("tokens become text without spaces around it, special tokens become nothing")
    func text() throws {
        let vocabulary = try WhisperVocabulary(data: file([Array(" Hello".utf8), Array(" world.".utf8), []]))
        #expect(vocabulary.count == 3)
        #expect(vocabulary.text(of: [0, 1, 2]) == "Hello world.")
        #expect(vocabulary.text(of: [2]) == "")
        #expect(vocabulary.text(of: [99, -1]) == "")
    }

    @Test("a character split over two tokens is whole, and half a character is never shown")
    func splitCharacter() throws {
        let vocabulary = try WhisperVocabulary(data: file([Array(" se".utf8), [0xC3], [0xB1], Array("or".utf8)]))
        #expect(vocabulary.text(of: [0, 1, 2, 3]) == "señor")
        #expect(vocabulary.text(of: [0, 1]) == "se")
        #expect(vocabulary.text(of: [2, 0]) == "se")
    }

    @Test("a file that is cut short or whose offsets go astray is refused")
    func damage() throws {
        let good = file([Array("a".utf8), Array("b".utf8)])
        #expect(throws: STTError.self) { _ = try WhisperVocabulary(data: Data()) }
        #expect(throws: STTError.self) { _ = try WhisperVocabulary(data: good.prefix(10)) }
        #expect(throws: STTError.self) { _ = try WhisperVocabulary(data: good.prefix(good.count - 1)) }
        var astray = good
        astray[8] = 0xFF
        let error = #expect(throws: STTError.self) { _ = try WhisperVocabulary(data: astray) }
        #expect(error?.message == "The vocabulary is damaged at token 1. Run `parley models verify`.")
    }
}
