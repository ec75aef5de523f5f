internal import OnnxRuntime
internal import ParleyAudio
internal import ParleyCore

/// One utterance while its samples are made: what the network said, the vocoder, and how much is out.
struct Rendering<Noise: NoiseSource> {
    /// Samples of a duration step: two hops.
    private static var samplesPerStep: Int { 600 }
    private static var rate: Int { 24_000 }
    /// Silence kept before the first sound: the onset of a plosive begins before its phoneme does.
    private static var lead: Int { 1_200 }
    /// A cut edge is faded over this many samples, 5 ms.
    private static var fade: Int { 120 }

    private let spectra: [OnnxTensor]
    private let frameCount: Int
    private var block = SpectrumBlock(bins: Vocoder<Noise>.bins)
    private var vocoder: Vocoder<Noise>
    /// Samples of the utterance that are given out.
    private let kept: Range<Int>
    private let isRaw: Bool
    private var made = 0
    /// Words with times in samples from the start of the utterance, in order.
    private var words: [(word: Int, samples: Range<Int>)]

    /// - Parameters:
    ///   - outputs: the tensors of `HeartModel.outputs`.
    ///   - speed: pauses shrink with it.
    ///   - isRaw: gives out every sample as the vocoder made it.
    /// - Throws: `TTSError` with code `.unexpectedOutput`.
    init(
        _ outputs: [OnnxTensor], of utterance: Utterance, noise: Noise, transform: FourierTransform, speed: Double,
        isRaw: Bool = false
    ) throws {
        let bins = Vocoder<Noise>.bins
        let pitch: [Float] = try outputs[5].elements()
        let steps: [Int64] = try outputs[6].elements()
        guard !pitch.isEmpty, outputs[..<5].allSatisfy({ $0.count == bins * pitch.count }),
            steps.count == utterance.symbols.count + 2
        else {
            throw TTSError(
                .unexpectedOutput,
                "The voice gave tensors of the shapes \(outputs.map(\.shape)) for \(utterance.symbols.count) phonemes, which "
                    + "do not fit together. Run `parley models verify`.")
        }
        spectra = Array(outputs[..<5])
        frameCount = pitch.count
        vocoder = Vocoder(frames: VoiceFrames(pitch: pitch), noise: noise, transform: transform)
        words = Self.times(of: utterance, steps: steps)
        let total = pitch.count * Vocoder<Noise>.hop
        kept = isRaw ? 0..<total : Self.kept(words, utterance, total: total, speed: speed)
        self.isRaw = isRaw
    }

    var isComplete: Bool { vocoder.isComplete }

    /// Samples that `run` will give in all.
    var length: Int { kept.count }

    /// Makes at least this many more samples, or what is left.
    mutating func run(_ count: Int) throws -> [Float] {
        var samples: [Float] = []
        while samples.count < count, !vocoder.isComplete {
            try load(vocoder.nextFrame)
            let fresh = vocoder.step(block)
            let overlap = kept.clamped(to: made..<made + fresh.count)
            for index in overlap {
                samples.append(isRaw ? fresh[index - made] : limited(fresh[index - made]) * gain(at: index))
            }
            made += fresh.count
        }
        return samples
    }

    /// Takes the words that begin before the samples made so far end.
    mutating func takeWords() -> [(word: Int, samples: Range<Int>)] {
        let ready = isComplete ? words.count : words.firstIndex { $0.samples.lowerBound >= made } ?? words.count
        let taken = words[..<ready].map { word in
            let start = max(0, word.samples.lowerBound - kept.lowerBound)
            return (word.word, start..<max(start, min(word.samples.upperBound - kept.lowerBound, kept.count)))
        }
        words.removeFirst(ready)
        return taken
    }

    private func gain(at index: Int) -> Float {
        let edge = min(index - kept.lowerBound + 1, kept.upperBound - index)
        return min(1, Float(edge) / Float(Self.fade))
    }

    /// Samples up to 0.9 stay as they are; above they bend towards 1 and never reach it.
    private func limited(_ sample: Float) -> Float {
        guard sample.isFinite else { return 0 }
        let size = abs(sample)
        guard size > 0.9 else { return sample }
        let excess = (size - 0.9) / 0.1
        return (0.9 + 0.0999 * excess / (1 + excess)) * (sample < 0 ? -1 : 1)
    }

    private mutating func load(_ frame: Int) throws {
        let count = frameCount
        try Self.load(spectra[0], count, frame, into: &block.harmonic)
        try Self.load(spectra[1], count, frame, into: &block.rotation)
        try Self.load(spectra[2], count, frame, into: &block.noise)
        try Self.load(spectra[3], count, frame, into: &block.free)
        try Self.load(spectra[4], count, frame, into: &block.phase)
    }

    private static func load(_ tensor: OnnxTensor, _ frames: Int, _ frame: Int, into lanes: inout [Lanes]) throws {
        let second = min(frame + 1, frames - 1)
        let third = min(frame + 2, frames - 1)
        let fourth = min(frame + 3, frames - 1)
        try tensor.withElements(of: Float.self) { values in
            for bin in lanes.indices {
                let row = bin * frames
                lanes[bin] = Lanes(
                    values[row + frame], values[row + second], values[row + third], values[row + fourth])
            }
        }
    }

    // MARK: Times

    /// When each word sounds, from its first to its last sounding phoneme.
    private static func times(of utterance: Utterance, steps: [Int64]) -> [(word: Int, samples: Range<Int>)] {
        var result: [(word: Int, samples: Range<Int>)] = []
        var position = Int(steps[0]) * samplesPerStep
        for (index, symbol) in zip(0..., utterance.symbols) {
            let end = position + Int(steps[index + 1]) * samplesPerStep
            if Utterance.sounds(symbol) {
                if let last = result.last, last.word == utterance.words[index] {
                    result[result.count - 1].samples = last.samples.lowerBound..<end
                } else {
                    result.append((utterance.words[index], position..<end))
                }
            }
            position = end
        }
        return result
    }

    /// Silence at the ends is cut to a short lead and a pause that suits the last mark.
    private static func kept(
        _ words: [(word: Int, samples: Range<Int>)], _ utterance: Utterance, total: Int, speed: Double
    ) -> Range<Int> {
        guard let first = words.first, let last = words.last else { return 0..<0 }
        let pause =
            switch utterance.symbols.last(where: { EnglishWord.pauses.contains($0) || Utterance.sounds($0) }) {
            case ".", "!", "?", "…": 0.3
            case ",", ";", ":", "—": 0.18
            default: 0.1
            }
        let end = last.samples.upperBound + Int(pause * Double(rate) / speed)
        return max(0, first.samples.lowerBound - lead)..<min(total, end)
    }
}
