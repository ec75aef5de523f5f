extension ModelInspection {
    /// A matrix product or convolution over constant weights that is computed in floats.
    package struct FloatProduct: Sendable, Equatable {
        /// "MatMul", "Gemm" or "Conv".
        package let operation: String
        /// Name of the constant.
        package let weight: String
        /// Bytes of the weights as FP32, however they lie in the file.
        package let bytes: Int64
    }
}

/// Finds the products over constant weights that run in floats.
///
/// A constant that comes through `Cast` or `DequantizeLinear` counts too, because the runtime folds these at load and
/// multiplies floats. Where every factor is dequantised it multiplies the integers instead.
struct OnnxProducts {
    static let operations: Set<String> = ["MatMul", "Gemm", "Conv"]
    /// Operators that change how a constant is written and not what it holds.
    private static let rewritings: Set<String> = ["Cast", "DequantizeLinear", "Identity", "Reshape", "Transpose"]

    struct Node {
        var type = ""
        var inputs: [String] = []
        var outputs: [String] = []
        /// Elements of the tensors in its attributes.
        var elements: Int64 = 0
    }

    private var products: [Node] = []
    /// Nodes that rewrite or hold constants, by what they make.
    private var sources: [String: Node] = [:]

    mutating func add(_ node: Node) {
        if Self.operations.contains(node.type) { products.append(node) }
        guard Self.rewritings.contains(node.type) || node.type == "Constant" else { return }
        for output in node.outputs { sources[output] = node }
    }

    /// - Parameter constants: elements of each initialiser by name.
    func floatProducts(constants: [String: Int64]) -> [ModelInspection.FloatProduct] {
        products.flatMap { node -> [ModelInspection.FloatProduct] in
            let factors = node.inputs.prefix(2)
            if factors.allSatisfy({ sources[$0]?.type == "DequantizeLinear" }) { return [] }
            return factors.compactMap { name in
                constant(name, constants).map {
                    let (bytes, overflow) = $0.elements.multipliedReportingOverflow(by: 4)
                    return .init(operation: node.type, weight: $0.name, bytes: overflow ? .max : bytes)
                }
            }
        }
    }

    /// The constant behind a value, through at most a few rewritings.
    private func constant(_ name: String, _ constants: [String: Int64]) -> (name: String, elements: Int64)? {
        var name = name
        for _ in 0..<8 {
            if let elements = constants[name] { return (name, elements) }
            guard let source = sources[name] else { return nil }
            if source.type == "Constant" { return (name, source.elements) }
            guard let input = source.inputs.first else { return nil }
            name = input
        }
        return nil
    }
}
