package import ParleyCore

/// What was said so far: a system prompt, examples, and whole turns of the user and the model.
package struct Conversation: Sendable, Equatable {
    package struct Turn: Sendable, Equatable {
        package var user: String
        package var reply: String

        package init(user: String, reply: String) {
            self.user = user
            self.reply = reply
        }
    }

    /// Empty for none.
    package let system: String
    package let examples: [ExampleTurn]
    package private(set) var turns: [Turn] = []

    package init(system: String, examples: [ExampleTurn] = []) {
        self.system = system
        self.examples = examples
    }

    /// Adds a turn that ended, complete or cut short.
    package mutating func record(user: String, reply: String) { turns.append(Turn(user: user, reply: reply)) }

    /// Forgets the oldest turns.
    package mutating func drop(_ count: Int) { turns.removeFirst(min(count, turns.count)) }

    /// Everything as messages, the oldest turns left out, with one more message of the user.
    package func messages(dropping dropped: Int = 0, adding user: String) -> [ChatMessage] {
        var messages: [ChatMessage] = system.isEmpty ? [] : [ChatMessage(.system, system)]
        for example in examples {
            messages.append(ChatMessage(.user, example.user))
            messages.append(ChatMessage(.assistant, example.reply))
        }
        for turn in turns.dropFirst(dropped) {
            messages.append(ChatMessage(.user, turn.user))
            messages.append(ChatMessage(.assistant, turn.reply))
        }
        return messages + [ChatMessage(.user, user)]
    }
}
