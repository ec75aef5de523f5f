package import ParleyCore

/// How models of the catalogue are asked to speak; docs/models/smollm2.md has the trials behind the choices.
package enum SpokenPrompt {
    /// For SmolLM2-135M-Instruct of the `starter` profile.
    package static let starter = ThinkerOptions(
        systemPrompt: "You are a helpful voice assistant. Answer in one short sentence.",
        sampling: SamplingOptions(temperature: 0, repeatPenalty: 1.1), maximumReplyTokens: 64)
}
