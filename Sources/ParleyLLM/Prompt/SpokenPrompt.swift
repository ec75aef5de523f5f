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
}
