import Foundation
import Testing

/// Sounds that nobody speaks, the same on every run.
enum NoSpeech: String, CaseIterable, CustomTestStringConvertible {
    case silence, lowestBit, offset, offsetWithNoise
    case whiteNoise, quietNoise, brownNoise, throbbingNoise, bursts
    case clicks, knocks, hum, softHum, tone, sweep, buzz, keys, melody

    var testDescription: String { rawValue }

    /// Samples -1...1.
    func samples(seconds: Int, seed: UInt64, rate: Int = 16_000) -> [Float] {
        var random = SeededGenerator(state: seed)
        let count = seconds * rate
        let noise = (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
        let values = (0..<count).map { value(at: Double($0) / Double(rate), noise[$0]) }
        return (self == .brownNoise ? Self.lowered(noise) : values).map { Float(min(1, max(-1, $0))) }
    }

    /// - Parameters:
    ///   - t: seconds from the beginning.
    ///   - noise: a random number, -1...1.
    private func value(at t: Double, _ noise: Double) -> Double {
        switch self {
        case .silence, .brownNoise: 0
        case .lowestBit: noise / 32_768
        case .offset: 0.3
        case .offsetWithNoise: 0.3 + 0.002 * noise
        case .whiteNoise: 0.9 * noise
        case .quietNoise: 0.003 * noise
        case .throbbingNoise: 0.5 * noise * (1 + sin(2 * .pi * 4 * t)) / 2
        case .bursts: t.truncatingRemainder(dividingBy: 1.5) < 0.3 ? 0.5 * noise : 0
        case .clicks: abs(noise) > 0.9998 ? 0.9 : 0
        case .knocks: 0.6 * noise * exp(-100 * t.truncatingRemainder(dividingBy: 0.5))
        case .hum: 0.3 * Self.harmonics(50, 8, t)
        case .softHum: 0.01 * Self.harmonics(60, 8, t) + 0.0005 * noise
        case .tone: 0.5 * sin(2 * .pi * 440 * t)
        case .sweep: 0.5 * sin(2 * .pi * (100 + 80 * t) * t)
        case .buzz: 0.15 * Self.harmonics(180, 19, t + 0.0007 * sin(2 * .pi * 5 * t))
        case .keys:
            t.truncatingRemainder(dividingBy: 0.4) < 0.2
                ? 0.25 * (sin(2 * .pi * 770 * t) + sin(2 * .pi * 1336 * t)) : 0
        case .melody: Self.note(t)
        }
    }

    private static func harmonics(_ frequency: Double, _ count: Int, _ t: Double) -> Double {
        (1...count).reduce(0) { $0 + sin(2 * .pi * frequency * Double($1) * t) / Double($1) }
    }

    /// Plucked notes of a scale, four a second.
    private static func note(_ t: Double) -> Double {
        let scale = [262.0, 330, 392, 523, 440, 349, 294, 494]
        let age = t.truncatingRemainder(dividingBy: 0.25)
        return 0.3 * harmonics(scale[Int(t * 4) % scale.count], 5, t) * exp(-6 * age)
    }

    /// Noise whose low tones are loud: a leaky sum.
    private static func lowered(_ noise: [Double]) -> [Double] {
        var level = 0.0
        return noise.map {
            level = 0.995 * level + 0.05 * $0
            return level
        }
    }
}

/// SplitMix64. Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
