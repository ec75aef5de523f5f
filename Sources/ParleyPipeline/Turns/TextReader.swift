package import ParleyCore
internal import ParleyAudio

/// Reads a whole text aloud, clause by clause.
package struct TextReader: Sendable {
    private let voice: VoiceStage

    package init(voice: VoiceStage) {
        self.voice = voice
    }

    /// - Parameter emit: gets the samples of each chunk, -1...1, as soon as they exist.
    /// - Returns: time to the first sample; `nil` when the text holds nothing that can be spoken.
    package func read(
        _ text: String, turn: TurnToken, emit: @escaping @Sendable ([Float]) async throws -> Void
    ) async throws -> Duration? {
        let start = ContinuousClock().now
        let first = FirstInstant()
        var splitter = ClauseSplitter()
        var clauses = splitter.feed(text)
        if let rest = splitter.finish() { clauses.append(rest) }
        for clause in clauses {
            try await voice.speak(clause, turn: turn) { chunk in
                first.mark()
                try await emit(chunk.audio.samples)
            }
        }
        return first.instant.map { start.duration(to: $0) }
    }
}
