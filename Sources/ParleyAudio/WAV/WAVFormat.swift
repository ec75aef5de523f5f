/// How the samples of a WAV file are stored.
package struct WAVFormat: Sendable, Equatable {
    /// Encodings that are read.
    package enum Encoding: Sendable, Equatable {
        /// 16-bit signed integers, full scale 32,768.
        case pcm16
        /// 32-bit IEEE 754, full scale 1.
        case float32
        /// 64-bit IEEE 754, full scale 1.
        case float64

        /// Bytes of one sample of one channel.
        package var bytes: Int {
            switch self {
            case .pcm16: 2
            case .float32: 4
            case .float64: 8
            }
        }
    }

    /// Highest rate that is read: the fastest converters there are.
    package static let maximumSampleRate = 384_000
    /// Most channels that are read: a seventh-order ambisonic recording has 64.
    package static let maximumChannels = 64

    package let encoding: Encoding
    /// 1...64; averaged when read.
    package let channels: Int
    /// Samples per second and channel, 1...384,000.
    package let sampleRate: Int

    package init(encoding: Encoding, channels: Int, sampleRate: Int) {
        self.encoding = encoding
        self.channels = channels
        self.sampleRate = sampleRate
    }

    /// Bytes of one sample of every channel.
    package var frameBytes: Int { encoding.bytes * channels }
}
