internal import Foundation
internal import ParleyModels
internal import Testing

@Suite("Weights of the shipped graphs")
struct GraphWeightTests {
    private static let roles = ["vad", "turn", "stt.encoder", "stt.decoder", "tts.oov", "tts.voice"]

    private struct Entry: Hashable, CustomStringConvertible {
        let role: String
        let operation: String
        let elements: Int64
        var description: String { "\(role) \(operation) over \(elements) floats" }
    }

    /// Products over FP32 constants above 64 KiB that stay: convolutions of a few per cent of their graph's time.
    private static let allowed: Set<Entry> = [
        // Fourier transform of Silero's front end and its four layers; the network is in no way larger.
        Entry(role: "vad", operation: "Conv", elements: 258 * 256),
        Entry(role: "vad", operation: "Conv", elements: 128 * 129 * 3),
        Entry(role: "vad", operation: "Conv", elements: 64 * 128 * 3),
        Entry(role: "vad", operation: "Conv", elements: 128 * 64 * 3),
        // Fourier transform before the mel filters, whose small values set the result; the first convolution.
        Entry(role: "stt.encoder", operation: "Conv", elements: 402 * 400),
        Entry(role: "stt.encoder", operation: "Conv", elements: 512 * 80 * 3),
        // As published.
        Entry(role: "tts.voice", operation: "Conv", elements: 192 * 192 * 3),
        Entry(role: "tts.voice", operation: "Conv", elements: 192 * 192),
        Entry(role: "tts.voice", operation: "Conv", elements: 256 * 130 * 7),
    ]

    private func inspect(_ entry: String, _ role: String) throws -> ModelInspection {
        try ModelInspection(path: TestModels.file(entry, role + ".onnx").path)
    }

    @Test("no product over large float weights outside a short list")
    func floats() throws {
        var found: Set<Entry> = []
        for role in Self.roles {
            for product in try inspect("audio-starter", role).floatProducts where product.bytes > 64 * 1024 {
                found.insert(Entry(role: role, operation: product.operation, elements: product.bytes / 4))
            }
        }
        #expect(found == Self.allowed)
    }

    @Test("the whole audio bundle has at most 96 MiB")
    func size() throws {
        let folder = try TestModels.folder("audio-starter")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
        let bytes = try names.reduce(0) { sum, name in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
            return sum + (attributes[.size] as? Int ?? 0)
        }
        #expect(names.contains("audio.weights"))
        #expect(bytes <= 96 * 1024 * 1024)
    }
}
