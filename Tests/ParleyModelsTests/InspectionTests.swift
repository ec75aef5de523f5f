import Foundation
import ParleyModels
import Testing

@Suite("Model files are inspected without trust")
struct InspectionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func inspect(_ bytes: [UInt8]) throws -> ModelInspection {
        try ModelInspection(bytes: bytes, path: folder.path + "/model")
    }

    private func expectInvalid(
        _ text: String, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ModelError.self, sourceLocation: sourceLocation) { try inspect(bytes) }
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
    }

    @Test("an ONNX file shows inputs, outputs, operators, weights and metadata")
    func onnx() throws {
        try folder.write(Array(repeating: 0, count: 88), to: "audio.weights")
        let found = try inspect(OnnxFixture.file)
        #expect(found.format == .onnx && found.version == 8 && found.producer == "parley-forge 1")
        #expect(found.inputs.map { "\($0.name) \($0.type) \($0.shape ?? [])" } == [#"audio f32 ["1", "samples"]"#])
        #expect(found.outputs.map { "\($0.name) \($0.type) \($0.shape ?? [])" } == [#"logits f16 ["1", "?"]"#])
        #expect(found.operatorSets.map { "\($0.name) \($0.count)" } == ["ai.onnx 17", "com.microsoft 1"])
        #expect(
            found.operators.map { "\($0.name) \($0.count)" } == ["com.microsoft.MatMulNBits 2", "Constant 1", "If 1"])
        #expect(
            found.weights.map { "\($0.type) \($0.tensors) \($0.parameters) \($0.bytes)" }
                == ["f32 1 6 24", "i8 1 4 4", "i4 1 3 2"])
        #expect(found.tensors == 3 && found.parameters == 13 && found.weightBytes == 30)
        #expect(found.externalFiles.map { "\($0.name) \($0.usedBytes) \($0.bytes ?? -1)" } == ["audio.weights 24 88"])
        #expect(found.metadata.map { "\($0.key)=\($0.value)" } == ["stage=stt"])
        #expect(found.text.contains("audio: f32[1, samples]"))
    }

    @Test("products over constants in floats are found behind casts, and not where all factors are integers")
    func floatProducts() throws {
        func node(_ type: String, _ inputs: [String], _ output: String) -> Message {
            inputs.reduce(Message()) { $0.text(1, $1) }.text(2, output).text(4, type)
        }
        let nodes = [
            node("MatMul", ["audio", "inner"], "a"), node("Cast", ["outer"], "wide"),
            node("Conv", ["audio", "wide"], "b"), node("DequantizeLinear", ["inner"], "weight"),
            node("Gemm", ["a", "weight"], "c"), node("DequantizeLinear", ["c"], "d"),
            node("MatMul", ["d", "weight"], "e"), node("MatMul", ["d", "e"], "f"),
        ]
        try folder.write(Array(repeating: 0, count: 88), to: "audio.weights")
        let file = OnnxFixture.model(
            OnnxFixture.graph([OnnxFixture.inner, OnnxFixture.external("audio.weights")], nodes: nodes))
        #expect(
            try inspect(file).floatProducts.map { "\($0.operation) \($0.weight) \($0.bytes)" }
                == ["MatMul inner 16", "Conv outer 24", "Gemm inner 16"])
    }

    @Test("a GGUF file shows architecture, metadata and tensor types; long arrays are summarised")
    func gguf() throws {
        let bytes = GGUFFixture().bytes
        let found = try ModelInspection(path: folder.write(bytes, to: "model.gguf"))
        #expect(try found == inspect(bytes))
        #expect(found.format == .gguf && found.version == 3 && found.architecture == "llama")
        #expect(
            found.weights.map { "\($0.type) \($0.tensors) \($0.parameters) \($0.bytes)" }
                == ["Q4_0 1 64 36", "F32 1 3 12"])
        #expect(
            found.metadata.map(\.value) == [
                "llama", "2", "true", "0.5", "-3", #"["t0", "t1", "t2", "t3", "t4", "t5", … (8 in all)]"#,
                "[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, … (9 in all)]",
            ])
        #expect(found.metadata[5].type == "array of string")
    }

    @Test("an inspection survives JSON")
    func json() throws {
        let found = try inspect(GGUFFixture().bytes)
        let data = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(ModelInspection.self, from: data) == found)
        #expect(String(decoding: data, as: UTF8.self).contains(#""parameters":67"#))
    }

    @Test("a file cut at any byte ends in an error")
    func truncations() throws {
        let gguf = GGUFFixture().bytes
        // The padding of the last tensor may be missing.
        for length in 0..<gguf.count - 20 {
            #expect(throws: ModelError.self, "GGUF, \(length) bytes") { try inspect(Array(gguf.prefix(length))) }
        }
        let onnx = OnnxFixture.file
        // A protobuf message may end after any field; with the last two fields missing the file is still whole.
        for length in 0..<onnx.count - 33 {
            #expect(throws: ModelError.self, "ONNX, \(length) bytes") { try inspect(Array(onnx.prefix(length))) }
        }
    }

    @Test("any bit changed ends in an error or an inspection, never in a crash")
    func bitFlips() throws {
        for file in [GGUFFixture().bytes, OnnxFixture.file] {
            var refused = 0
            for bit in 0..<file.count * 8 {
                var changed = file
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                do { _ = try inspect(changed).text } catch is ModelError { refused += 1 }
            }
            #expect(refused > file.count)
        }
    }

    @Test("random bytes end in an error")
    func noise() throws {
        var generator = SystemRandomNumberGenerator()
        for count in 0..<300 {
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(throws: ModelError.self) { try inspect(bytes) }
            bytes.replaceSubrange(0..<min(4, count), with: Array("GGUF".utf8))
            #expect(throws: ModelError.self) { try inspect(bytes) }
        }
    }

    @Test("external weights outside the folder, or beyond the end of their file, are refused")
    func externalWeights() throws {
        for location in ["../a", "/etc/passwd", "a/../../b", "a\\b", ""] {
            expectInvalid(
                "outside the model's folder",
                OnnxFixture.model(
                    OnnxFixture.graph([
                        OnnxFixture.external(location)
                    ])))
        }
        try folder.write(Array(repeating: 0, count: 87), to: "audio.weights")
        expectInvalid("87 bytes, the graph needs 88", OnnxFixture.file)
        let huge = OnnxFixture.external("w", offset: "9223372036854775807")
        expectInvalid("outside the file", OnnxFixture.model(OnnxFixture.graph([huge])))
        expectInvalid("is no number", OnnxFixture.model(OnnxFixture.graph([OnnxFixture.external("w", offset: "-1")])))
        expectInvalid("25 bytes", OnnxFixture.model(OnnxFixture.graph([OnnxFixture.external("w", length: "25")])))
        #expect(
            try inspect(OnnxFixture.model(OnnxFixture.graph([OnnxFixture.external("none")]))).externalFiles[0].bytes
                == nil)
    }

    @Test("impossible tensors and graphs nested without end are refused")
    func hostileOnnx() {
        let wrong = Message().number(1, .max).number(2, 1).text(8, "w")
        expectInvalid("impossible dimensions", OnnxFixture.model(OnnxFixture.graph([wrong])))
        let wide = Message().number(1, 1 << 40).number(1, 1 << 40).number(2, 1).text(8, "w")
        expectInvalid("impossible dimensions", OnnxFixture.model(OnnxFixture.graph([wide])))
        let large = Message().number(1, 1 << 60).number(2, 1).text(8, "w")
        expectInvalid("too large", OnnxFixture.model(OnnxFixture.graph([large])))
        let short = Message().number(1, 4).number(2, 1).text(8, "w").bytes(9, [1, 2, 3])
        expectInvalid("3 bytes instead of 16", OnnxFixture.model(OnnxFixture.graph([short])))
        let deep = (0..<40).reduce(Message()) { graph, _ in
            Message().message(1, Message().text(4, "If").message(5, Message().message(6, graph)))
        }
        expectInvalid("nested too deeply", OnnxFixture.model(deep))
        expectInvalid("neither an ONNX nor a GGUF", Array("RIFF....WAVEfmt ".utf8))
    }

    @Test("impossible GGUF headers are refused")
    func hostileGGUF() {
        func expectInvalid(_ text: String, _ change: (inout GGUFFixture) -> Void) {
            var fixture = GGUFFixture()
            change(&fixture)
            self.expectInvalid(text, fixture.bytes)
        }
        expectInvalid("version 1") { $0.version = 1 }
        expectInvalid("version 50331648") { $0.version = 3 << 24 }
        expectInvalid("claims") { $0.tensorCount = .max }
        expectInvalid("claims") { $0.keyCount = 1 << 63 }
        expectInvalid("twice") { $0.values.append($0.values[0]) }
        expectInvalid("unknown type 99") { $0.values[0].type = 99 }
        expectInvalid("truth value") { $0.values[2].content = [2] }
        expectInvalid("array of arrays") { $0.values[5].content = le32(9) + le64(1) + le32(4) + le64(0) }
        expectInvalid("more elements") { $0.values[5].content = le32(8) + le64(.max) }
        expectInvalid("longer than the file") { $0.values[0].content = le64(1 << 62) }
        expectInvalid("power of two") { $0.values.append(("general.alignment", 4, le32(0))) }
        expectInvalid("power of two") { $0.values.append(("general.alignment", 4, le32(48))) }
        expectInvalid("the tensor norm twice") { $0.tensors[0].name = "norm" }
        expectInvalid("5 dimensions") { $0.tensors[0].dimensions = [32, 1, 1, 1, 1] }
        expectInvalid("impossible dimensions") { $0.tensors[0].dimensions = [1 << 40, 1 << 40] }
        expectInvalid("impossible dimensions") { $0.tensors[0].dimensions = [32, 0] }
        expectInvalid("whole blocks") { $0.tensors[0].dimensions = [33, 2] }
        expectInvalid("whole blocks") { $0.tensors[1].dimensions = [1 << 62] }
        expectInvalid("outside the file") { $0.tensors[1].dimensions = [1 << 50] }
        expectInvalid("unknown type 4") { $0.tensors[0].type = 4 }
        expectInvalid("misplaced") { $0.tensors[1].offset = 96 }
        expectInvalid("misplaced") { $0.tensors[1].offset = .max }
        expectInvalid("header describes") { $0.dataBytes = 97 }
        expectInvalid("header describes") { $0.dataBytes = 75 }
    }
}
