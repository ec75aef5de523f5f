import Foundation
import ParleyTTS
import Testing

@Suite("Vocoder")
struct VocoderTests {
    /// The formulas of `voice_goldens.py`.
    struct FormulaNoise: NoiseSource {
        func values(bin: Int, frame: Int) -> (re: Lanes, im: Lanes) {
            var re = Lanes()
            var im = Lanes()
            for lane in 0..<Lanes.scalarCount {
                let (k, f) = (Double(bin), Double(frame + lane))
                re[lane] = Float(1.2 * sin(12.9898 * k + 78.233 * f))
                im[lane] = Float(1.2 * cos(39.346 * k + 11.135 * f))
            }
            return (re, im)
        }
    }

    static func block(_ frame: Int) -> SpectrumBlock {
        var block = SpectrumBlock(bins: 601)
        for bin in 0..<601 {
            for lane in 0..<Lanes.scalarCount {
                let (k, f) = (Double(bin), Double(frame + lane))
                block.harmonic[bin][lane] = Float(1.5 - 0.004 * k + 0.5 * sin(0.37 * f + 0.011 * k))
                block.rotation[bin][lane] = Float(sin(0.05 * k + 0.9 * f))
                block.noise[bin][lane] = Float(-5 + cos(0.02 * k - f))
                block.free[bin][lane] = Float(-6 + sin(0.03 * k + f))
                block.phase[bin][lane] = Float(3 * sin(0.013 * k * f + 1))
            }
        }
        return block
    }

    static func pitch(_ count: Int) -> [Float] {
        (0..<count).map { $0 == 5 || $0 == 6 ? 0 : Float(120 + 60 * sin(0.4 * Double($0))) }
    }

    static func samples(_ pitch: [Float], noise: some NoiseSource) -> [[Float]] {
        var vocoder = Vocoder(
            frames: VoiceFrames(pitch: pitch), noise: noise, transform: FourierTransform(length: 1_200))
        var pieces: [[Float]] = []
        while !vocoder.isComplete { pieces.append(vocoder.step(block(vocoder.nextFrame))) }
        return pieces
    }

    @Test("samples differ by less than 0.001 from those of the reference with the same noise")
    func golden() throws {
        let data = try #require(Data(base64Encoded: VocoderGolden.base64))
        let wanted = stride(from: 0, to: data.count, by: 2).map { index in
            Float(Int16(bitPattern: UInt16(data[index]) | UInt16(data[index + 1]) << 8)) / 32_767
        }
        let samples = Self.samples(Self.pitch(12), noise: FormulaNoise()).flatMap { $0 }
        try #require(samples.count == wanted.count)
        let worst = zip(samples, wanted).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-3)
        let loudest = wanted.map(abs).max() ?? 0
        #expect(loudest > 0.1)
    }

    @Test("every number of frames gives 300 samples a frame", arguments: 1...13)
    func length(frames: Int) {
        let pieces = Self.samples(Self.pitch(frames), noise: SeededNoise(seed: 1, clause: 1))
        let samples = pieces.flatMap { $0 }
        #expect(samples.count == frames * 300)
        #expect(samples.filter { !$0.isFinite }.isEmpty)
    }

    @Test("the first samples come with the first four frames")
    func firstSamples() {
        let pieces = Self.samples(Self.pitch(40), noise: SeededNoise(seed: 1, clause: 1))
        #expect(pieces.first?.count == 600)
    }

    @Test("what sounds now does not depend on what comes much later")
    func streaming() {
        let whole = Self.samples(Self.pitch(40), noise: SeededNoise(seed: 9, clause: 2)).flatMap { $0 }
        let start = Self.samples(Array(Self.pitch(40)[..<24]), noise: SeededNoise(seed: 9, clause: 2)).flatMap { $0 }
        // The last half transform and the line to the next pitch differ.
        #expect(Array(whole[..<(20 * 300)]) == Array(start[..<(20 * 300)]))
    }
}

@Suite("Noise")
struct NoiseTests {
    @Test("noise is normal and independent of the order it is asked in")
    func statistics() {
        let noise = SeededNoise(seed: 42, clause: 3)
        var sum = 0.0
        var squares = 0.0
        var fourth = 0.0
        var cross = 0.0
        var count = 0.0
        for frame in stride(from: 0, to: 200, by: 4) {
            for bin in 0..<601 {
                let z = noise.values(bin: bin, frame: frame)
                for lane in 0..<4 {
                    for value in [Double(z.re[lane]), Double(z.im[lane])] {
                        sum += value
                        squares += value * value
                        fourth += value * value * value * value
                    }
                    cross += Double(z.re[lane] * z.im[lane])
                    count += 2
                }
            }
        }
        #expect(abs(sum / count) < 0.01)
        #expect(abs(squares / count - 1) < 0.02)
        #expect(abs(fourth / count - 3) < 0.15)
        #expect(abs(cross / count) < 0.01)
        #expect(noise.values(bin: 7, frame: 5).re[0] == noise.values(bin: 7, frame: 4).re[1])
    }

    @Test("seeds and clauses have noise of their own")
    func seeds() {
        let first = SeededNoise(seed: 1, clause: 1).values(bin: 10, frame: 8).re
        #expect(first == SeededNoise(seed: 1, clause: 1).values(bin: 10, frame: 8).re)
        #expect(first != SeededNoise(seed: 2, clause: 1).values(bin: 10, frame: 8).re)
        #expect(first != SeededNoise(seed: 1, clause: 2).values(bin: 10, frame: 8).re)
    }
}
