import ParleyCore
import ParleyLLM
import Testing

@Suite("UTF-8 across token borders")
struct UTF8AssemblerTests {
    @Test("text comes out the same however its bytes are cut", arguments: 1...7)
    func anyCut(size: Int) {
        let text = "añ日本🎉x👩‍👩‍👧é\u{301}!"
        var assembler = UTF8Assembler()
        var result = ""
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            result += assembler.append(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(result + assembler.finish() == text)
    }

    @Test("a character comes when its last byte comes, not before")
    func waits() {
        var assembler = UTF8Assembler()
        #expect(assembler.append([0xF0]) == "")
        #expect(assembler.append([0x9F, 0x8E]) == "")
        #expect(assembler.append([0x89, 0x41]) == "🎉A")
    }

    @Test("bytes that can be no character become U+FFFD at once")
    func invalid() {
        var assembler = UTF8Assembler()
        #expect(assembler.append([0xFF]) == "\u{FFFD}")
        #expect(assembler.append([0xC0]) == "\u{FFFD}")
        #expect(assembler.append([0x80]) == "\u{FFFD}")
        // E0 must be followed by A0...BF, ED by 80...9F (surrogates), F4 by 80...8F.
        #expect(assembler.append([0xE0, 0x80]).contains("\u{FFFD}"))
        #expect(assembler.append([0xED, 0xA0]).contains("\u{FFFD}"))
        #expect(assembler.append([0xF4, 0x90]).contains("\u{FFFD}"))
        #expect(assembler.append([0x41]) == "A")
    }

    @Test("a text that ends inside a character ends with U+FFFD")
    func cutEnd() {
        var assembler = UTF8Assembler()
        #expect(assembler.append([0x41, 0xE6, 0x97]) == "A")
        #expect(assembler.finish() == "\u{FFFD}")
        #expect(assembler.finish() == "")
    }

    @Test("the pieces are those of decoding the whole, for any bytes")
    func randomBytes() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            // Few distinct bytes, so that leads and continuations meet often.
            let alphabet: [UInt8] = [0x41, 0x80, 0x90, 0xA0, 0xBF, 0xC3, 0xE0, 0xE6, 0xED, 0xF0, 0xF4, 0xFF]
            let bytes = (0..<Int.random(in: 1...24, using: &generator)).map { _ in alphabet.randomElement() ?? 0 }
            var assembler = UTF8Assembler()
            var result = ""
            for byte in bytes { result += assembler.append([byte]) }
            result += assembler.finish()
            #expect(result == String(decoding: bytes, as: UTF8.self), "\(bytes)")
        }
    }
}

@Suite("History")
struct HistoryTests {
    @Test("a prompt that fits loses nothing")
    func fits() {
        let window = HistoryWindow(window: 100, reply: 20)
        #expect(window.limit == 80)
        #expect(window.turnsToDrop(of: 3) { 80 - $0 } == 0)
    }

    @Test("on overflow the oldest turns go until a quarter of the room is free")
    func drops() {
        let window = HistoryWindow(window: 100, reply: 20)
        // 21 tokens a turn and 18 that stay: 81, 60, 39.
        #expect(window.turnsToDrop(of: 3) { 81 - 21 * $0 } == 1)
        #expect(window.turnsToDrop(of: 6) { 144 - 21 * $0 } == 4)
    }

    @Test("all turns may go, and a message that fits without any is taken")
    func dropsAll() {
        let window = HistoryWindow(window: 100, reply: 20)
        #expect(window.turnsToDrop(of: 2) { 90 - 5 * $0 } == 2)
        #expect(window.turnsToDrop(of: 2) { 100 - 5 * $0 } == nil)
        #expect(window.turnsToDrop(of: 0) { _ in 81 } == nil)
    }

    @Test("messages are the system prompt, whole turns, and what the user says now")
    func messages() {
        var conversation = Conversation(system: "S")
        conversation.record(user: "u1", reply: "r1")
        conversation.record(user: "u2", reply: "r2")
        #expect(
            conversation.messages(dropping: 1, adding: "u3") == [
                ChatMessage(.system, "S"), ChatMessage(.user, "u2"), ChatMessage(.assistant, "r2"),
                ChatMessage(.user, "u3"),
            ])
        let taught = Conversation(system: "S", examples: [ExampleTurn(user: "e", reply: "f")])
        #expect(
            taught.messages(adding: "u") == [
                ChatMessage(.system, "S"), ChatMessage(.user, "e"), ChatMessage(.assistant, "f"),
                ChatMessage(.user, "u"),
            ])
        conversation.drop(1)
        #expect(conversation.turns == [Conversation.Turn(user: "u2", reply: "r2")])
        conversation.drop(5)
        #expect(conversation.messages(adding: "u") == [ChatMessage(.system, "S"), ChatMessage(.user, "u")])
        #expect(Conversation(system: "").messages(adding: "u") == [ChatMessage(.user, "u")])
    }
}

@Suite("Batches and stops")
struct BatchPlanTests {
    private func demands(_ pairs: [(Int, Int)]) -> [BatchPlan.Demand] {
        pairs.map { BatchPlan.Demand(sequence: $0.0, tokens: $0.1) }
    }

    @Test("single tokens share a call with the first prompt")
    func shares() {
        #expect(BatchPlan.choose(from: demands([(0, 8), (1, 1), (2, 8), (3, 1)]), capacity: 20) == [0, 1, 3])
    }

    @Test("a prompt that does not fit beside the single tokens waits")
    func waits() {
        #expect(BatchPlan.choose(from: demands([(0, 8), (1, 1)]), capacity: 8) == [1])
        #expect(BatchPlan.choose(from: demands([(0, 8)]), capacity: 8) == [0])
    }

    @Test("a sequence is served once in a call, in its order")
    func oncePerSequence() {
        #expect(BatchPlan.choose(from: demands([(0, 1), (0, 1)]), capacity: 8) == [0])
        #expect(BatchPlan.choose(from: [], capacity: 8).isEmpty)
    }

    @Test("only the tokens that end a turn stop a reply")
    func stops() {
        let rule = StopRule(ends: [2, 7])
        #expect(rule.ends(2))
        #expect(rule.ends(7))
        #expect(!rule.ends(3))
    }
}
