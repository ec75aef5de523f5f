/// Four numbers that are worked on at once: one register on every 64-bit processor.
package typealias Lanes = SIMD4<Float>
package typealias IntegerLanes = SIMD4<UInt32>

/// Elementary functions on four numbers at once, to about 2e-7 relative or absolute.
/// Polynomials and reductions after the Cephes library's single-precision functions.
package enum LaneMath {
    /// Adding and subtracting 1.5 * 2^23 rounds a number below 2^22 to the nearest integer.
    private static let rounder: Float = 12_582_912

    @inline(__always)
    private static func bits(_ x: Lanes) -> IntegerLanes { unsafeBitCast(x, to: IntegerLanes.self) }

    @inline(__always)
    private static func number(_ x: IntegerLanes) -> Lanes { unsafeBitCast(x, to: Lanes.self) }

    /// All bits of the lanes where the comparison holds, none elsewhere.
    @inline(__always)
    private static func bits(_ mask: SIMDMask<SIMD4<Int32>>) -> IntegerLanes {
        unsafeBitCast(mask, to: IntegerLanes.self)
    }

    /// Takes `a` where the mask has its bits, `b` elsewhere. Written out because the library's form works lane by lane.
    @inline(__always)
    package static func select(_ mask: IntegerLanes, _ a: Lanes, _ b: Lanes) -> Lanes {
        number((bits(a) & mask) | (bits(b) & ~mask))
    }

    /// The smaller of each lane and a bound.
    @inline(__always)
    package static func minimum(_ x: Lanes, _ bound: Float) -> Lanes {
        let bounds = Lanes(repeating: bound)
        return select(bits(x .< bounds), x, bounds)
    }

    /// The larger of each lane and a bound.
    @inline(__always)
    package static func maximum(_ x: Lanes, _ bound: Float) -> Lanes {
        let bounds = Lanes(repeating: bound)
        return select(bits(x .> bounds), x, bounds)
    }

    /// Nearest integer; `x` in -2^22...2^22.
    @inline(__always)
    package static func rounded(_ x: Lanes) -> Lanes { (x + rounder) - rounder }

    /// Largest integer not above; `x` in -2^22...2^22.
    @inline(__always)
    package static func floor(_ x: Lanes) -> Lanes {
        let nearest = rounded(x)
        return nearest - number(bits(nearest .> x) & bits(Lanes(repeating: 1)))
    }

    /// e to the power of `x`, which is clamped to -87...87.
    @inline(__always)
    package static func exp(_ x: Lanes) -> Lanes {
        let clamped = maximum(minimum(x, 87), -87)
        let shifted = clamped * 1.442_695_04 + rounder
        let power = shifted - rounder
        // ln 2 in two parts, the first exact in few bits.
        let r = (clamped - power * 0.693_359_375) + power * 2.121_944_4e-4
        var p = r * 1.987_569_15e-4 + 1.398_199_95e-3
        p = p * r + 8.333_451_9e-3
        p = p * r + 4.166_579_6e-2
        p = p * r + 1.666_666_5e-1
        p = p * r + 0.5
        let mantissa = p * r * r + r + 1
        return number(bits(mantissa) &+ (bits(shifted) &<< 23))
    }

    @inline(__always)
    package static func tanh(_ x: Lanes) -> Lanes { 1 - 2 / (exp(x * 2) + 1) }

    /// Natural logarithm; `x` a normal number above 0.
    @inline(__always)
    package static func log(_ x: Lanes) -> Lanes {
        // Mantissa in 0.75..<1.5 so that the series is short.
        let biased = (bits(x) &- 0x3F40_0000 &+ 0x4000_0000) &>> 23
        let exponent = number(biased | 0x4B00_0000) - (8_388_608 + 128)
        let m = number(bits(x) &- (biased &<< 23) &+ 0x4000_0000) - 1
        let square = m * m
        var p = m * 7.037_683_6e-2 - 1.151_461_03e-1
        p = p * m + 1.167_699_87e-1
        p = p * m - 1.242_014_08e-1
        p = p * m + 1.424_932_28e-1
        p = p * m - 1.666_805_77e-1
        p = p * m + 2.000_071_48e-1
        p = p * m - 2.499_999_4e-1
        p = p * m + 3.333_333_12e-1
        let series = p * m * square - square * 0.5 + m
        return series + exponent * 0.693_147_18
    }

    /// Cosine and sine of an angle in turns (1 is a full circle), -2^20...2^20.
    @inline(__always)
    package static func circle(_ turns: Lanes) -> (cosine: Lanes, sine: Lanes) {
        let fraction = turns - rounded(turns)
        let shifted = fraction * 4 + rounder
        let quarters = bits(shifted)
        let x = (fraction - (shifted - rounder) * 0.25) * 6.283_185_5
        let square = x * x
        var s = square * -1.951_529_6e-4 + 8.332_161e-3
        s = s * square - 1.666_665_5e-1
        let sine = s * square * x + x
        var c = square * 2.443_315_7e-5 - 1.388_731_6e-3
        c = c * square + 4.166_664_6e-2
        let cosine = c * square * square - square * 0.5 + 1
        let isOdd = IntegerLanes.zero &- (quarters & 1)
        let swappedCosine = select(isOdd, sine, cosine)
        let swappedSine = select(isOdd, cosine, sine)
        // Quadrants 1 and 2 turn the sign of the cosine, 2 and 3 that of the sine.
        let cosineSign = ((quarters &+ 1) & 2) &<< 30
        let sineSign = (quarters & 2) &<< 30
        return (number(bits(swappedCosine) ^ cosineSign), number(bits(swappedSine) ^ sineSign))
    }
}
