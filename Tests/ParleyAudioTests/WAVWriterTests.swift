import Foundation
import ParleyAudio
import Testing

/// A folder of its own for one test.
private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
}

private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

@Suite("WAV writer")
struct WAVWriterTests {
    @Test("the bytes are those of the smallest WAV header and little-endian samples")
    func bytes() throws {
        try withFolder { folder in
            let url = folder.appending(path: "a.wav")
            try WAVWriter.write(AudioChunk(samples: [0, 0.5, -1], sampleRate: 24_000), to: url)
            let expected = WAVBytes(rate: 24_000, data: WAVBytes.pcm16([0, 16_384, -32_768])).bytes
            #expect(Array(try Data(contentsOf: url)) == expected)
        }
    }

    @Test("every 16-bit sample survives a way out and back")
    func roundTrip() throws {
        try withFolder { folder in
            let url = folder.appending(path: "a.wav")
            let samples = (Int(Int16.min)...Int(Int16.max)).map { Float($0) / 32_768 }
            try WAVWriter.write(AudioChunk(samples: samples, sampleRate: 16_000), to: url)
            #expect(try WAVReader(url).read(100_000) == samples)
        }
    }

    @Test("samples beyond full scale are clipped, and rounded to the nearest step")
    func clipping() throws {
        try withFolder { folder in
            let url = folder.appending(path: "a.wav")
            let loud: [Float] = [1, 2, 1e30, -1.5, -1e30, 0.6 / 32_768, 0.4 / 32_768, -0.6 / 32_768]
            try WAVWriter.write(AudioChunk(samples: loud, sampleRate: 8_000), to: url)
            let steps = try WAVReader(url).read(100).map { Int($0 * 32_768) }
            #expect(steps == [32_767, 32_767, 32_767, -32_768, -32_768, 1, 0, -1])
        }
    }

    @Test("the file appears only when complete, and replaces the old one in one step")
    func appearsComplete() throws {
        try withFolder { folder in
            let url = folder.appending(path: "answer to you.wav")
            let old = Data("old".utf8)
            try old.write(to: url)
            let writer = try WAVWriter(url, sampleRate: 24_000)
            try writer.append([0, 0.25])
            try writer.append([0.5])
            #expect(try Data(contentsOf: url) == old)
            try writer.finish()
            #expect(try WAVReader(url).read(10) == [0, 0.25, 0.5])
            #expect(try names(in: folder) == ["answer to you.wav"])
        }
    }

    @Test("a writer given up leaves nothing behind")
    func abandoned() throws {
        try withFolder { folder in
            do {
                let writer = try WAVWriter(folder.appending(path: "a.wav"), sampleRate: 24_000)
                try writer.append([Float](repeating: 0.1, count: 100_000))
            }
            #expect(try names(in: folder) == [])
        }
    }

    @Test("a sample that is not a number is refused")
    func notFinite() throws {
        try withFolder { folder in
            let url = folder.appending(path: "a.wav")
            let error = #expect(throws: AudioError.self) {
                try WAVWriter.write(AudioChunk(samples: [0, .nan], sampleRate: 24_000), to: url)
            }
            #expect(error?.code == .notFinite)
            let left = try names(in: folder)
            #expect(left == [])
        }
    }

    @Test("places where nothing can be created are named")
    func refused() throws {
        try withFolder { folder in
            let missing = folder.appending(path: "no/a.wav")
            let error = #expect(throws: AudioError.self) { try WAVWriter(missing, sampleRate: 8_000) }
            #expect(error?.code == .cannotCreate)
            #expect(error?.message.contains("does not exist; create it first.") == true)
            let isFolder = #expect(throws: AudioError.self) { try WAVWriter(folder, sampleRate: 8_000) }
            #expect(isFolder?.message.contains("it is a folder; give the name of a file in it.") == true)
        }
    }

    @Test("a link stays a link, its target is replaced")
    func link() throws {
        try withFolder { folder in
            let target = folder.appending(path: "target.wav")
            let link = folder.appending(path: "link.wav")
            try Data("old".utf8).write(to: target)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            try WAVWriter.write(AudioChunk(samples: [0.5], sampleRate: 8_000), to: link)
            #expect(try WAVReader(target).read(10) == [0.5])
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
        }
    }

    @Test("a device is written directly and stays a device")
    func device() throws {
        try WAVWriter.write(AudioChunk(samples: [0.5], sampleRate: 8_000), to: URL(fileURLWithPath: "/dev/null"))
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        #expect(type == .typeCharacterSpecial)
    }

    @Test("a full disk is named, and no partial file remains")
    func fullDisk() throws {
        let error = #expect(throws: AudioError.self) {
            try WAVWriter.write(AudioChunk(samples: [0.5], sampleRate: 8_000), to: URL(fileURLWithPath: "/dev/full"))
        }
        #expect(error?.code == .writeFailed)
        #expect(error?.message.contains("No space left on device") == true)
    }
}

@Suite("Atomic file")
struct AtomicFileTests {
    @Test("with and without a name on the way, a file appears when it is complete", arguments: [true, false])
    func appears(allowsNameless: Bool) throws {
        try withFolder { folder in
            let url = folder.appending(path: "a")
            let file = try AtomicFile(url, allowsNameless: allowsNameless)
            try file.append([1, 2, 3, 4])
            #expect(!FileManager.default.fileExists(atPath: url.path))
            try file.rewriteStart([9])
            try file.commit()
            let content = try Data(contentsOf: url)
            #expect(content == Data([9, 2, 3, 4]))
            let left = try names(in: folder)
            #expect(left == ["a"])
        }
    }

    @Test("what is given up or forgotten leaves nothing, and the old file stays", arguments: [true, false])
    func givenUp(allowsNameless: Bool) throws {
        try withFolder { folder in
            let url = folder.appending(path: "a")
            try Data("old".utf8).write(to: url)
            try AtomicFile(url, allowsNameless: allowsNameless).discard()
            do {
                let file = try AtomicFile(url, allowsNameless: allowsNameless)
                try file.append([1, 2, 3])
            }
            let left = try names(in: folder)
            #expect(left == ["a"])
            let content = try Data(contentsOf: url)
            #expect(content == Data("old".utf8))
        }
    }
}
