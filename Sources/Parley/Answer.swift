public import Foundation
internal import ParleyPipeline

/// What a spoken question came to.
public struct Answer: Sendable {
    /// When things happened.
    public struct Latency: Sendable, Equatable {
        /// Reading the file and finding speech in it.
        public let vad: Duration
        /// Recognising the words.
        public let stt: Duration
        /// From the words to the first token of the reply.
        public let firstToken: Duration
        /// From the words to the end of the written reply.
        public let reply: Duration
        /// From the readable file to the first sample of the answer.
        public let firstAudio: Duration
        /// From the readable file to the last sample.
        public let total: Duration
    }

    /// The words of the question.
    public let transcript: String
    /// ISO 639-1 code of the question.
    public let language: String
    /// The words of the answer.
    public let reply: String
    /// The sound of the answer.
    public let speech: Speech
    /// Length of the question.
    public let questionDuration: Duration
    /// When things happened.
    public let latency: Latency

    /// Writes the spoken answer as a 16 bit WAV file; it appears only when it is complete.
    public func write(to file: URL) throws { try speech.write(to: file) }
}

/// What happens while a question is answered, in order.
public enum ConversationEvent: Sendable {
    /// The words of the question.
    case heard(String)
    /// More text of the reply.
    case text(String)
    /// More sound of the answer: mono samples, -1...1, at the voice's rate.
    case sound([Float])
}
