/// Bytes of protobuf messages, by hand.
struct Message {
    private(set) var bytes: [UInt8] = []

    func number(_ field: Int, _ value: UInt64) -> Message { with(Self.varint(UInt64(field) << 3) + Self.varint(value)) }

    func bytes(_ field: Int, _ content: [UInt8]) -> Message {
        with(Self.varint(UInt64(field) << 3 | 2) + Self.varint(UInt64(content.count)) + content)
    }

    func text(_ field: Int, _ text: String) -> Message { bytes(field, Array(text.utf8)) }
    func message(_ field: Int, _ message: Message) -> Message { bytes(field, message.bytes) }

    private func with(_ more: [UInt8]) -> Message {
        var copy = self
        copy.bytes += more
        return copy
    }

    static func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }
}

/// A small ONNX file: two operators, a subgraph, an inner and an external weight.
enum OnnxFixture {
    static func value(_ name: String, _ type: UInt64, _ shape: [Message]) -> Message {
        let dimensions = shape.reduce(Message()) { $0.message(1, $1) }
        let tensor = Message().number(1, type).message(2, dimensions)
        return Message().text(1, name).message(2, Message().message(1, tensor))
    }

    static func external(_ location: String, offset: String = "64", length: String = "24") -> Message {
        [("location", location), ("offset", offset), ("length", length)].reduce(
            Message().number(1, 2).number(1, 3).number(2, 1).text(8, "outer")
        ) { $0.message(13, Message().text(1, $1.0).text(2, $1.1)) }.number(14, 1)
    }

    static let inner = Message().bytes(1, [2, 2]).number(2, 3).text(8, "inner").bytes(9, [1, 2, 3, 4])

    static func graph(_ tensors: [Message], nodes: [Message] = []) -> Message {
        let constant = Message().text(1, "value").message(
            5, Message().number(1, 3).number(2, 22).bytes(9, [0x12, 0x03]))
        let branch = Message().message(1, Message().text(4, "Constant").message(5, constant))
        let condition = Message().text(4, "If").message(5, Message().text(1, "then_branch").message(6, branch))
        let product = Message().text(4, "MatMulNBits").text(7, "com.microsoft")
        let all = [product, product, condition] + nodes
        let start = all.reduce(Message()) { $0.message(1, $1) }
        return tensors.reduce(start) { $0.message(5, $1) }
            .message(11, value("audio", 1, [Message().number(1, 1), Message().text(2, "samples")]))
            .message(11, value("inner", 3, [Message().number(1, 2), Message().number(1, 2)]))
            .message(12, value("logits", 10, [Message().number(1, 1), Message()]))
    }

    static func model(_ graph: Message) -> [UInt8] {
        Message().number(1, 8).text(2, "parley-forge").text(3, "1").message(7, graph)
            .message(8, Message().text(1, "").number(2, 17)).message(8, Message().text(1, "com.microsoft").number(2, 1))
            .message(14, Message().text(1, "stage").text(2, "stt")).bytes
    }

    static let file = model(graph([inner, external("audio.weights")]))
}

/// A small GGUF file.
struct GGUFFixture {
    var version: UInt32 = 3
    var values: [(key: String, type: UInt32, content: [UInt8])] = [
        ("general.architecture", 8, text("llama")), ("llama.block_count", 4, le32(2)),
        ("general.ok", 7, [1]), ("rope", 6, le32(Float(0.5).bitPattern)), ("minus", 11, le64(UInt64(bitPattern: -3))),
        ("tokens", 9, le32(8) + le64(8) + (0..<8).flatMap { text("t\($0)") }),
        ("scores", 9, le32(6) + le64(9) + (0..<9).flatMap { _ in le32(0) }),
    ]
    var tensors: [(name: String, dimensions: [UInt64], type: UInt32, offset: UInt64)] = [
        ("embedding", [32, 2], 2, 0), ("norm", [3], 0, 64),
    ]
    var tensorCount: UInt64?
    var keyCount: UInt64?
    /// Bytes after the header, padding included: 36 padded to 64, then 12 padded to 32.
    var dataBytes = 96

    static func text(_ text: String) -> [UInt8] { le64(UInt64(text.utf8.count)) + Array(text.utf8) }

    var bytes: [UInt8] {
        var bytes = Array("GGUF".utf8) + le32(version)
        bytes += le64(tensorCount ?? UInt64(tensors.count)) + le64(keyCount ?? UInt64(values.count))
        for value in values { bytes += Self.text(value.key) + le32(value.type) + value.content }
        for tensor in tensors {
            bytes += Self.text(tensor.name) + le32(UInt32(tensor.dimensions.count))
            bytes += tensor.dimensions.flatMap { le64($0) } + le32(tensor.type) + le64(tensor.offset)
        }
        bytes += Array(repeating: 0, count: (32 - bytes.count % 32) % 32)
        return bytes + Array(repeating: 7, count: dataBytes)
    }
}
