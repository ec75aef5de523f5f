/// Reads the header of a GGUF file, version 2 or 3, little-endian. Format: `gguf.md` of ggml.
struct GGUFReader {
    static let maximumKeys: UInt64 = 1 << 16
    static let maximumTensors: UInt64 = 1 << 20
    /// Elements of an array that are shown.
    static let shownElements = 6

    private let window: ByteWindow
    private var position: Int64 = 4
    private var result: ModelInspection
    private var alignment: Int64 = 32

    init(_ window: ByteWindow) {
        self.window = window
        result = ModelInspection(format: .gguf, fileBytes: window.count)
    }

    mutating func read() throws(ModelError) -> ModelInspection {
        let version = try number(4)
        guard version == 2 || version == 3 else {
            throw window.invalid("GGUF version \(version) is not known (2 and 3 are; big-endian files are not read)")
        }
        result.version = Int64(version)
        let tensors = try number(8)
        let keys = try number(8)
        guard tensors <= Self.maximumTensors, keys <= Self.maximumKeys else {
            throw window.invalid("it claims \(tensors) tensors and \(keys) keys")
        }
        var seen: Set<String> = []
        for _ in 0..<keys {
            let key = try text(limit: 1 << 16)
            guard seen.insert(key).inserted else { throw window.invalid("it has the key \(key) twice") }
            try metadata(key)
        }
        try readTensors(Int(tensors))
        return result
    }

    // MARK: - Metadata

    private mutating func metadata(_ key: String) throws(ModelError) {
        let type = try GGUFType(number(4), window)
        let value = type == .array ? try array() : (type.name, try scalar(type))
        result.metadata.append(.init(key: key, type: value.0, value: value.1))
        if key == "general.architecture", type == .string { result.architecture = value.1 }
        if key == "general.alignment" {
            guard type == .uint32, let number = Int64(value.1), number > 0, number & (number - 1) == 0 else {
                throw window.invalid("general.alignment is \(value.1), not a power of two")
            }
            alignment = number
        }
    }

    private mutating func scalar(_ type: GGUFType) throws(ModelError) -> String {
        switch type {
        case .uint8, .uint16, .uint32, .uint64: return String(try number(type.size))
        case .int8: return String(Int8(truncatingIfNeeded: try number(1)))
        case .int16: return String(Int16(truncatingIfNeeded: try number(2)))
        case .int32: return String(Int32(truncatingIfNeeded: try number(4)))
        case .int64: return String(Int64(bitPattern: try number(8)))
        case .float32: return String(Float(bitPattern: UInt32(truncatingIfNeeded: try number(4))))
        case .float64: return String(Double(bitPattern: try number(8)))
        case .bool:
            let value = try number(1)
            guard value <= 1 else { throw window.invalid("a truth value is \(value)") }
            return value == 1 ? "true" : "false"
        case .string: return try text(limit: 16 << 10)
        case .array: throw window.invalid("it has an array of arrays")
        }
    }

    /// Walks an array and keeps its first elements.
    private mutating func array() throws(ModelError) -> (String, String) {
        let type = try GGUFType(number(4), window)
        guard type != .array else { throw window.invalid("it has an array of arrays") }
        let count = try number(8)
        let remaining = window.count - position
        guard let count = Int64(exactly: count), count <= remaining / type.size else {
            throw window.invalid("an array has more elements than the file has room")
        }
        var shown: [String] = []
        for index in 0..<count {
            if index < Self.shownElements {
                let value = try scalar(type)
                shown.append(type == .string ? value.debugDescription : value)
            } else if type == .string {
                try skip(Int64(exactly: number(8)))
            } else {
                try skip((count - index).times(type.size))
                break
            }
        }
        let rest = count > Self.shownElements ? ", … (\(count) in all)" : ""
        return ("array of \(type.name)", "[" + shown.joined(separator: ", ") + rest + "]")
    }

    // MARK: - Tensors

    private mutating func readTensors(_ count: Int) throws(ModelError) {
        var byType: [String: ModelInspection.WeightType] = [:]
        var names: Set<String> = []
        var dataBytes: Int64 = 0
        var lastPadding: Int64 = 0
        for _ in 0..<count {
            let name = try text(limit: 64)
            guard names.insert(name).inserted else { throw window.invalid("it has the tensor \(name) twice") }
            let (elements, row) = try dimensions(name)
            let code = try number(4)
            guard let type = GGUFTensorType(code) else {
                throw window.invalid("the tensor \(name) has the unknown type \(code)")
            }
            guard row % type.block == 0, let bytes = (elements / type.block).times(type.blockBytes) else {
                throw window.invalid("the tensor \(name) does not consist of whole blocks")
            }
            // Tensors follow each other, each at the next multiple of the alignment.
            guard try number(8) == UInt64(dataBytes) else { throw window.invalid("the tensor \(name) is misplaced") }
            guard let end = dataBytes.plus(bytes), let padded = aligned(end),
                padded <= window.count.plus(alignment) ?? 0
            else { throw window.invalid("the tensor \(name) lies outside the file") }
            lastPadding = padded - end
            dataBytes = padded
            var sum = byType[type.name] ?? .init(type: type.name, tensors: 0, parameters: 0, bytes: 0)
            sum.tensors += 1
            // Bounded by the size of the file: at most 8 parameters a byte, checked to be inside it.
            sum.parameters = sum.parameters.plus(elements) ?? .max
            sum.bytes += bytes
            byType[type.name] = sum
        }
        result.weights = byType.values.sorted { $0.bytes != $1.bytes ? $0.bytes > $1.bytes : $0.type < $1.type }
        guard count > 0 else { return }
        guard let end = aligned(position)?.plus(dataBytes) else { throw window.invalid("its tensors are too large") }
        // The padding of the last tensor may be left out.
        guard window.count <= end, window.count >= end - lastPadding else {
            throw window.invalid("it has \(window.count) bytes, its header describes \(end)")
        }
    }

    /// - Returns: number of elements and length of a row.
    private mutating func dimensions(_ name: String) throws(ModelError) -> (elements: Int64, row: Int64) {
        let rank = try number(4)
        guard rank <= 4 else { throw window.invalid("the tensor \(name) has \(rank) dimensions") }
        var elements: Int64 = 1
        var row: Int64 = 1
        for index in 0..<rank {
            let size = try number(8)
            guard let size = Int64(exactly: size), size > 0, let product = elements.times(size) else {
                throw window.invalid("the tensor \(name) has impossible dimensions")
            }
            elements = product
            if index == 0 { row = size }
        }
        return (elements, row)
    }

    private func aligned(_ offset: Int64) -> Int64? {
        offset.plus(alignment - 1).map { $0 & ~(alignment - 1) }
    }

    // MARK: - Bytes

    private mutating func number(_ size: Int64) throws(ModelError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(try window.byte(position + index)) << UInt64(index * 8) }
        position += size
        return value
    }

    private mutating func skip(_ count: Int64?) throws(ModelError) {
        guard let count, count >= 0, count <= window.count - position else {
            throw window.invalid("something in its header is longer than the file")
        }
        position += count
    }

    private mutating func text(limit: Int64) throws(ModelError) -> String {
        let length = try number(8)
        let start = position
        try skip(Int64(exactly: length))
        return try window.text(start..<position, limit: limit)
    }
}
