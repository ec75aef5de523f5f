#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Discrete Fourier transform of real signals of one even length, four signals at once, one in each lane.
///
/// A complex transform of half the length by the Stockham scheme with radices 4, 2, 3 and 5 (Cooley and Tukey 1965;
/// self-sorting form: Swarztrauber 1982), then the halves are told apart.
package struct FourierTransform: Sendable {
    private struct Stage: Sendable {
        let radix: Int
        /// Length of the transforms before this stage divided by the radix.
        let groups: Int
        let stride: Int
        /// Factors of outputs 1..<radix for each group.
        let cosines: [Float]
        let sines: [Float]
    }

    /// Samples of a signal.
    package let length: Int
    private let half: Int
    private let stages: [Stage]
    private let cosines: [Float]
    private let sines: [Float]

    /// - Parameter length: even; half of it has no prime factor above 5.
    package init(length: Int) {
        precondition(length >= 4 && length % 2 == 0, "a transform has an even length of at least 4")
        self.length = length
        half = length / 2
        let turn = 2 * Double.pi / Double(length)
        cosines = (0...half).map { Float(cos(turn * Double($0))) }
        sines = (0...half).map { Float(sin(turn * Double($0))) }
        var stages: [Stage] = []
        var rest = half
        var stride = 1
        for radix in [4, 2, 3, 5] {
            while rest % radix == 0 {
                stages.append(Self.stage(radix: radix, length: rest, stride: stride))
                rest /= radix
                stride *= radix
            }
        }
        precondition(rest == 1, "half the length of a transform has no prime factor above 5")
        self.stages = stages
    }

    private static func stage(radix: Int, length: Int, stride: Int) -> Stage {
        let groups = length / radix
        var cosines: [Float] = []
        var sines: [Float] = []
        for group in 0..<groups {
            for output in 1..<radix {
                let angle = -2 * Double.pi * Double(group * output) / Double(length)
                cosines.append(Float(cos(angle)))
                sines.append(Float(sin(angle)))
            }
        }
        return Stage(radix: radix, groups: groups, stride: stride, cosines: cosines, sines: sines)
    }

    /// Signal to spectrum.
    /// - Parameters:
    ///   - signal: `length` samples.
    ///   - spectrum: receives bins 0...length/2, not normalised.
    package func forward(_ signal: [Lanes], into spectrum: inout ComplexLanes, scratch: inout FourierScratch) {
        for index in 0..<half {
            scratch.a.re[index] = signal[2 * index]
            scratch.a.im[index] = signal[2 * index + 1]
        }
        transform(&scratch)
        for bin in 0...half {
            let low = bin == half ? 0 : bin
            let high = bin == 0 ? 0 : half - bin
            let sumRe = (scratch.a.re[low] + scratch.a.re[high]) * 0.5
            let sumIm = (scratch.a.im[low] - scratch.a.im[high]) * 0.5
            let oddRe = (scratch.a.im[low] + scratch.a.im[high]) * 0.5
            let oddIm = (scratch.a.re[high] - scratch.a.re[low]) * 0.5
            spectrum.re[bin] = sumRe + oddRe * cosines[bin] + oddIm * sines[bin]
            spectrum.im[bin] = sumIm + oddIm * cosines[bin] - oddRe * sines[bin]
        }
    }

    /// Spectrum to signal, with the factor 1/length; imaginary parts of the first and last bin do not count.
    package func inverse(_ spectrum: ComplexLanes, into signal: inout [Lanes], scratch: inout FourierScratch) {
        let scale = 1 / Float(length)
        for bin in 0..<half {
            let mirror = half - bin
            let endIm: Float = bin == 0 ? 0 : 1
            let aRe = spectrum.re[bin] * scale
            let aIm = spectrum.im[bin] * (scale * endIm)
            let bRe = spectrum.re[mirror] * scale
            let bIm = spectrum.im[mirror] * (scale * endIm)
            let differenceRe = aRe - bRe
            let differenceIm = aIm + bIm
            let oddRe = differenceRe * cosines[bin] - differenceIm * sines[bin]
            let oddIm = differenceRe * sines[bin] + differenceIm * cosines[bin]
            // Real and imaginary parts change places: that makes the forward transform the inverse one.
            scratch.a.im[bin] = aRe + bRe - oddIm
            scratch.a.re[bin] = aIm - bIm + oddRe
        }
        transform(&scratch)
        for index in 0..<half {
            signal[2 * index] = scratch.a.im[index]
            signal[2 * index + 1] = scratch.a.re[index]
        }
    }

    /// Complex transform of `scratch.a` in place.
    private func transform(_ scratch: inout FourierScratch) {
        for stage in stages {
            switch stage.radix {
            case 2: Self.radix2(stage, scratch.a, &scratch.b)
            case 3: Self.radix3(stage, scratch.a, &scratch.b)
            case 4: Self.radix4(stage, scratch.a, &scratch.b)
            default: Self.radix5(stage, scratch.a, &scratch.b)
            }
            swap(&scratch.a, &scratch.b)
        }
    }
}

/// Complex numbers, four signals each.
package struct ComplexLanes: Sendable {
    package var re: [Lanes]
    package var im: [Lanes]

    package init(count: Int) {
        re = [Lanes](repeating: .zero, count: count)
        im = re
    }
}

/// Working memory of a transform.
package struct FourierScratch: Sendable {
    fileprivate var a: ComplexLanes
    fileprivate var b: ComplexLanes

    package init(length: Int) {
        a = ComplexLanes(count: length / 2)
        b = a
    }
}

// MARK: - Stages

extension FourierTransform {
    private typealias Complex = (re: Lanes, im: Lanes)

    @inline(__always)
    private static func load(_ x: ComplexLanes, _ index: Int) -> Complex { (x.re[index], x.im[index]) }

    @inline(__always)
    private static func plus(_ a: Complex, _ b: Complex) -> Complex { (a.re + b.re, a.im + b.im) }

    @inline(__always)
    private static func minus(_ a: Complex, _ b: Complex) -> Complex { (a.re - b.re, a.im - b.im) }

    @inline(__always)
    private static func store(_ value: Complex, _ factor: Int, _ stage: Stage, _ y: inout ComplexLanes, _ index: Int) {
        let c = stage.cosines[factor]
        let s = stage.sines[factor]
        y.re[index] = value.re * c - value.im * s
        y.im[index] = value.re * s + value.im * c
    }

    private static func radix2(_ stage: Stage, _ x: ComplexLanes, _ y: inout ComplexLanes) {
        let step = stage.stride * stage.groups
        for group in 0..<stage.groups {
            for q in 0..<stage.stride {
                let from = q + stage.stride * group
                let to = q + stage.stride * 2 * group
                let a = load(x, from)
                let b = load(x, from + step)
                (y.re[to], y.im[to]) = plus(a, b)
                store(minus(a, b), group, stage, &y, to + stage.stride)
            }
        }
    }

    private static func radix3(_ stage: Stage, _ x: ComplexLanes, _ y: inout ComplexLanes) {
        let step = stage.stride * stage.groups
        let height: Float = 0.866_025_4
        for group in 0..<stage.groups {
            for q in 0..<stage.stride {
                let from = q + stage.stride * group
                let to = q + stage.stride * 3 * group
                let a = load(x, from)
                let b = load(x, from + step)
                let c = load(x, from + 2 * step)
                let sum = plus(b, c)
                let difference = minus(b, c)
                let base = (re: a.re - sum.re * 0.5, im: a.im - sum.im * 0.5)
                let side = (re: difference.im * height, im: -difference.re * height)
                (y.re[to], y.im[to]) = plus(a, sum)
                store(plus(base, side), 2 * group, stage, &y, to + stage.stride)
                store(minus(base, side), 2 * group + 1, stage, &y, to + 2 * stage.stride)
            }
        }
    }

    private static func radix4(_ stage: Stage, _ x: ComplexLanes, _ y: inout ComplexLanes) {
        let step = stage.stride * stage.groups
        for group in 0..<stage.groups {
            for q in 0..<stage.stride {
                let from = q + stage.stride * group
                let to = q + stage.stride * 4 * group
                let a = load(x, from)
                let b = load(x, from + step)
                let c = load(x, from + 2 * step)
                let d = load(x, from + 3 * step)
                let evenSum = plus(a, c)
                let evenDifference = minus(a, c)
                let oddSum = plus(b, d)
                let odd = minus(b, d)
                let oddTurned = (re: odd.im, im: -odd.re)
                (y.re[to], y.im[to]) = plus(evenSum, oddSum)
                store(plus(evenDifference, oddTurned), 3 * group, stage, &y, to + stage.stride)
                store(minus(evenSum, oddSum), 3 * group + 1, stage, &y, to + 2 * stage.stride)
                store(minus(evenDifference, oddTurned), 3 * group + 2, stage, &y, to + 3 * stage.stride)
            }
        }
    }

    private static func radix5(_ stage: Stage, _ x: ComplexLanes, _ y: inout ComplexLanes) {
        let step = stage.stride * stage.groups
        // Cosines and sines of one and two fifths of a turn.
        let (c1, c2): (Float, Float) = (0.309_017, -0.809_017)
        let (s1, s2): (Float, Float) = (0.951_056_5, 0.587_785_25)
        for group in 0..<stage.groups {
            for q in 0..<stage.stride {
                let from = q + stage.stride * group
                let to = q + stage.stride * 5 * group
                let a = load(x, from)
                let b = load(x, from + step)
                let c = load(x, from + 2 * step)
                let d = load(x, from + 3 * step)
                let e = load(x, from + 4 * step)
                let be = plus(b, e)
                let cd = plus(c, d)
                let bMinusE = minus(b, e)
                let cMinusD = minus(c, d)
                let near = (re: a.re + be.re * c1 + cd.re * c2, im: a.im + be.im * c1 + cd.im * c2)
                let far = (re: a.re + be.re * c2 + cd.re * c1, im: a.im + be.im * c2 + cd.im * c1)
                let nearSide = (
                    re: bMinusE.im * s1 + cMinusD.im * s2, im: -(bMinusE.re * s1 + cMinusD.re * s2)
                )
                let farSide = (
                    re: bMinusE.im * s2 - cMinusD.im * s1, im: cMinusD.re * s1 - bMinusE.re * s2
                )
                (y.re[to], y.im[to]) = plus(a, plus(be, cd))
                store(plus(near, nearSide), 4 * group, stage, &y, to + stage.stride)
                store(plus(far, farSide), 4 * group + 1, stage, &y, to + 2 * stage.stride)
                store(minus(far, farSide), 4 * group + 2, stage, &y, to + 3 * stage.stride)
                store(minus(near, nearSide), 4 * group + 3, stage, &y, to + 4 * stage.stride)
            }
        }
    }
}
