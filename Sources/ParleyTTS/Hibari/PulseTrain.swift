/// The voice's excitation: every harmonic of the pitch below 11 kHz at unit amplitude, made as far as it is needed.
///
/// The sum of H cosines is sin((H + 1/2) t) / (2 sin(t / 2)) - 1/2. Samples are 24 kHz; they stand after and before
/// a reflection of half a transform, as centred frames at the ends need it.
struct PulseTrain {
    private static let rate = 24_000.0
    private static let highest: Float = 11_000
    /// Below this pitch a frame is unvoiced and silent.
    private static let lowestPitch: Float = 40

    let hop: Int
    /// Samples before the first and after the last.
    let margin: Int
    private let pitch: [Float]
    /// Margin, then the samples made so far; the margin is right once enough samples are made.
    private(set) var padded: [Float]
    private var phase = 0.0

    /// - Parameter pitch: Hz, one value a frame.
    init(pitch: [Float], hop: Int, margin: Int) {
        self.pitch = pitch
        self.hop = hop
        self.margin = margin
        padded = [Float](repeating: 0, count: margin)
        padded.reserveCapacity(pitch.count * hop + 2 * margin)
    }

    private var made: Int { padded.count - margin }

    /// Makes `padded` valid up to an index, which counts from the start of the leading margin.
    mutating func extend(to end: Int) {
        let total = pitch.count * hop
        // The leading margin mirrors what follows it.
        let needed = min(total, max(end - margin, margin + 1))
        let before = made
        while made < needed { appendHop() }
        if before < margin + 1 { mirrorStart() }
        if made == total, end > padded.count { mirrorEnd(to: end) }
    }

    private mutating func mirrorStart() {
        for index in 0..<margin where margin - index < made { padded[index] = padded[2 * margin - index] }
    }

    private mutating func mirrorEnd(to end: Int) {
        let last = margin + pitch.count * hop - 1
        while padded.count < end { padded.append(padded[max(0, 2 * last - padded.count)]) }
    }

    /// One frame of samples; the pitch runs in straight lines between the middles of the frames.
    private mutating func appendHop() {
        let frame = made / hop
        let here = pitch[frame]
        let before = pitch[max(0, frame - 1)]
        let after = pitch[min(pitch.count - 1, frame + 1)]
        for start in stride(from: 0, to: hop, by: Lanes.scalarCount) {
            var f = Lanes()
            for lane in 0..<Lanes.scalarCount {
                let place = (Float(start + lane) + 0.5) / Float(hop) - 0.5
                f[lane] = place < 0 ? here + (before - here) * -place : here + (after - here) * place
            }
            let values = samples(f)
            for lane in 0..<Lanes.scalarCount { padded.append(values[lane]) }
        }
    }

    private mutating func samples(_ pitch: Lanes) -> Lanes {
        let f = LaneMath.maximum(pitch, Self.lowestPitch)
        let order = LaneMath.floor(Self.highest / f) + 0.5
        var turns = Lanes()
        var high = Lanes()
        for lane in 0..<Lanes.scalarCount {
            phase += Double(f[lane]) / Self.rate
            if phase >= 1 { phase -= 1 }
            turns[lane] = Float(phase)
            // In double precision, because the order multiplies the error of the phase.
            let product = Double(order[lane]) * phase
            high[lane] = Float(product - product.rounded(.down))
        }
        let divisor = LaneMath.circle(turns * 0.5).sine * 2
        let isPeak = divisor .< Lanes(repeating: 2e-3) .& divisor .> Lanes(repeating: -2e-3)
        let ratio = LaneMath.circle(high).sine / divisor.replacing(with: 1, where: isPeak)
        let sum = ratio.replacing(with: order, where: isPeak) - 0.5
        return sum.replacing(with: 0, where: pitch .<= Lanes(repeating: Self.lowestPitch))
    }
}
