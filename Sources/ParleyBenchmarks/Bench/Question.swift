internal import Foundation
internal import Parley

/// A recorded question.
struct Question: Sendable {
    var file: URL
    var language: String
    /// What is asked.
    var text: String
    var seconds: Double

    /// Questions of a folder of recordings, in the order of its manifest.
    /// - Parameter kinds: kinds of the manifest that count as questions.
    static func all(in folder: URL, kinds: Set<String> = ["question"]) throws -> [Question] {
        let manifest = try Manifest(folder: folder)
        return manifest.recordings.filter { kinds.contains($0.kind) }.map {
            Question(
                file: URL(filePath: manifest.path(of: $0)), language: $0.lang, text: $0.text ?? "", seconds: $0.seconds)
        }
    }

    /// Questions spoken by Parley, for machines without recordings.
    static func spoken(by engine: ParleyEngine, into folder: URL) async throws -> [Question] {
        let texts = [
            "What is the capital of France?", "How many days are in a week?", "Why is the sky blue?",
            "Who wrote Romeo and Juliet?", "What do bees make?", "Can you tell me a short story?",
        ]
        var questions: [Question] = []
        for (number, text) in texts.enumerated() {
            let file = folder.appending(path: "question-\(number + 1).wav")
            let speech = try await engine.speak(text)
            try speech.write(to: file)
            questions.append(Question(file: file, language: "en", text: text, seconds: speech.duration.inSeconds))
        }
        return questions
    }
}
