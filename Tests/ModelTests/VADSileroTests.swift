internal import Foundation
internal import ParleyCore
internal import ParleyVAD
internal import Testing

@Suite("Silero VAD with its weights", .serialized)
struct VADSileroTests {
    private func makeSession() throws -> any VADSession {
        let model = try SileroModel(TestModels.environment(), file: TestModels.file("audio-starter", "vad.onnx"))
        return try model.makeSession()
    }

    private func probabilities(_ session: any VADSession, _ samples: [Float]) throws -> [Float] {
        try session.probabilities(of: samples[..<(samples.count / session.chunkLength * session.chunkLength)])
    }

    /// Golden `vad-beckett.txt`: origin and tolerance in its first lines.
    @Test("probabilities of a recording agree with the published graph")
    func golden() throws {
        let golden = try TestModels.golden("vad-beckett.txt").split(separator: "\n").compactMap { Float($0) }
        let found = try probabilities(makeSession(), TestModels.recording("beckett.wav"))
        #expect(golden.count == 311)
        #expect(found.count == golden.count)
        #expect(zip(found, golden).allSatisfy { abs($0 - $1) <= 0.001 })
    }

    @Test("any number of chunks at once gives the same as one by one")
    func pieces() throws {
        let samples = Array(try TestModels.recording("beckett.wav").prefix(100 * 512))
        let whole = try probabilities(makeSession(), samples)
        let session = try makeSession()
        var pieces: [Float] = []
        for (start, end) in [(0, 1), (1, 8), (8, 8), (8, 73), (73, 100)] {
            pieces += try session.probabilities(of: samples[(start * 512)..<(end * 512)])
        }
        #expect(pieces.count == whole.count)
        #expect(zip(pieces, whole).allSatisfy { abs($0 - $1) <= 1e-5 })
    }

    @Test("a reset session hears the same as a new one")
    func reset() throws {
        let samples = Array(try TestModels.recording("beckett.wav").prefix(48_000))
        let session = try makeSession()
        let first = try probabilities(session, samples)
        session.reset()
        #expect(try probabilities(session, samples) == first)
        #expect(first.max() ?? 0 > 0.9)
    }

    @Test("silence is no speech, and samples that are not numbers do no lasting harm")
    func silence() throws {
        let session = try makeSession()
        #expect(try probabilities(session, [Float](repeating: 0, count: 16_000)).allSatisfy { $0 < 0.1 })
        _ = try session.probabilities(of: [Float](repeating: .nan, count: 512)[...])
        #expect(try probabilities(session, [Float](repeating: 0, count: 5120)).allSatisfy { $0 < 0.1 })
    }

    @Test("audio that is not whole chunks is refused")
    func wrongLength() throws {
        let session = try makeSession()
        let error = #expect(throws: VADError.self) { _ = try session.probabilities(of: [0, 0, 0]) }
        #expect(error?.message == "The voice detector takes 512 samples at a time and got 3.")
    }
}
