/// Mono PCM audio at one sample rate.
package struct AudioChunk: Sendable, Equatable {
    /// Samples in -1...1; values outside are possible before a limiter.
    package var samples: [Float]
    /// Samples per second, above 0.
    package let sampleRate: Int

    package init(samples: [Float], sampleRate: Int) {
        precondition(sampleRate > 0, "a sample rate is above 0")
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// How long the samples sound.
    package var duration: Duration {
        .seconds(Double(samples.count) / Double(sampleRate))
    }

    /// The same length in seconds.
    package var seconds: Double { Double(samples.count) / Double(sampleRate) }
}
