package import ParleyCore
internal import Synchronization

/// One conversation with a `LlamaEngine`. Releasing it ends the conversation.
package final class LlamaThinkerSession: ThinkerSession {
    private let engine: LlamaEngine
    private let slot: Int
    private let longestReply: Int
    /// Replies follow each other: each task waits for the one before.
    private let last = Mutex<Task<Void, Never>?>(nil)

    init(engine: LlamaEngine, slot: Int, longestReply: Int) {
        self.engine = engine
        self.slot = slot
        self.longestReply = longestReply
    }

    deinit { engine.release(slot, after: last.withLock { $0 }) }

    /// Adds what the user said and writes the reply.
    ///
    /// A reply that is cut short stays in the conversation as far as it was written; one that had no text yet leaves no
    /// trace of the turn. Dropping the stream stops the reply within one token.
    /// - Throws: into the stream, `LLMError` with `.messageTooLong` or `.messageEmpty`, the conversation unchanged, or
    ///   `.evaluationFailed`.
    package func reply(to text: String, turn: TurnToken) -> AsyncThrowingStream<ThinkerEvent, any Error> {
        // Every token gives at most one event; the prompt, the rest of a character and the end add three.
        AsyncThrowingStream(bufferingPolicy: .bufferingOldest(longestReply + 4)) { events in
            let task = last.withLock { last in
                let previous = last
                let task = Task { [engine, slot] in
                    await previous?.value
                    await engine.reply(to: text, on: slot, turn: turn, events: events)
                }
                last = task
                return task
            }
            events.onTermination = { reason in
                if case .cancelled = reason { task.cancel() }
            }
        }
    }
}
