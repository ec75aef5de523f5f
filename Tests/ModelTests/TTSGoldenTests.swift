import Foundation
import ParleyTTS
import Testing

@Suite("The voice heart against its reference", .serialized)
struct TTSGoldenTests {
    private static func golden(_ name: String) throws -> Data {
        let file = try #require(Bundle.module.url(forResource: "Goldens/" + name, withExtension: nil))
        return try Data(contentsOf: file)
    }

    @Test("at least 99 of 100 words have the phonemes of the reference")
    func phonemes() throws {
        let model = try TTSBundle.open()
        var words = 0
        var different: [String] = []
        for line in String(decoding: try Self.golden("heart-phonemes.tsv"), as: UTF8.self).split(separator: "\n") {
            let columns = line.split(separator: "\t").map(String.init)
            let wanted = columns[1].split(separator: " ")
            let spoken = try model.phonemes(of: columns[0]).split(separator: " ")
            let changes = wanted.difference(from: spoken)
            words += wanted.count
            different += changes.compactMap {
                if case .insert(_, let word, _) = $0 { "\(columns[0]): \(word)" } else { nil }
            }
        }
        #expect(words > 1_500)
        #expect(Double(different.count) <= Double(words) * 0.01, "\(different)")
    }

    @Test("the waveform differs by less than 0.001 with the same phonemes and noise")
    func waveform() throws {
        let data = try Self.golden("heart-waveform.pcm")
        let wanted = stride(from: 0, to: data.count, by: 2).map { index in
            Float(Int16(bitPattern: UInt16(data[index]) | UInt16(data[index + 1]) << 8)) / 32_767
        }
        let samples = try TTSBundle.open().waveform(phonemes: "həlˈO ðˈɛɹ, ɡˈʊd mˈɔɹnɪŋ.", noise: FormulaNoise())
        try #require(samples.count > 7_200 + wanted.count)
        let worst = zip(samples[7_200...], wanted).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-3)
    }

    /// The noise of `voice_goldens.py`.
    private struct FormulaNoise: NoiseSource {
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
}
