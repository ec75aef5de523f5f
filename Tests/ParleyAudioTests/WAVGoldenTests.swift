import Foundation
import ParleyAudio
import Testing

/// Files written by libsndfile 1.2.2 through the Python package soundfile 0.14.0:
/// `soundfile.write(file, [[0, 0.5], [-1, 0.25], [0.999, -0.125]], 16000, format=FORMAT, subtype=SUBTYPE)`.
@Suite("Files of another program")
struct WAVGoldenTests {
    /// Average of the two channels; 0.999 is 32,735 of 32,768 in 16 bits.
    private static let pcm: [Float] = [0.25, -0.375, Float(32_735 - 4_096) / 2 / 32_768]
    private static let float: [Float] = [0.25, -0.375, (0.999 - 0.125) / 2]

    private static let files: [(base64: String, samples: [Float])] = [
        (
            """
            UklGRjAAAABXQVZFZm10IBAAAAABAAIAgD4AAAD6AAAEABAAZGF0YQwAAAAAAABAAIAAIN9/APA=
            """, pcm
        ),
        (
            """
            UklGRmgAAABXQVZFZm10IBAAAAADAAIAgD4AAAD0AQAIACAAZmFjdAQAAAADAAAAUEVBSxgAAAABAAAA+LgCawAAgD8B\
            AAAAAAAAPwAAAABkYXRhGAAAAAAAAAAAAAA/AACAvwAAgD53vn8/AAAAvg==
            """, float
        ),
        (
            """
            UklGRoAAAABXQVZFZm10IBAAAAADAAIAgD4AAADoAwAQAEAAZmFjdAQAAAADAAAAUEVBSxgAAAABAAAA+LgCawAAgD8B\
            AAAAAAAAPwAAAABkYXRhMAAAAAAAAAAAAAAAAAAAAAAA4D8AAAAAAADwvwAAAAAAANA/K4cW2c737z8AAAAAAADAvw==
            """, float
        ),
        (
            """
            UklGRlQAAABXQVZFZm10ICgAAAD+/wIAgD4AAAD6AAAEABAAFgAQAAMAAAABAAAAAAAQAIAAAKoAOJtxZmFjdAQAAAAD\
            AAAAZGF0YQwAAAAAAABAAIAAIN9/APA=
            """, pcm
        ),
        (
            """
            UklGRoAAAABXQVZFZm10ICgAAAD+/wIAgD4AAAD0AQAIACAAFgAgAAMAAAADAAAAAAAQAIAAAKoAOJtxZmFjdAQAAAAD\
            AAAAUEVBSxgAAAABAAAA+LgCawAAgD8BAAAAAAAAPwAAAABkYXRhGAAAAAAAAAAAAAA/AACAvwAAgD53vn8/AAAAvg==
            """, float
        ),
    ]

    @Test("every sample is that of the other program", arguments: files)
    func samples(base64: String, expected: [Float]) throws {
        let bytes = Array(try #require(Data(base64Encoded: base64)))
        let reader = try WAVReader(bytes: bytes, name: "golden.wav")
        #expect(reader.format.sampleRate == 16_000 && reader.format.channels == 2)
        let samples = try reader.read(100)
        #expect(samples.count == 3)
        #expect(zip(samples, expected).allSatisfy { abs($0 - $1) < 1e-7 })
    }

    @Test(
        "other formats of that program are named",
        arguments: [
            ("UklGRjYAAABXQVZFZm10IBAAAAABAAIAgD4AAAB3AQAGABgAZGF0YRIAAAAA", "24-bit PCM WAV"),
            ("UklGRjgAAABXQVZFZm10IBIAAAAHAAIAgD4AAAB9AAACAAgAAABmYWN0BAAAAAMA", "mu-law WAV"),
            ("UklGRlIEAABXQVZFZm10IDIAAAACAAIAgD4AAD0/AAAABAQAIAD0AwcAAAEAAAAC", "ADPCM WAV"),
            ("ZkxhQwAAACIQABAAAAAUAAAUA+gC8AAAAANtKnybG19N", "FLAC"),
            ("T2dnUwACAAAAAAAAAAAsprw2AAAAAJ6DTmwBHgF2b3JiaXMAAAAA", "Ogg Vorbis"),
            ("T2dnUwACAAAAAAAAAADEE+oOAAAAAOyjbrMBE09wdXNIZWFkAQI4AYC7", "Ogg Opus"),
            ("Rk9STQAAADpBSUZGQ09NTQAAABIAAgAA", "AIFF"), ("UkY2NP////9XQVZFZHM2NBwAAABsAAAA", "RF64"),
            ("Y2FmZgABAABkZXNjAAAAAAAAACBAz0AA", "CAF"), ("LnNuZAAAABgAAAAMAAAAAwAAPoAAAAAC", "AU"),
            ("//OIZAAAAAAAAAAAAAAAAAAAAAAAWGlu", "MP3"), ("cmlmZi6RzxGl1ijbBMEAAHQAAAAAAAAAd2F2", "Wave64"),
        ])
    func refused(base64: String, what: String) throws {
        let bytes = Array(try #require(Data(base64Encoded: base64)))
        let error = #expect(throws: AudioError.self) { try WAVReader(bytes: bytes, name: "a.x") }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.hasPrefix("a.x is \(what), and only WAV") == true, "\(error?.message ?? "")")
    }
}

@Suite("Pipes")
struct WAVPipeTests {
    @Test("a file that comes through a pipe is read, chunks before the samples included")
    func read() throws {
        let samples = (0..<40_000).map { Int16(truncatingIfNeeded: $0) }
        let bytes = WAVBytes(
            dataSize: .max, chunksBefore: [("LIST", [UInt8](repeating: 1, count: 70_001))],
            data: WAVBytes.pcm16(samples)
        ).bytes
        let pipe = Pipe()
        Thread.detachNewThread {
            try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
            try? pipe.fileHandleForWriting.close()
        }
        let reader = try WAVReader(URL(fileURLWithPath: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"))
        #expect(reader.framesLeft == nil)
        var read: [Float] = []
        while case let block = try reader.read(7_000), !block.isEmpty { read += block }
        #expect(read == samples.map { Float($0) / 32_768 })
    }

    @Test("an answer into a pipe is a WAV file whose length is open")
    func write() throws {
        let pipe = Pipe()
        let url = URL(fileURLWithPath: "/dev/fd/\(pipe.fileHandleForWriting.fileDescriptor)")
        try WAVWriter.write(AudioChunk(samples: [0, 0.5, -1], sampleRate: 24_000), to: url)
        try pipe.fileHandleForWriting.close()
        let bytes = Array(try #require(try pipe.fileHandleForReading.readToEnd()))
        let expected = WAVBytes(
            rate: 24_000, riffSize: .max, dataSize: .max, data: WAVBytes.pcm16([0, 16_384, -32_768]))
        #expect(bytes == expected.bytes)
        #expect(try WAVReader(bytes: bytes, name: "a").read(10) == [0, 0.5, -1])
    }
}
