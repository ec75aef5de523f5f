internal import Foundation
internal import OnnxRuntime
internal import Testing

/// Also run on an emulated processor without VNNI (`make older`), where sums of bytes could saturate.
///
/// Golden `graphs.txt`: written by `forge/parley_forge/graph_goldens.py`, which makes the same inputs by the same formulas.
@Suite("Every graph of the audio bundle against its golden", .serialized)
struct GraphGoldenTests {
    /// A graph and how far its outputs may be from the golden: root mean square of the differences over that of the golden.
    struct Graph: Sendable, CustomTestStringConvertible {
        let role: String
        let tolerance: Double
        var testDescription: String { role }
    }

    /// Found without VNNI: at most 0.072 for the encoder, where a change of the input by 1e-7 makes 0.11 on one and the same
    /// processor, and 0.012 for the decoder; 0 for the voice and for the end of a turn. Sums that saturate give 0.15 to 0.42
    /// for the encoder, 0.03 for the voice and 0.004 for the end of a turn.
    static let graphs = [
        Graph(role: "vad", tolerance: 1e-3), Graph(role: "turn", tolerance: 1e-3),
        Graph(role: "stt.encoder", tolerance: 0.12), Graph(role: "stt.decoder", tolerance: 0.03),
        Graph(role: "tts.oov", tolerance: 0), Graph(role: "tts.voice", tolerance: 1e-3),
    ]

    @Test("the outputs for inputs made by formula are those of the golden", arguments: graphs)
    func outputs(graph: Graph) throws {
        let golden = try Self.golden(graph.role)
        let environment = try TestModels.environment()
        let session = try OnnxSession(
            environment, file: TestModels.file("audio-starter", graph.role + ".onnx"))
        let names = session.inputs.map(\.name)
        let call = try OnnxCall(session, inputs: names, outputs: golden.map(\.output))
        let results = try call.run(try names.map { try GraphInputs.tensor(environment, graph.role, $0) })
        #expect(golden.count == session.outputs.count)
        for (wanted, result) in zip(golden, results) {
            let found = try Self.sample(result)
            #expect(found.count == wanted.values.count, "\(wanted.output)")
            let difference = Self.size(zip(found, wanted.values).map { $0 - $1 })
            let share = difference / max(Self.size(wanted.values), 1e-6)
            #expect(share <= graph.tolerance, "\(wanted.output)")
        }
    }

    private static func golden(_ role: String) throws -> [(output: String, values: [Double])] {
        try TestModels.golden("graphs.txt").split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words[0] == role ? (words[1], words.dropFirst(2).compactMap(Double.init)) : nil
        }
    }

    /// Up to 64 elements at equal distances.
    private static func sample(_ tensor: OnnxTensor) throws -> [Double] {
        let all =
            tensor.elementType == .int64
            ? try tensor.elements(of: Int64.self).map(Double.init)
            : try tensor.elements(of: Float.self).map(Double.init)
        return stride(from: 0, to: all.count, by: max(1, all.count / 64)).prefix(64).map { all[$0] }
    }

    private static func size(_ values: [Double]) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
    }
}

/// The inputs of `graph_goldens.py`.
private enum GraphInputs {
    static func tensor(_ environment: OnnxEnvironment, _ role: String, _ name: String) throws -> OnnxTensor {
        let layer = name.split(separator: "_").last.flatMap { UInt32($0) } ?? 0
        let (tokens, past, frames) = (2, 3, 32)
        func floats(_ values: [Float], _ shape: Int...) throws -> OnnxTensor {
            try OnnxTensor(environment, values, shape: shape)
        }
        func noisy(_ amplitude: Double, _ seed: UInt32, _ shape: Int...) throws -> OnnxTensor {
            try OnnxTensor(environment, noise(shape.reduce(1, *), amplitude, seed: seed), shape: shape)
        }
        func numbers(_ values: [Int64], _ shape: Int...) throws -> OnnxTensor {
            try OnnxTensor(environment, values, shape: shape)
        }
        switch (role, name.prefix { !$0.isNumber }) {
        case ("vad", "input"): return try floats(buzz(3 * 576), 3, 576)
        case ("vad", "state"): return try floats([Float](repeating: 0, count: 256), 2, 1, 128)
        case ("turn", "input_features"): return try noisy(3, 2, 1, 80, 800)
        case ("stt.encoder", "audio"): return try floats(buzz(20_480), 1, 20_480)
        case ("stt.decoder", "embeddings"): return try noisy(0.4, 10, 1, tokens, 512)
        case ("stt.decoder", "self_key_"): return try noisy(2, 20 + layer, 1, 8, past, 64)
        case ("stt.decoder", "self_value_"): return try noisy(2, 30 + layer, 1, 8, past, 64)
        case ("stt.decoder", "cross_key_"): return try noisy(4, 40 + layer, 1, 8, 64, frames)
        case ("stt.decoder", "cross_value_"): return try noisy(2, 50 + layer, 1, 8, frames, 64)
        case ("tts.oov", "chars"): return try numbers([18, 3, 20, 14, 7, 27, 5, 11], 1, 8)
        case ("tts.voice", "ids"): return try numbers([0, 50, 83, 54, 156, 57, 16, 81, 156, 87, 123, 4, 0], 1, 13)
        case ("tts.voice", "speed"): return try floats([1], 1)
        default:
            throw TestModels.Missing(description: "The goldens have no input \(name) of \(role): write them again.")
        }
    }

    private static func noise(_ count: Int, _ amplitude: Double, seed: UInt32) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float((Double(state >> 8) / 0x1p24 - 0.5) * amplitude)
        }
    }

    private static func buzz(_ count: Int) -> [Float] {
        let quiet = noise(count, 0.02, seed: 1)
        return quiet.indices.map { index in
            Float(0.6 * (Double(index % 160) / 160 - 0.5) * (Double(index % 6400) / 6400)) + quiet[index]
        }
    }
}
