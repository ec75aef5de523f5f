/// What is in a model file, read from its header without any inference library.
package struct ModelInspection: Sendable, Codable, Equatable {
    package enum Format: String, Sendable, Codable {
        case onnx
        case gguf
    }

    /// An input or output of an ONNX graph.
    package struct Value: Sendable, Codable, Equatable {
        package let name: String
        /// Element type: `f32`, `i64`; `sequence`, `map`, … for what is no tensor.
        package let type: String
        /// Sizes, or names of sizes that are free; nil when the file does not say the rank.
        package let shape: [String]?
    }

    /// How often something occurs.
    package struct Count: Sendable, Codable, Equatable {
        package let name: String
        package let count: Int
    }

    /// Weights of one element type.
    package struct WeightType: Sendable, Codable, Equatable {
        package let type: String
        package var tensors: Int
        package var parameters: Int64
        package var bytes: Int64
    }

    /// A file beside the graph that holds weights.
    package struct ExternalFile: Sendable, Codable, Equatable {
        package let name: String
        /// Bytes of it that the graph uses.
        package var usedBytes: Int64
        /// Its size; nil when it is not there.
        package let bytes: Int64?
    }

    package struct Metadata: Sendable, Codable, Equatable {
        package let key: String
        /// Type of a GGUF value; `string` in ONNX.
        package let type: String
        /// Long values are cut and long arrays summarised; both say so.
        package let value: String
    }

    package var format: Format
    /// Size of the file itself.
    package var fileBytes: Int64
    /// IR version of ONNX, version of GGUF.
    package var version: Int64 = 0
    /// `general.architecture` of GGUF.
    package var architecture: String?
    /// Name and version of the program that wrote an ONNX file.
    package var producer: String?
    /// Operator sets of ONNX with their versions; the standard one is `ai.onnx`.
    package var operatorSets: [Count] = []
    package var inputs: [Value] = []
    package var outputs: [Value] = []
    /// Operator types of ONNX, most frequent first, subgraphs and functions included.
    package var operators: [Count] = []
    /// Weights by element type, largest first. In ONNX: initialisers and constants, external ones included.
    package var weights: [WeightType] = []
    package var externalFiles: [ExternalFile] = []
    /// Products over constant weights that run in floats, in the order of the file. ONNX only; not written as JSON.
    package var floatProducts: [FloatProduct] = []
    package var metadata: [Metadata] = []

    package var tensors: Int { weights.reduce(0) { $0 + $1.tensors } }

    /// Number of weights. The readers made sure that the sums fit.
    package var parameters: Int64 { weights.reduce(0) { $0 &+ $1.parameters } }

    package var weightBytes: Int64 { weights.reduce(0) { $0 &+ $1.bytes } }

    init(format: Format, fileBytes: Int64) {
        self.format = format
        self.fileBytes = fileBytes
    }

    /// Reads the header of an ONNX or GGUF file; weights are never read, however large the file.
    /// - Throws: `ModelError` `.inputMissing`, `.notAModelFile`, `.headerInvalid`, `.ioFailure`.
    package init(path: String) throws(ModelError) {
        try self.init(ByteWindow(RandomAccessFile(path: path)))
    }

    /// The same for a file that is in memory already.
    /// - Parameter path: its name in errors; external weights are looked for beside it.
    package init(bytes: [UInt8], path: String) throws(ModelError) {
        try self.init(ByteWindow(bytes: bytes, path: path))
    }

    private init(_ bytes: ByteWindow) throws(ModelError) {
        if bytes.count >= 4, try bytes.text(0..<4) == "GGUF" {
            var reader = GGUFReader(bytes)
            self = try reader.read()
        } else {
            var reader = OnnxReader(bytes)
            self = try reader.read()
        }
    }

    // MARK: - Coding: the sums are written too

    private enum CodingKeys: String, CodingKey {
        case format, fileBytes, version, architecture, producer, operatorSets, inputs, outputs, operators
        case tensors, parameters, weightBytes, weights, externalFiles, metadata
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        format = try values.decode(Format.self, forKey: .format)
        fileBytes = try values.decode(Int64.self, forKey: .fileBytes)
        version = try values.decode(Int64.self, forKey: .version)
        architecture = try values.decodeIfPresent(String.self, forKey: .architecture)
        producer = try values.decodeIfPresent(String.self, forKey: .producer)
        operatorSets = try values.decode([Count].self, forKey: .operatorSets)
        inputs = try values.decode([Value].self, forKey: .inputs)
        outputs = try values.decode([Value].self, forKey: .outputs)
        operators = try values.decode([Count].self, forKey: .operators)
        weights = try values.decode([WeightType].self, forKey: .weights)
        externalFiles = try values.decode([ExternalFile].self, forKey: .externalFiles)
        metadata = try values.decode([Metadata].self, forKey: .metadata)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(format, forKey: .format)
        try values.encode(fileBytes, forKey: .fileBytes)
        try values.encode(version, forKey: .version)
        try values.encodeIfPresent(architecture, forKey: .architecture)
        try values.encodeIfPresent(producer, forKey: .producer)
        try values.encode(operatorSets, forKey: .operatorSets)
        try values.encode(inputs, forKey: .inputs)
        try values.encode(outputs, forKey: .outputs)
        try values.encode(operators, forKey: .operators)
        try values.encode(tensors, forKey: .tensors)
        try values.encode(parameters, forKey: .parameters)
        try values.encode(weightBytes, forKey: .weightBytes)
        try values.encode(weights, forKey: .weights)
        try values.encode(externalFiles, forKey: .externalFiles)
        try values.encode(metadata, forKey: .metadata)
    }
}
