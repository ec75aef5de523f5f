internal import Foundation

/// Reads the header of an ONNX file. Field numbers: `onnx.proto` of ONNX 1.19 (IR version 12).
struct OnnxReader {
    /// Graphs within graphs (`If`, `Loop`) beyond this depth are refused.
    static let maximumDepth = 32
    static let maximumValues = 100_000
    static let maximumRank = 64

    private let window: ByteWindow
    private var result: ModelInspection
    private var operators: [String: Int] = [:]
    private var tally: OnnxWeights
    private var products = OnnxProducts()
    private var hasGraph = false

    init(_ window: ByteWindow) {
        self.window = window
        result = ModelInspection(format: .onnx, fileBytes: window.count)
        tally = OnnxWeights(window)
    }

    mutating func read() throws(ModelError) -> ModelInspection {
        do {
            try model(ProtobufReader(window, 0..<window.count))
        } catch  where !hasGraph && error.code == .headerInvalid {
            throw notAModel(error)
        }
        guard hasGraph, !result.operatorSets.isEmpty, result.version > 0 else { throw notAModel(nil) }
        result.operators = operators.map { .init(name: $0.key, count: $0.value) }
            .sorted { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
        result.weights = tally.types
        result.externalFiles = try tally.files()
        result.floatProducts = products.floatProducts(constants: tally.elements)
        return result
    }

    private func notAModel(_ cause: ModelError?) -> ModelError {
        ModelError(
            .notAModelFile, "\(window.path) is neither an ONNX nor a GGUF file. Give a model file.", cause: cause)
    }

    // MARK: - Model

    private mutating func model(_ reader: ProtobufReader) throws(ModelError) {
        var reader = reader
        var producer: [Int: String] = [:]
        while let field = try reader.next() {
            switch field.number {
            case 1: result.version = try field.integer(window)
            case 2, 3: producer[field.number] = try field.text(window)
            case 7:
                hasGraph = true
                try graph(try field.message(window), depth: 0)
            case 8: try operatorSet(try field.message(window))
            case 14: try metadata(try field.message(window))
            case 25: try function(try field.message(window))
            default: break
            }
        }
        let words = [producer[2], producer[3]].compactMap { $0 }.filter { !$0.isEmpty }
        result.producer = words.isEmpty ? nil : words.joined(separator: " ")
    }

    private mutating func operatorSet(_ reader: ProtobufReader) throws(ModelError) {
        var reader = reader
        var domain = ""
        var version: Int64 = 0
        while let field = try reader.next() {
            if field.number == 1 { domain = try field.text(window) }
            if field.number == 2 { version = try field.integer(window) }
        }
        guard let count = Int(exactly: version), count > 0, result.operatorSets.count < 1000 else {
            throw window.invalid("its operator set has the version \(version)")
        }
        result.operatorSets.append(.init(name: domain.isEmpty ? "ai.onnx" : domain, count: count))
    }

    private mutating func metadata(_ reader: ProtobufReader) throws(ModelError) {
        guard result.metadata.count < Self.maximumValues else { throw window.invalid("it has too much metadata") }
        let (key, value) = try Self.pair(reader, window)
        result.metadata.append(.init(key: key, type: "string", value: value))
    }

    /// Key and value of a `StringStringEntryProto`.
    static func pair(_ reader: ProtobufReader, _ window: ByteWindow) throws(ModelError) -> (String, String) {
        var reader = reader
        var pair = ("", "")
        while let field = try reader.next() {
            if field.number == 1 { pair.0 = try field.text(window) }
            if field.number == 2 { pair.1 = try field.text(window) }
        }
        return pair
    }

    private mutating func function(_ reader: ProtobufReader) throws(ModelError) {
        var reader = reader
        while let field = try reader.next() {
            if field.number == 7 { try node(try field.message(window), depth: 1) }
        }
    }

    // MARK: - Graph

    private mutating func graph(_ reader: ProtobufReader, depth: Int) throws(ModelError) {
        guard depth < Self.maximumDepth else { throw window.invalid("its graphs are nested too deeply") }
        var reader = reader
        var inputs: [ModelInspection.Value] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: try node(try field.message(window), depth: depth)
            case 5: try tally.tensor(try field.message(window))
            case 15: try sparse(try field.message(window))
            case 11 where depth == 0: inputs.append(try value(try field.message(window)))
            case 12 where depth == 0: result.outputs.append(try value(try field.message(window)))
            default: break
            }
            guard inputs.count <= Self.maximumValues, result.outputs.count <= Self.maximumValues else {
                throw window.invalid("it has too many inputs or outputs")
            }
        }
        // Before IR version 4 every initialiser was listed as an input too.
        if depth == 0 { result.inputs += inputs.filter { tally.elements[$0.name] == nil } }
    }

    private mutating func node(_ reader: ProtobufReader, depth: Int) throws(ModelError) {
        var reader = reader
        var node = OnnxProducts.Node()
        var domain = ""
        while let field = try reader.next() {
            switch field.number {
            case 1: node.inputs.append(try field.text(window))
            case 2: node.outputs.append(try field.text(window))
            case 4: node.type = try field.text(window)
            case 5: node.elements = max(node.elements, try attribute(try field.message(window), depth: depth))
            case 7: domain = try field.text(window)
            default: break
            }
            guard node.inputs.count <= Self.maximumValues, node.outputs.count <= Self.maximumValues else {
                throw window.invalid("a node has too many inputs or outputs")
            }
        }
        if !domain.isEmpty, domain != "ai.onnx" { node.type = domain + "." + node.type }
        operators[node.type, default: 0] += 1
        products.add(node)
        guard operators.count <= Self.maximumValues else { throw window.invalid("it has too many operator types") }
    }

    /// - Returns: elements of its largest tensor.
    private mutating func attribute(_ reader: ProtobufReader, depth: Int) throws(ModelError) -> Int64 {
        var reader = reader
        var elements: Int64 = 0
        while let field = try reader.next() {
            switch field.number {
            case 5, 10: elements = max(elements, try tally.tensor(try field.message(window)))
            case 6, 11: try graph(try field.message(window), depth: depth + 1)
            case 22, 23: try sparse(try field.message(window))
            default: break
            }
        }
        return elements
    }

    private mutating func sparse(_ reader: ProtobufReader) throws(ModelError) {
        var reader = reader
        while let field = try reader.next() {
            if field.number == 1 || field.number == 2 { try tally.tensor(try field.message(window)) }
        }
    }

    // MARK: - Inputs and outputs

    private func value(_ reader: ProtobufReader) throws(ModelError) -> ModelInspection.Value {
        var reader = reader
        var name = ""
        var type: (name: String, shape: [String]?) = ("unknown", nil)
        while let field = try reader.next() {
            if field.number == 1 { name = try field.text(window) }
            if field.number == 2 { type = try self.type(try field.message(window)) }
        }
        return .init(name: name, type: type.name, shape: type.shape)
    }

    private func type(_ reader: ProtobufReader) throws(ModelError) -> (name: String, shape: [String]?) {
        var reader = reader
        var type: (name: String, shape: [String]?) = ("unknown", nil)
        while let field = try reader.next() {
            switch field.number {
            case 1: type = try tensorType(try field.message(window))
            case 4: type = ("sequence", nil)
            case 5: type = ("map", nil)
            case 7: type = ("opaque", nil)
            case 8: type = ("sparse tensor", nil)
            case 9: type = ("optional", nil)
            default: break
            }
        }
        return type
    }

    private func tensorType(_ reader: ProtobufReader) throws(ModelError) -> (name: String, shape: [String]?) {
        var reader = reader
        var name = "unknown"
        var shape: [String]?
        while let field = try reader.next() {
            if field.number == 1 { name = OnnxElement(try field.integer(window)).name }
            if field.number == 2 { shape = try self.shape(try field.message(window)) }
        }
        return (name, shape)
    }

    private func shape(_ reader: ProtobufReader) throws(ModelError) -> [String] {
        var reader = reader
        var shape: [String] = []
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            guard shape.count < Self.maximumRank else { throw window.invalid("a shape has too many dimensions") }
            var dimension = try field.message(window)
            var text = "?"
            while let part = try dimension.next() {
                if part.number == 1 { text = String(try part.integer(window)) }
                if part.number == 2 { text = try part.text(window) }
            }
            shape.append(text)
        }
        return shape
    }
}
