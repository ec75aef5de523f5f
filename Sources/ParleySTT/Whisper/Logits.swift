internal import Foundation

/// Scores of the next token: the likeliest, and probabilities. All passes work on 16 numbers at a time.
package struct Logits {
    private let values: UnsafeMutableBufferPointer<Float>

    /// - Parameter values: raw scores; must outlive this value.
    package init(_ values: UnsafeMutableBufferPointer<Float>) { self.values = values }

    private typealias Lanes = SIMD16<Float>

    /// Makes tokens impossible.
    package func suppress(_ tokens: [Int]) {
        for token in tokens where values.indices.contains(token) { values[token] = -.infinity }
    }

    /// The likeliest token below `count`, the first of equals.
    /// - Returns: `nil` when no score is a number above minus infinity.
    package func best(below count: Int) -> Int? {
        let top = maximum(below: count)
        return top > -.infinity ? firstIndex(of: top, below: count) : nil
    }

    /// The likeliest of some tokens.
    package func best(among tokens: some Sequence<Int>) -> Int? {
        tokens.filter { values.indices.contains($0) && !values[$0].isNaN }.max { values[$0] < values[$1] }
    }

    /// Probability of a token among some, itself included: 0...1.
    package func probability(of token: Int, among tokens: some Sequence<Int>) -> Float {
        let sum = tokens.reduce(Float(0)) { $0 + exp(values[$1] - values[token]) }
        return sum > 0 ? 1 / sum : 0
    }

    /// Natural logarithm of the probability of a token among those below `count`.
    package func logProbability(of token: Int, below count: Int) -> Float {
        let top = maximum(below: count)
        return values[token] - top - log(sumOfExponentials(below: count, minus: top))
    }

    private func maximum(below count: Int) -> Float {
        let count = min(count, values.count)
        var lanes = Lanes(repeating: -.infinity)
        var index = 0
        while index + Lanes.scalarCount <= count {
            let next = load(index)
            // A comparison with what is not a number is false: such scores are passed over.
            lanes.replace(with: next, where: next .> lanes)
            index += Lanes.scalarCount
        }
        var result = lanes.max()
        while index < count {
            if values[index] > result { result = values[index] }
            index += 1
        }
        return result
    }

    private func firstIndex(of value: Float, below count: Int) -> Int? {
        let count = min(count, values.count)
        var index = 0
        while index + Lanes.scalarCount <= count {
            if any(load(index) .== value) { break }
            index += Lanes.scalarCount
        }
        return (index..<count).first { values[$0] == value }
    }

    private func sumOfExponentials(below count: Int, minus top: Float) -> Float {
        let count = min(count, values.count)
        var sum = Lanes.zero
        var index = 0
        while index + Lanes.scalarCount <= count {
            sum += Self.exponential(load(index) - top)
            index += Lanes.scalarCount
        }
        var result = sum.sum()
        while index < count {
            result += exp(values[index] - top)
            index += 1
        }
        return result
    }

    private func load(_ index: Int) -> Lanes {
        UnsafeRawBufferPointer(UnsafeBufferPointer(values)).loadUnaligned(fromByteOffset: index * 4, as: Lanes.self)
    }

    /// e to the power of each number, for numbers of at most 0; relative error below 1e-6.
    ///
    /// 2^n * e^f with whole n and f in -0.35...0.35: the exponent bits carry n, a Taylor polynomial of degree 6 gives e^f.
    /// ln 2 is taken off in two parts, so that f stays exact for large n (Cody and Waite, "Software Manual for the
    /// Elementary Functions", 1980).
    package static func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
        // Below this e^x is no longer a normal number: what is smaller counts as this, nothing beside a sum of 1 or more.
        var x = x
        x.replace(with: -87, where: x .< -87)
        // Adding 1.5 * 2^23 leaves the whole part in the low bits of the significand.
        let shifter = SIMD16<Float>(repeating: 12_582_912)
        let shifted = x * 1.442_695_04 + shifter
        let whole = shifted - shifter
        let f = x - whole * 0.693_359_375 + whole * 2.121_944_4e-4
        var sum = SIMD16<Float>(repeating: 1.0 / 720)
        for factor: Float in [1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1] { sum = sum * f + factor }
        let bits = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- unsafeBitCast(shifter, to: SIMD16<Int32>.self)
        return sum * unsafeBitCast((bits &+ 127) &<< 23, to: SIMD16<Float>.self)
    }
}
