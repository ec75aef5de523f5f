/// Complex noise of the voice: standard normal real and imaginary parts for each bin of each frame.
package protocol NoiseSource {
    /// - Parameters:
    ///   - bin: 0...600.
    ///   - frame: the first of four frames, counted from the start of the clause.
    func values(bin: Int, frame: Int) -> (re: Lanes, im: Lanes)
}

/// Noise computed from its place: the same seed, bin and frame give the same value in whatever order they are asked.
package struct SeededNoise: NoiseSource {
    private let low: UInt32
    private let high: UInt32
    private static let laneOffsets = IntegerLanes(0, 1, 2, 3)

    /// - Parameters:
    ///   - seed: chosen by the caller.
    ///   - clause: number of the clause, so that clauses do not share their noise.
    package init(seed: UInt64, clause: UInt64) {
        // SplitMix64 (Steele, Lea and Flood 2014) spreads neighbouring seeds.
        var state = seed &+ clause &* 0x9E37_79B9_7F4A_7C15 &+ 0x9E37_79B9_7F4A_7C15
        state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
        state ^= state >> 31
        low = UInt32(truncatingIfNeeded: state)
        high = UInt32(truncatingIfNeeded: state >> 32)
    }

    @inline(__always)
    package func values(bin: Int, frame: Int) -> (re: Lanes, im: Lanes) {
        let frames = Self.laneOffsets &+ UInt32(truncatingIfNeeded: frame)
        let place = (frames &* 0x9E37_79B1) &+ low
        let first = Self.mixed(place ^ (UInt32(truncatingIfNeeded: bin) &* 0x85EB_CA77))
        let second = Self.mixed(first &+ high)
        // Box and Muller 1958: a radius from (0, 1], an angle in turns from [0, 1).
        let radius = (LaneMath.log(2 - Self.fromOneToTwo(first)) * -2).squareRoot()
        let angle = LaneMath.circle(Self.fromOneToTwo(second) - 1)
        return (radius * angle.cosine, radius * angle.sine)
    }

    /// Hash of 32 bits, "lowbias32" of C. Wellons' search for integer hashes.
    @inline(__always)
    private static func mixed(_ value: IntegerLanes) -> IntegerLanes {
        var x = value
        x = (x ^ (x &>> 16)) &* 0x7FEB_352D
        x = (x ^ (x &>> 15)) &* 0x846C_A68B
        return x ^ (x &>> 16)
    }

    @inline(__always)
    private static func fromOneToTwo(_ value: IntegerLanes) -> Lanes {
        unsafeBitCast((value &>> 9) | 0x3F80_0000, to: Lanes.self)
    }
}
