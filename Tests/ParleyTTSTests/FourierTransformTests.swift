import Foundation
import ParleyTTS
import Testing

@Suite("Fourier transform")
struct FourierTransformTests {
    /// Different signals in the four lanes.
    private static func signal(_ length: Int) -> [Lanes] {
        (0..<length).map { index in
            let x = Double(index)
            return Lanes(
                Float(sin(0.3 * x) + 0.2), Float(cos(x * x * 0.01)), index == 3 ? 1 : 0, Float(sin(12.9898 * x)))
        }
    }

    /// The definition, in double precision.
    private static func reference(_ signal: [Lanes], lane: Int, bin: Int) -> (Double, Double) {
        var sum = (0.0, 0.0)
        for (index, value) in signal.enumerated() {
            let angle = -2 * Double.pi * Double(index * bin % signal.count) / Double(signal.count)
            sum.0 += Double(value[lane]) * cos(angle)
            sum.1 += Double(value[lane]) * sin(angle)
        }
        return sum
    }

    @Test("spectra are those of the definition", arguments: [4, 20, 60, 150, 1_200])
    func forward(length: Int) {
        let signal = Self.signal(length)
        var spectrum = ComplexLanes(count: length / 2 + 1)
        var scratch = FourierScratch(length: length)
        FourierTransform(length: length).forward(signal, into: &spectrum, scratch: &scratch)
        var worst = 0.0
        for bin in 0...length / 2 {
            for lane in 0..<Lanes.scalarCount {
                let wanted = Self.reference(signal, lane: lane, bin: bin)
                worst = max(worst, abs(Double(spectrum.re[bin][lane]) - wanted.0))
                worst = max(worst, abs(Double(spectrum.im[bin][lane]) - wanted.1))
            }
        }
        #expect(worst < 2e-4)
    }

    @Test("the inverse gives the signal back", arguments: [4, 20, 60, 150, 1_200])
    func inverse(length: Int) {
        let signal = Self.signal(length)
        let transform = FourierTransform(length: length)
        var spectrum = ComplexLanes(count: length / 2 + 1)
        var scratch = FourierScratch(length: length)
        var result = [Lanes](repeating: .zero, count: length)
        transform.forward(signal, into: &spectrum, scratch: &scratch)
        transform.inverse(spectrum, into: &result, scratch: &scratch)
        let worst = zip(signal, result).map { before, after in
            (0..<4).map { abs(before[$0] - after[$0]) }.max() ?? 1
        }.max()
        #expect((worst ?? 1) < 2e-6)
    }
}

@Suite("Elementary functions on lanes")
struct LaneMathTests {
    private static func worst(
        _ values: [Float], _ function: (Lanes) -> Lanes, _ wanted: (Double) -> Double, relative: Bool
    ) -> Double {
        values.map { value in
            let right = wanted(Double(value))
            let error = abs(Double(function(Lanes(repeating: value))[0]) - right)
            return relative ? error / abs(right) : error
        }.max() ?? .infinity
    }

    private static let plain: [Float] = (-4_000...4_000).map { Float($0) * 0.01 + 0.003 }

    @Test("the exponential is right to seven digits")
    func exponential() {
        #expect(Self.worst(Self.plain, LaneMath.exp, { Foundation.exp($0) }, relative: true) < 3e-7)
    }

    @Test("the logarithm is right to seven digits from the smallest to the largest numbers")
    func logarithm() {
        let values = (-37...37).flatMap { power in
            [1.01, 1.4, 2.7, 5.5, 9.1].map { Float($0 * Foundation.pow(10, Double(power))) }
        }
        #expect(Self.worst(values, LaneMath.log, { Foundation.log($0) }, relative: true) < 3e-7)
        #expect(LaneMath.log(Lanes(repeating: 1))[0] == 0)
    }

    @Test("sine, cosine and hyperbolic tangent are right to six digits")
    func circle() {
        let turns: [Float] = (-3_000...3_000).map { Float($0) / 997 }
        #expect(
            Self.worst(turns, { LaneMath.circle($0).sine }, { sin(2 * .pi * $0) }, relative: false) < 2e-6)
        #expect(
            Self.worst(turns, { LaneMath.circle($0).cosine }, { cos(2 * .pi * $0) }, relative: false) < 2e-6)
        #expect(Self.worst(Self.plain, LaneMath.tanh, { Foundation.tanh($0) }, relative: false) < 3e-7)
    }

    @Test("floor is the largest integer not above")
    func floor() {
        for value in [-2.5, -2, -0.1, 0, 0.5, 0.999, 1, 182.9999] as [Float] {
            #expect(LaneMath.floor(Lanes(repeating: value))[2] == value.rounded(.down))
        }
    }
}
