internal import Foundation

/// Counts the tensors of an ONNX file: number, bytes, and the files that hold them.
struct OnnxWeights {
    private let window: ByteWindow
    private var byType: [String: ModelInspection.WeightType] = [:]
    private var used: [String: (bytes: Int64, end: Int64)] = [:]
    /// Elements of each initialiser by name.
    private(set) var elements: [String: Int64] = [:]

    init(_ window: ByteWindow) { self.window = window }

    var types: [ModelInspection.WeightType] {
        byType.values.sorted { $0.bytes != $1.bytes ? $0.bytes > $1.bytes : $0.type < $1.type }
    }

    private struct Tensor {
        var dimensions: [Int64] = []
        var element = OnnxElement(0)
        var name = ""
        var rawBytes: Int64?
        var isExternal = false
        var external: [String: String] = [:]
    }

    /// - Returns: its number of elements.
    @discardableResult
    mutating func tensor(_ reader: ProtobufReader) throws(ModelError) -> Int64 {
        let tensor = try read(reader)
        var count: Int64 = 1
        for dimension in tensor.dimensions {
            guard dimension >= 0, let product = count.times(dimension) else {
                throw window.invalid("the tensor \(tensor.name) has impossible dimensions")
            }
            count = product
        }
        let bits = tensor.element.bits ?? 0
        guard let sum = count.times(bits)?.plus(7) else {
            throw window.invalid("the tensor \(tensor.name) is too large")
        }
        let bytes = tensor.element.bits == nil ? tensor.rawBytes ?? 0 : sum / 8
        if let raw = tensor.rawBytes, raw != bytes {
            throw window.invalid("the tensor \(tensor.name) has \(raw) bytes instead of \(bytes)")
        }
        if tensor.isExternal { try note(tensor, bytes: bytes) }
        try add(tensor, count, bytes)
        return count
    }

    private func read(_ reader: ProtobufReader) throws(ModelError) -> Tensor {
        var reader = reader
        var tensor = Tensor()
        while let field = try reader.next() {
            switch field.number {
            case 1:
                let room = OnnxReader.maximumRank
                tensor.dimensions += try ProtobufReader.numbers(field, window, limit: room).map(Int64.init(bitPattern:))
                guard tensor.dimensions.count <= room else { throw window.invalid("a tensor has too many dimensions") }
            case 2: tensor.element = OnnxElement(try field.integer(window))
            case 8: tensor.name = try field.text(window)
            case 9:
                let range = try field.range(window)
                tensor.rawBytes = range.upperBound - range.lowerBound
            case 13:
                let (key, value) = try OnnxReader.pair(try field.message(window), window)
                guard tensor.external.count < 100 else { throw window.invalid("\(tensor.name) has too many locations") }
                tensor.external[key] = value
            case 14: tensor.isExternal = try field.integer(window) == 1
            default: break
            }
        }
        return tensor
    }

    /// Checks where an external tensor lies: a plain relative path, a range that fits.
    private mutating func note(_ tensor: Tensor, bytes: Int64) throws(ModelError) {
        let location = tensor.external["location"] ?? ""
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        let isSafe =
            !location.isEmpty && !location.contains("\\") && location.utf8.allSatisfy { $0 >= 0x20 }
            && parts.allSatisfy { !$0.isEmpty && $0 != ".." && $0 != "." }
        guard isSafe else {
            throw window.invalid("\(tensor.name) lies outside the model's folder (\(location.debugDescription))")
        }
        func number(_ key: String, _ standard: Int64) throws(ModelError) -> Int64 {
            guard let text = tensor.external[key] else { return standard }
            guard let number = Int64(text), number >= 0 else {
                throw window.invalid("\(key) of \(tensor.name) is no number")
            }
            return number
        }
        let offset = try number("offset", 0)
        let length = try number("length", bytes)
        guard length == bytes, let end = offset.plus(length) else {
            throw window.invalid("\(tensor.name) has \(length) bytes outside the file instead of \(bytes)")
        }
        let before = used[location] ?? (0, 0)
        guard let sum = before.bytes.plus(bytes), used.count < 1000 else { throw window.invalid("too many weights") }
        used[location] = (sum, max(before.end, end))
    }

    private mutating func add(_ tensor: Tensor, _ count: Int64, _ bytes: Int64) throws(ModelError) {
        if !tensor.name.isEmpty { elements[tensor.name] = count }
        let name = tensor.element.name
        var type = byType[name] ?? .init(type: name, tensors: 0, parameters: 0, bytes: 0)
        // A file of 2^60 weights cannot exist; sums over all types then stay inside 63 bits.
        guard let parameters = type.parameters.plus(count), let sum = type.bytes.plus(bytes), parameters < 1 << 56,
            sum < 1 << 56, byType.count < 100
        else { throw window.invalid("it claims more weights than any file holds") }
        type.tensors += 1
        type.parameters = parameters
        type.bytes = sum
        byType[name] = type
    }

    /// The external files, with their sizes where they are there.
    func files() throws(ModelError) -> [ModelInspection.ExternalFile] {
        let folder = (window.path as NSString).deletingLastPathComponent
        var files: [ModelInspection.ExternalFile] = []
        for (name, range) in used.sorted(by: { $0.key < $1.key }) {
            let path = folder.isEmpty ? name : folder + "/" + name
            let size = SystemCall.information(path)?.bytes
            if let size, range.end > size {
                throw window.invalid("\(name) beside it has \(size) bytes, the graph needs \(range.end)")
            }
            files.append(.init(name: name, usedBytes: range.bytes, bytes: size))
        }
        return files
    }
}
