internal import Foundation

/// Scores of the next token: the likeliest, and probabilities. All passes work on 16 numbers at a time.
struct Logits {
    private let values: UnsafeMutableBufferPointer<Float>

    /// - Parameter values: raw scores; must outlive this value.
    init(_ values: UnsafeMutableBufferPointer<Float>) { self.values = values }

    private typealias Lanes = SIMD16<Float>

    /// Makes tokens impossible.
    func suppress(_ tokens: [Int]) {
        for token in tokens where values.indices.contains(token) { values[token] = -.infinity }
    }

    /// The likeliest token below `count`, the first of equals.
    /// - Returns: `nil` when no score is a number above minus infinity.
    func best(below count: Int) -> Int? {
        let top = maximum(below: count)
        return top > -.infinity ? firstIndex(of: top, below: count) : nil
    }

    /// The likeliest of some tokens.
    func best(among tokens: some Sequence<Int>) -> Int? {
        tokens.filter { values.indices.contains($0) && !values[$0].isNaN }.max { values[$0] < values[$1] }
    }

    /// Natural logarithm of the probability of a token among those below `count`.
    func logProbability(of token: Int, below count: Int) -> Float {
        let top = maximum(below: count)
        return values[token] - top - log(sumOfExponentials(below: count, minus: top))
    }

    private func maximum(below count: Int) -> Float {
        let count = min(count, values.count)
        var lanes = Lanes(repeating: -.infinity)
        var index = 0
        while index + Lanes.scalarCount <= count {
            lanes = pointwiseMax(lanes, load(index))
            index += Lanes.scalarCount
        }
        var result = lanes.max()
        while index < count {
            result = Swift.max(result, values[index])
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
    /// 2^(n + f) with whole n and f in -0.5...0.5: the exponent bits carry n, a Taylor polynomial of degree 6 gives 2^f.
    static func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
        let scaled = pointwiseMax(x * 1.442_695_04, SIMD16(repeating: -126))
        // Adding 1.5 * 2^23 leaves the whole part in the low bits of the significand.
        let shifter = SIMD16<Float>(repeating: 12_582_912)
        let shifted = scaled + shifter
        let f = (scaled - (shifted - shifter)) * 0.693_147_18
        var sum = SIMD16<Float>(repeating: 1.0 / 720)
        for factor: Float in [1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1] { sum = sum * f + factor }
        let whole = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- unsafeBitCast(shifter, to: SIMD16<Int32>.self)
        return sum * unsafeBitCast((whole &+ 127) &<< 23, to: SIMD16<Float>.self)
    }
}
