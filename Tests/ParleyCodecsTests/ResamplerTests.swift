import Foundation
import ParleyAudio
import ParleyCodecs
import Testing

/// Seconds of a sine of amplitude 0.5.
private func sine(_ frequency: Double, rate: Int, seconds: Double = 1) -> AudioChunk {
    let count = Int(Double(rate) * seconds)
    let samples = (0..<count).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    return AudioChunk(samples: samples, sampleRate: rate)
}

/// Root mean square of the middle half, in decibels relative to a sine of amplitude 0.5.
private func level(_ audio: AudioChunk) -> Double {
    let middle = audio.samples[audio.samples.count / 4..<audio.samples.count * 3 / 4]
    let power = middle.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(middle.count)
    return 10 * log10(power / 0.125 + 1e-30)
}

@Suite("Resampler")
struct ResamplerTests {
    @Test(
        "a constant stays the same constant",
        arguments: [8_000, 11_025, 22_050, 24_000, 44_100, 48_000, 96_000, 384_000])
    func constant(rate: Int) throws {
        let audio = AudioChunk(samples: [Float](repeating: 0.5, count: rate), sampleRate: rate)
        let result = try Resampler.resample(audio, to: 16_000)
        let middle = result.samples[4_000..<12_000]
        #expect(middle.allSatisfy { abs($0 - 0.5) < 1e-4 })
    }

    @Test(
        "a tone within the pass band keeps its level to 0.1 dB",
        arguments: [
            (48_000, 1_000.0), (48_000, 6_800), (44_100, 300), (44_100, 6_800), (8_000, 3_300), (24_000, 6_800),
        ])
    func passBand(rate: Int, frequency: Double) throws {
        let result = try Resampler.resample(sine(frequency, rate: rate), to: 16_000)
        #expect(abs(level(result)) < 0.1)
    }

    @Test(
        "a tone above the new Nyquist frequency is at least 100 dB down", arguments: [8_500.0, 10_000, 15_000, 20_000])
    func aliases(frequency: Double) throws {
        for rate in [44_100, 48_000] {
            #expect(level(try Resampler.resample(sine(frequency, rate: rate), to: 16_000)) < -100)
        }
    }

    @Test("the phase is kept: a tone stays where it was")
    func phase() throws {
        let result = try Resampler.resample(sine(440, rate: 48_000), to: 16_000)
        let expected = sine(440, rate: 16_000)
        let worst =
            zip(result.samples, expected.samples).dropFirst(1_000).prefix(14_000).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-4)
    }

    @Test("pieces of any size give the same samples as the whole", arguments: 0..<UInt64(25))
    func chunked(seed: UInt64) throws {
        let rate = [8_000, 22_050, 44_100, 48_000, 96_000][Int(seed % 5)]
        let audio = sine(523, rate: rate, seconds: 0.7)
        let whole = try Resampler.resample(audio, to: 16_000).samples
        let resampler = try Resampler(from: rate, to: 16_000)
        var pieces: [Float] = []
        var rest = audio.samples[...]
        var state = seed &* 6_364_136_223_846_793_005 &+ 1
        while !rest.isEmpty {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let count = Int(state >> 33) % (seed < 10 ? 50 : 5_000) + 1
            pieces += try resampler.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        pieces += try resampler.finish()
        #expect(pieces.count == whole.count)
        #expect(zip(pieces, whole).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("the length is right within a sample", arguments: [1_000, 8_000, 11_025, 44_100, 48_000, 384_000])
    func length(rate: Int) throws {
        for count in [0, 1, 2, 159, 1_000, 48_001] {
            let audio = AudioChunk(samples: [Float](repeating: 0.1, count: count), sampleRate: rate)
            let result = try Resampler.resample(audio, to: 16_000)
            let exact = Double(count) * 16_000 / Double(rate)
            #expect(abs(Double(result.samples.count) - exact) <= 1)
        }
    }

    @Test("the same rate is left alone, an impossible one is refused")
    func edges() throws {
        let audio = AudioChunk(samples: [0.1, 0.2], sampleRate: 16_000)
        #expect(try Resampler.resample(audio, to: 16_000) == audio)
        let error = #expect(throws: AudioError.self) { try Resampler(from: 1, to: 16_000) }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message == "Cannot convert from 1 to 16000 Hz: rates from 1000 to 384000 Hz are possible.")
    }

    @Test("the library says which it is")
    func version() throws {
        #expect(try SoxrLibrary.shared().version.hasPrefix("libsoxr-0.1"))
    }
}

@Suite("Audio file")
struct AudioFileTests {
    @Test("a stereo file of 48 kHz is averaged, then resampled")
    func stereo() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString).wav")
        defer { try? FileManager.default.removeItem(at: url) }
        let tone = sine(440, rate: 48_000, seconds: 3)
        let left = tone.samples.map { Int16($0 * 32_767) }
        var bytes = Array("RIFF".utf8) + [255, 255, 255, 255] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0, 1, 0, 2, 0]
        bytes += [0x80, 0xBB, 0, 0, 0, 0xEE, 2, 0, 4, 0, 16, 0] + Array("data".utf8) + [255, 255, 255, 255]
        // The right channel is silent: the average is half as loud.
        for sample in left {
            bytes += [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8), 0, 0]
        }
        try Data(bytes).write(to: url)
        let audio = try AudioFile.load(url)
        #expect(audio.sampleRate == 16_000)
        #expect(abs(audio.samples.count - 48_000) <= 1)
        #expect(abs(level(audio) + 6.0206) < 0.05)
    }

    @Test("a file at the wanted rate is read as it is, without the resampler")
    func sameRate() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString).wav")
        defer { try? FileManager.default.removeItem(at: url) }
        let audio = AudioChunk(samples: (0..<200_000).map { Float($0 % 1_000) / 32_768 }, sampleRate: 16_000)
        try WAVWriter.write(audio, to: url)
        #expect(try AudioFile.load(url) == audio)
    }
}
