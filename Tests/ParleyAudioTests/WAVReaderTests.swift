import Foundation
import ParleyAudio
import Testing

private let ramp: [Int16] = [0, 1, -1, 16_384, -16_384, 32_767, -32_768]
private let rampSamples: [Float] = [0, 1 / 32_768, -1 / 32_768, 0.5, -0.5, 32_767 / 32_768, -1]

private func read(_ bytes: [UInt8], block: Int = 3) throws -> [Float] {
    let reader = try WAVReader(bytes: bytes, name: "a.wav")
    var samples: [Float] = []
    while true {
        let piece = try reader.read(block)
        if piece.isEmpty { return samples }
        samples += piece
    }
}

private func message(_ bytes: [UInt8], name: String = "a.wav") -> String {
    do {
        _ = try WAVReader(bytes: bytes, name: name)
        return "no error"
    } catch {
        return error.message
    }
}

@Suite("WAV reader")
struct WAVReaderTests {
    @Test("16-bit samples are read exactly, whatever the size of the blocks", arguments: [1, 2, 3, 7, 100])
    func pcm16(block: Int) throws {
        #expect(try read(WAVBytes(data: WAVBytes.pcm16(ramp)).bytes, block: block) == rampSamples)
    }

    @Test("float samples of 32 and 64 bits are read exactly, values above 1 too")
    func float() throws {
        let samples: [Float] = [0, 0.25, -1, 1.5, -7, .leastNonzeroMagnitude]
        #expect(try read(WAVBytes(tag: 3, bits: 32, data: WAVBytes.float32(samples)).bytes) == samples)
        let doubles = WAVBytes.float64([0, 0.25, -1, 1.5])
        #expect(try read(WAVBytes(tag: 3, bits: 64, data: doubles).bytes) == [0, 0.25, -1, 1.5])
    }

    @Test("channels are averaged", arguments: 1...64)
    func channels(count: Int) throws {
        let frames = (0..<5).map { frame in (0..<count).map { Int16(frame * 1_000 + $0 * 10) } }
        let bytes = WAVBytes(channels: count, data: WAVBytes.pcm16(frames.flatMap { $0 })).bytes
        let expected = frames.map { Float($0.reduce(0) { $0 + Int($1) }) / Float(count) / 32_768 }
        let samples = try read(bytes)
        #expect(samples.count == 5)
        #expect(zip(samples, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("every rate is reported as it stands", arguments: [1, 8_000, 11_025, 44_100, 48_000, 192_000, 384_000])
    func rates(rate: Int) throws {
        let reader = try WAVReader(bytes: WAVBytes(rate: rate, data: [1, 2]).bytes, name: "a.wav")
        #expect(reader.format == WAVFormat(encoding: .pcm16, channels: 1, sampleRate: rate))
    }

    @Test("chunks that are not needed are passed over, with and without padding")
    func unknownChunks() throws {
        var wav = WAVBytes(data: WAVBytes.pcm16(ramp))
        wav.chunksBefore = [
            ("bext", [1, 2, 3]), ("JUNK", [UInt8](repeating: 7, count: 130_001)), ("fact", [0, 0, 0, 0]),
        ]
        wav.chunksAfter = [("LIST", [1, 2, 3, 4, 5]), ("id3 ", [])]
        #expect(try read(wav.bytes) == rampSamples)
    }

    @Test("extensible files with PCM and float samples are read")
    func extensible() throws {
        var wav = WAVBytes(isExtensible: true, data: WAVBytes.pcm16(ramp))
        #expect(try read(wav.bytes) == rampSamples)
        wav = WAVBytes(tag: 3, bits: 32, isExtensible: true, data: WAVBytes.float32([0.5, -0.5]))
        #expect(try read(wav.bytes) == [0.5, -0.5])
    }

    @Test("descriptions of 14, 16, 18, 20, 40 and 60 bytes are read", arguments: [14, 16, 18, 20, 40, 60])
    func formatSizes(size: Int) throws {
        #expect(try read(WAVBytes(formatSize: size, data: WAVBytes.pcm16(ramp)).bytes) == rampSamples)
    }

    @Test("an unknown or too large size reads to the end", arguments: [UInt32.max, 0x7FFF_F000, 1_000_000])
    func unknownSize(size: UInt32) throws {
        #expect(try read(WAVBytes(riffSize: size, dataSize: size, data: WAVBytes.pcm16(ramp)).bytes) == rampSamples)
    }

    @Test("a size of 0 means unknown in a header written first, and no samples in a complete file")
    func zeroSize() throws {
        for riffSize: UInt32 in [0, 36, .max] {
            let wav = WAVBytes(riffSize: riffSize, dataSize: 0, data: WAVBytes.pcm16(ramp))
            #expect(try read(wav.bytes) == rampSamples)
        }
        #expect(try read(WAVBytes(chunksAfter: [("LIST", [1, 2, 3, 4])]).bytes) == [])
        #expect(try read(WAVBytes().bytes) == [])
    }

    @Test("half a frame at the end is dropped")
    func halfFrame() throws {
        let data = WAVBytes.pcm16(ramp) + [9]
        #expect(try read(WAVBytes(data: data).bytes) == rampSamples)
    }

    @Test("a sample that is not a number is refused with its time")
    func notFinite() throws {
        for bad in [Float.nan, .infinity, -.infinity, 1e9] {
            let bytes = WAVBytes(tag: 3, bits: 32, rate: 2, data: WAVBytes.float32([0, 0, 0, bad, 0])).bytes
            let error = #expect(throws: AudioError.self) { try read(bytes) }
            #expect(error?.code == .damaged)
            #expect(
                error?.message
                    == "a.wav is damaged: the sample at 1.5 s is not a number within the range of audio.")
        }
    }

    @Test("frames left are known before they are read")
    func framesLeft() throws {
        let reader = try WAVReader(
            bytes: WAVBytes(channels: 2, data: WAVBytes.pcm16([1, 2, 3, 4, 5, 6])).bytes, name: "a")
        #expect(reader.framesLeft == 3)
        _ = try reader.read(2)
        #expect(reader.framesLeft == 1)
    }
}

@Suite("Files that are refused")
struct WAVRefusalTests {
    @Test("other encodings in WAV are named, with the command that converts them")
    func encodings() {
        #expect(
            message(WAVBytes(bits: 24, data: [0, 0, 0]).bytes, name: "my talk/24.wav")
                == "my talk/24.wav is 24-bit PCM WAV, and only WAV with 16-bit PCM or float samples is read; "
                + "convert it with `sox 'my talk/24.wav' -b 16 'my talk/24-16.wav'`.")
        #expect(message(WAVBytes(tag: 6, bits: 8, data: [0]).bytes).contains("a.wav is A-law WAV,"))
        #expect(message(WAVBytes(tag: 7, bits: 8, data: [0]).bytes).contains("a.wav is mu-law WAV,"))
        #expect(message(WAVBytes(tag: 2, bits: 4, data: [0]).bytes).contains("a.wav is ADPCM WAV,"))
        #expect(message(WAVBytes(tag: 0x55, bits: 0, data: [0]).bytes).contains("a.wav is MP3 in a WAV file,"))
        #expect(message(WAVBytes(bits: 8, data: [0]).bytes).contains("a.wav is 8-bit PCM WAV,"))
        #expect(message(WAVBytes(tag: 999, data: [0]).bytes).contains("a.wav is WAV of encoding 999,"))
        var strange = WAVBytes(isExtensible: true, data: [0, 0])
        strange.subFormatTail[3] = 9
        #expect(message(strange.bytes).contains("a.wav is WAV of an unknown sub-format,"))
    }

    @Test(
        "other containers are named",
        arguments: [
            ("fLaC\0\0\0\u{22}", "FLAC"), ("ID3\u{3}aaaaaaaaa", "MP3"), ("FORM0000AIFF", "AIFF"),
            (".snd00000000", "AU"),
            ("caff00000000", "CAF"), ("RIFX0000WAVE", "big-endian WAV (RIFX)"), ("RF640000WAVE", "RF64"),
            ("RIFF0000AVI LIST", "AVI video"), ("RIFF0000WEBP", "RIFF, but not WAV"),
            ("0000ftypM4A 0000", "MP4 or M4A"),
            ("OggS000000000000000000000000OpusHead", "Ogg Opus"), ("OggS0000000000000000000000000vorbis", "Ogg Vorbis"),
            ("RIFF00", "cut off after 6 bytes"), ("Dear Sir or Madam,", "not audio that Parley knows"),
        ])
    func containers(start: String, what: String) {
        #expect(message(Array(start.utf8)).hasPrefix("a.wav is \(what)"))
    }

    @Test("containers known by bytes that are not letters are named")
    func binaryContainers() {
        #expect(message([0xFF, 0xFB, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0]).contains("is MP3,"))
        #expect(message([0xFF, 0xF1, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0]).contains("is AAC,"))
        #expect(message([0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0, 0, 0, 0, 0]).contains("is WebM or Matroska,"))
        #expect(message([]) == "a.wav is empty; give a WAV file.")
        #expect(
            message(Array("fLaC00000000".utf8), name: "b.flac").hasSuffix("convert it with `sox b.flac -b 16 b.wav`."))
        #expect(
            message(Array("ID3000000000".utf8), name: "b.mp3")
                .hasSuffix("convert it with `ffmpeg -i b.mp3 -c:a pcm_s16le b.wav`."))
    }

    @Test("impossible descriptions are refused")
    func damaged() {
        #expect(message(WAVBytes(channels: 0, data: [0, 0]).bytes).contains("it claims 0 channels"))
        #expect(message(WAVBytes(channels: 65_535, data: [0, 0]).bytes).contains("it claims 65535 channels"))
        #expect(message(WAVBytes(rate: 0, data: [0, 0]).bytes).contains("it claims 0 samples a second"))
        #expect(message(WAVBytes(rate: 4_294_967_295, data: [0, 0]).bytes).contains("it claims 4294967295 samples"))
        #expect(message(WAVBytes(frameBytes: 3, data: [0, 0]).bytes).contains("take 2 bytes, and it claims 3"))
        #expect(
            message(WAVBytes(formatSize: 13, data: [0, 0]).bytes).contains("description of its samples is too short"))
        #expect(
            message(Array("RIFF\u{4}\0\0\0WAVE".utf8))
                == "a.wav is damaged: the file ends before the description of its samples.")
        let noData = WAVBytes(data: []).bytes.dropLast(8)
        #expect(message(Array(noData)) == "a.wav is damaged: the file ends before its samples.")
        #expect(
            message(Array("RIFF0000WAVEdata\0\0\0\0".utf8))
                == "a.wav is damaged: its samples come before their description.")
        let endless = Array("RIFF0000WAVE".utf8) + (0..<2_000).flatMap { _ in Array("junk\0\0\0\0".utf8) }
        #expect(message(endless) == "a.wav is damaged: no samples after 1000 chunks.")
    }

    @Test("a missing file and a folder are told apart")
    func missing() {
        let missing = #expect(throws: AudioError.self) { try WAVReader(URL(fileURLWithPath: "/nowhere/a.wav")) }
        #expect(missing?.code == .notFound)
        #expect(missing?.message == "There is no file /nowhere/a.wav.")
        let folder = #expect(throws: AudioError.self) { try WAVReader(URL(fileURLWithPath: "/tmp")) }
        #expect(folder?.message == "/tmp is a folder; give the audio files in it.")
    }
}

@Suite("Hostile WAV bytes")
struct WAVFuzzTests {
    private static let seeds: [[UInt8]] = [
        WAVBytes(data: WAVBytes.pcm16(ramp)).bytes,
        WAVBytes(tag: 3, bits: 32, channels: 2, data: WAVBytes.float32([0, 1, 2, 3])).bytes,
        WAVBytes(tag: 3, bits: 64, isExtensible: true, data: WAVBytes.float64([0, 1, 2, 3])).bytes,
        WAVBytes(chunksBefore: [("LIST", [1, 2, 3]), ("fact", [0, 0, 0, 0])], data: WAVBytes.pcm16(ramp)).bytes,
        WAVBytes(riffSize: .max, dataSize: .max, data: WAVBytes.pcm16(ramp)).bytes,
    ]

    /// Whatever the bytes are: samples that are numbers, or a typed error.
    private static func check(_ bytes: [UInt8]) {
        do {
            let samples = try read(bytes, block: 64)
            #expect(samples.count <= bytes.count && samples.allSatisfy(\.isFinite))
        } catch let error as AudioError {
            #expect(error.message.hasSuffix(".") && !error.message.contains("\n"))
        } catch {
            Issue.record("not an AudioError: \(error)")
        }
    }

    @Test("a file cut at any byte gives fewer samples or a typed error", arguments: seeds)
    func truncation(seed: [UInt8]) {
        for count in 0..<seed.count { Self.check(Array(seed.prefix(count))) }
    }

    @Test("four thousand mutated files give samples or a typed error", arguments: 0..<UInt64(5))
    func mutation(index: UInt64) {
        var numbers = SeededNumbers(state: 1 + index)
        let interesting: [UInt8] = [0, 1, 2, 3, 0x7F, 0x80, 0xFE, 0xFF]
        for _ in 0..<800 {
            var bytes = Self.seeds[Int(index)]
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                let position = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: bytes[position] = .random(in: .min ... .max, using: &numbers)
                case 1: bytes[position] = interesting.randomElement(using: &numbers) ?? 0
                case 2: bytes.removeLast(Int.random(in: 0..<min(8, bytes.count), using: &numbers))
                default: bytes.insert(.random(in: .min ... .max, using: &numbers), at: position)
                }
            }
            Self.check(bytes)
        }
    }
}
