import Foundation
import Testing

@Suite("The lines of the README")
struct ExampleTests {
    @Test("the example answers question.wav into answer.wav and prints both sides")
    func example() async throws {
        try await TestEngine.withFolder { folder in
            let question = try await TestEngine.recording(of: "What is the capital of France?", in: folder, seed: 5)
            try FileManager.default.moveItem(at: question, to: folder.appending(path: "question.wav"))
            let process = Process()
            process.executableURL = TestEngine.products.appending(path: "AskExample")
            process.currentDirectoryURL = folder
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(text.contains("You said: What is the capital of France?"))
            #expect(text.contains("Paris"))
            let answer = try Data(contentsOf: folder.appending(path: "answer.wav"))
            #expect(answer.count > 20_000)
            #expect(answer.prefix(4) == Data("RIFF".utf8))
        }
    }
}
