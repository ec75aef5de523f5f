import Foundation
import LlamaRuntime
import Testing

@Suite("Model and vocabulary")
struct LlamaModelTests {
    @Test("a missing file is named in the error")
    func missingFile() {
        let error = #expect(throws: LlamaError.self) { try LlamaModel(path: "/nowhere/model.gguf") }
        #expect(error?.code == .modelMissing)
        #expect(error?.message.contains("/nowhere/model.gguf") == true)
        #expect(error?.message.contains("No such file") == true)
    }

    @Test("a file that is no GGUF is refused with the reason of llama.cpp")
    func damagedFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gguf")
        try Data("this is no model, only text".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = #expect(throws: LlamaError.self) { try LlamaModel(path: file.path) }
        #expect(error?.code == .modelUnusable)
        #expect(error?.message.contains(file.path) == true)
        #expect(error?.message.contains("magic") == true)
    }

    @Test("metadata, template and size are those of the file", arguments: TinyModel.allCases)
    func metadata(tiny: TinyModel) throws {
        let model = try tiny.load()
        #expect(model.name == tiny.rawValue)
        #expect(model.metadata("general.architecture") == (tiny == .hybrid ? "lfm2" : "llama"))
        #expect(model.metadata("no.such.key") == nil)
        #expect(model.metadata.contains { $0.key == "tokenizer.ggml.model" && $0.value == "gpt2" })
        #expect(model.chatTemplate?.contains("<|im_start|>") == true)
        #expect(model.trainedWindow == 4096)
        #expect(model.isRecurrent == (tiny == .hybrid))
        #expect(model.tensorBytes > 40_000)
    }

    @Test("control tokens are read only when asked for")
    func specialTokens() throws {
        let vocabulary = try TinyModel.attention.load().vocabulary
        let special = try vocabulary.tokenize("<|im_start|>the", parsesSpecial: true)
        #expect(special.count == 2)
        #expect(vocabulary.isControl(special[0]))
        #expect(vocabulary.text(of: special[0]) == "<|im_start|>")
        let plain = try vocabulary.tokenize("<|im_start|>the", parsesSpecial: false)
        #expect(plain.count > 5)
        #expect(!plain.contains { vocabulary.isControl($0) })
    }

    @Test("pieces are bytes and give the text back, half characters included")
    func pieces() throws {
        let vocabulary = try TinyModel.attention.load().vocabulary
        let text = "the cat 日本 🎉"
        let tokens = try vocabulary.tokenize(text, parsesSpecial: false)
        let bytes = try tokens.flatMap { try vocabulary.piece(of: $0) }
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        #expect(tokens.count > text.count)
        #expect(try vocabulary.piece(of: 2).isEmpty)
        #expect(throws: LlamaError.self) { try vocabulary.piece(of: -1) }
        #expect(throws: LlamaError.self) { try vocabulary.piece(of: LlamaToken(vocabulary.count)) }
    }

    @Test("beginning and end tokens are those of the file")
    func ends() throws {
        let vocabulary = try TinyModel.attention.load().vocabulary
        #expect(vocabulary.beginning == 1)
        #expect(vocabulary.end == 3)
        #expect(vocabulary.addsBeginning)
        #expect(vocabulary.isEnd(3))
        #expect(!vocabulary.isEnd(10))
        #expect(try vocabulary.tokenize("", parsesSpecial: true).isEmpty)
    }
}
