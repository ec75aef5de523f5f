#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What the voice network predicts for each frame of 12.5 ms; each part has 601 bins.
package struct VoiceFrames {
    package let count: Int
    /// Hz, one value a frame; below 40 the frame is unvoiced.
    package let pitch: [Float]

    package init(pitch: [Float]) {
        count = pitch.count
        self.pitch = pitch
    }
}

/// The five parts of the spectrum of four frames.
package struct SpectrumBlock {
    package var harmonic: [Lanes]
    package var rotation: [Lanes]
    package var noise: [Lanes]
    package var free: [Lanes]
    package var phase: [Lanes]

    package init(bins: Int) {
        harmonic = [Lanes](repeating: .zero, count: bins)
        rotation = harmonic
        noise = harmonic
        free = harmonic
        phase = harmonic
    }
}

/// Turns predicted spectra into samples, four frames at a time:
/// S = exp(harmonic) e^{i pi tanh(rotation)} STFT(pulses) + exp(noise) Z + exp(free) e^{i phase}, then the inverse STFT.
///
/// Transform 1200, hop 300, periodic Hann window, 24 kHz, centred frames. The samples do not depend on how many blocks
/// are asked for at once.
package struct Vocoder<Noise: NoiseSource> {
    package static var length: Int { 1_200 }
    package static var hop: Int { 300 }
    package static var bins: Int { 601 }
    /// Exponents above this are taken as this.
    private static var loudest: Float { 7 }

    private let frames: VoiceFrames
    private let noise: Noise
    private let transform: FourierTransform
    private let window: [Float]
    private var pulses: PulseTrain
    private var scratch: FourierScratch
    private var spectrum: ComplexLanes
    private var signal: [Lanes]
    /// Sum of windowed frames from the start of the next block on.
    private var overlap: [Float]
    package private(set) var nextFrame = 0

    package init(frames: VoiceFrames, noise: Noise, transform: FourierTransform) {
        self.frames = frames
        self.noise = noise
        self.transform = transform
        window = (0..<Self.length).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(Self.length))) }
        pulses = PulseTrain(pitch: frames.pitch, hop: Self.hop, margin: Self.length / 2)
        scratch = FourierScratch(length: Self.length)
        spectrum = ComplexLanes(count: Self.bins)
        signal = [Lanes](repeating: .zero, count: Self.length)
        overlap = [Float](repeating: 0, count: Self.length + (Lanes.scalarCount - 1) * Self.hop)
    }

    package var isComplete: Bool { nextFrame >= frames.count }

    /// Synthesises four frames and gives the samples that no later frame changes; the last call gives the rest.
    package mutating func step(_ block: SpectrumBlock) -> [Float] {
        let first = nextFrame
        let count = min(Lanes.scalarCount, frames.count - first)
        guard count > 0 else { return [] }
        excite(first)
        combine(block, first)
        transform.inverse(spectrum, into: &signal, scratch: &scratch)
        add(count)
        nextFrame += count
        return take(from: first, hops: isComplete ? count + 3 : count)
    }

    /// The spectrum of the pulses under the window, scaled so that a cosine of amplitude 1 peaks at 1.
    private mutating func excite(_ first: Int) {
        let start = first * Self.hop
        pulses.extend(to: start + (Lanes.scalarCount - 1) * Self.hop + Self.length)
        let scale = 4 / Float(Self.length)
        let hop = Self.hop
        for index in 0..<Self.length {
            let at = start + index
            let values = Lanes(
                pulses.padded[at], pulses.padded[at + hop], pulses.padded[at + 2 * hop], pulses.padded[at + 3 * hop])
            signal[index] = values * (window[index] * scale)
        }
        transform.forward(signal, into: &spectrum, scratch: &scratch)
    }

    private mutating func combine(_ block: SpectrumBlock, _ first: Int) {
        let cap = Self.loudest
        for bin in 0..<Self.bins {
            let turn = LaneMath.circle(LaneMath.tanh(block.rotation[bin]) * 0.5)
            let voiced = LaneMath.exp(LaneMath.minimum(block.harmonic[bin], cap))
            let re = spectrum.re[bin] * turn.cosine - spectrum.im[bin] * turn.sine
            let im = spectrum.re[bin] * turn.sine + spectrum.im[bin] * turn.cosine
            let breath = LaneMath.exp(LaneMath.minimum(block.noise[bin], cap))
            let z = noise.values(bin: bin, frame: first)
            let free = LaneMath.exp(LaneMath.minimum(block.free[bin], cap))
            let own = LaneMath.circle(block.phase[bin] * (0.5 / Float.pi))
            spectrum.re[bin] = re * voiced + z.re * breath + own.cosine * free
            spectrum.im[bin] = im * voiced + z.im * breath + own.sine * free
        }
    }

    private mutating func add(_ count: Int) {
        for index in 0..<Self.length {
            let values = signal[index] * window[index]
            for lane in 0..<count { overlap[lane * Self.hop + index] += values[lane] }
        }
    }

    /// Takes finished hops out of the overlap. Hop 0 of the clause begins half a transform before its first sample.
    private mutating func take(from first: Int, hops: Int) -> [Float] {
        var samples: [Float] = []
        samples.reserveCapacity(hops * Self.hop)
        let lead = Self.length / 2 / Self.hop
        for hop in first..<first + hops where hop >= lead && hop < frames.count + lead {
            let isInside = hop >= 3 && hop < frames.count
            for offset in 0..<Self.hop {
                let weight = isInside ? 1.5 : edgeWeight(hop: hop, offset: offset)
                samples.append(overlap[(hop - first) * Self.hop + offset] / max(weight, 1e-11))
            }
        }
        let shift = Lanes.scalarCount * Self.hop
        for index in overlap.indices {
            overlap[index] = index + shift < overlap.count ? overlap[index + shift] : 0
        }
        return samples
    }

    /// Sum of the squared windows of the frames that reach a sample near the ends; 1.5 elsewhere.
    private func edgeWeight(hop: Int, offset: Int) -> Float {
        (0...3).reduce(0) { sum, part in
            let frame = hop - part
            guard frame >= 0, frame < frames.count else { return sum }
            let value = window[part * Self.hop + offset]
            return sum + value * value
        }
    }
}
