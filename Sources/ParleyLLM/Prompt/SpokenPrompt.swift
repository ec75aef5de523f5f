package import ParleyCore

/// How models of the catalogue are asked to speak; docs/models/smollm2.md has the trials behind the choices.
package enum SpokenPrompt {
    /// For SmolLM2-135M-Instruct of the `starter` profile.
    package static let starter = ThinkerOptions(
        systemPrompt: "You are a helpful voice assistant. Answer in one short sentence.",
        examples: [
            ExampleTurn(user: "Hi there!", reply: "Hello! How can I help you?"),
            ExampleTurn(user: "How many legs does a spider have?", reply: "A spider has eight legs."),
            ExampleTurn(user: "Bring me a green tea.", reply: "Sure, one green tea, coming up."),
            ExampleTurn(user: "Which color do you like best?", reply: "I like blue best, because it is calm."),
            ExampleTurn(user: "Why do leaves fall?", reply: "Trees drop their leaves in autumn to save water."),
        ],
        sampling: SamplingOptions(temperature: 0, repeatPenalty: 1.1), maximumReplyTokens: 64)

    /// For LFM2-1.2B, and for models that no trial was made with. Sampling as the makers of LFM2 recommend:
    /// https://huggingface.co/LiquidAI/LFM2-1.2B.
    package static let general = ThinkerOptions(
        systemPrompt: "You are a helpful voice assistant. Your words are spoken aloud: answer in one or two short "
            + "sentences, without lists, symbols or emojis.",
        sampling: SamplingOptions(temperature: 0.3, minP: 0.15, repeatPenalty: 1.05), maximumReplyTokens: 160)

    /// The choice for a model of the catalogue.
    /// - Parameter thinker: id of its entry.
    package static func options(for thinker: String) -> ThinkerOptions {
        thinker.hasPrefix("smollm2-135m") ? starter : general
    }
}
