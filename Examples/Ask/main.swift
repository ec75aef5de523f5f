import Foundation
import Parley

let engine = try await ParleyEngine.open()
let conversation = try await engine.conversation()
let answer = try await conversation.ask(URL(filePath: "question.wav"))
print("You said: \(answer.transcript)")
print("Parley says: \(answer.reply)")
try answer.write(to: URL(filePath: "answer.wav"))
