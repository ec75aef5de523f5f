/// Weights of a voice activity detector, shared by every conversation.
package protocol VADModel: Sendable {
    func makeSession() throws -> any VADSession
}

/// State of one audio stream in a voice activity detector. Belongs to one actor; calls block.
package protocol VADSession: AnyObject {
    /// Samples per second that `probabilities(of:)` takes.
    var sampleRate: Int { get }
    /// Samples of one chunk.
    var chunkLength: Int { get }
    /// Probability, 0...1, that each chunk contains speech. State carries over; call `reset()` between streams.
    /// - Parameter chunks: any number of whole chunks that follow each other; many at once take less time than one by one.
    func probabilities(of chunks: ArraySlice<Float>) throws -> [Float]
    /// Forgets the stream heard so far.
    func reset()
}
