/// Weights of a voice activity detector, shared by every conversation.
package protocol VADModel: Sendable {
    func makeSession() throws -> any VADSession
}

/// State of one audio stream in a voice activity detector. Belongs to one actor; calls block.
package protocol VADSession: AnyObject {
    /// Samples per second that `probability(of:)` takes.
    var sampleRate: Int { get }
    /// Samples that one call takes.
    var chunkLength: Int { get }
    /// Probability, 0...1, that the chunk contains speech. State carries over; call `reset()` between streams.
    func probability(of chunk: ArraySlice<Float>) throws -> Float
    /// Forgets the stream heard so far.
    func reset()
}
