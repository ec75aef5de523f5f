internal import Foundation
internal import ParleyAudio
internal import ParleyModels
internal import Testing

/// The recogniser in a process of its own, with a cache of its own.
@Suite("Memory and cache of the recogniser", .serialized)
struct STTMemoryTests {
    private struct Use: Decodable {
        var anonymous: Int64
        var resident: Int64
    }

    private struct Outcome: Decodable {
        var text: String
        var before: Use
        var after: Use

        /// MiB that loading and one transcript added to what the process has for itself.
        var anonymous: Double { Double(after.anonymous - before.anonymous) / 1_048_576 }
    }

    /// What a process does that loads the recogniser and transcribes the first 3 s of `beckett.wav`.
    private func load(cache: URL) throws -> Outcome {
        let recording = cache.appending(path: "three-seconds.wav")
        let writer = try WAVWriter(recording, sampleRate: 16_000)
        try writer.append(try TestModels.recording("beckett.wav").prefix(48_000))
        try writer.finish()
        let process = Process()
        process.executableURL = TestModels.products.appending(path: "ParleyBenchmarks")
        process.arguments = ["load", recording.path]
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": cache.path]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try JSONDecoder().decode(Outcome.self, from: data)
    }

    private func withCache(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-cache-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func entries(_ cache: URL) throws -> [URL] {
        let folder = cache.appending(path: "parley/prepacked")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    #if os(Linux)
        @Test("anonymous memory of the recogniser stays under 25 MiB, and a damaged cache is made again")
        func boundAndDamage() throws {
            try withCache { cache in
                let first = try load(cache: cache)
                #expect(first.text.lowercased().contains("ever failed"))
                let made = try entries(cache)
                #expect(made.count == 2)

                let second = try load(cache: cache)
                #expect(second.text == first.text)
                #expect(second.anonymous < 25)

                // Cut short, as by a full disk; ONNX Runtime must not even see it.
                let weights = try #require(made.first).appending(path: "graph.weights")
                let size = try weights.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
                let file = try FileHandle(forWritingTo: weights)
                try file.truncate(atOffset: UInt64(size / 2))
                try file.close()
                let third = try load(cache: cache)
                #expect(third.text == first.text)
                #expect(third.anonymous < 25)
                #expect(try entries(cache) == made)
                #expect(try weights.resourceValues(forKeys: [.fileSizeKey]).fileSize == size)
            }
        }

        @Test("without a cache folder the words are the same, and memory is what the packed weights take")
        func withoutCache() throws {
            try withCache { cache in
                // A file where the folder would be.
                try Data().write(to: cache.appending(path: "parley"))
                let outcome = try load(cache: cache)
                #expect(outcome.text.lowercased().contains("ever failed"))
                #expect(outcome.anonymous > 25)
            }
        }
    #endif
}
