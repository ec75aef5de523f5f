internal import Foundation

/// Moves packed weights to places in their file where the kernels find them as they were packed.
///
/// Inside a packed matrix the kernels align parts of it by its address, which was a multiple of 64 when it was packed.
/// ONNX Runtime 1.31 writes matrices of up to 1 MiB wherever the one before ends: mapped from there, scales and sums are
/// read from the wrong place and the results are wrong, without an error. Such matrices get an aligned copy at the end of
/// the file, and the graph says so.
struct PackedAlignment {
    /// Alignment of memory that ONNX Runtime allocates. Source: `kAllocAlignment` in `allocator.h` of 1.31.
    static let alignment: UInt64 = 64

    private let weights: FileHandle
    private var end: UInt64

    /// `ModelProto.graph`, `GraphProto.initializer`, `TensorProto.external_data`. Source: `onnx.proto` of 1.19.
    private static let path: [UInt64] = [7, 5, 13]

    /// - Throws: `.cacheUnusable`.
    static func apply(to files: PackedFiles) throws(OnnxError) {
        guard FileManager.default.fileExists(atPath: files.weights) else { return }
        do {
            let weights = try FileHandle(forUpdating: URL(filePath: files.weights))
            var alignment = PackedAlignment(weights: weights, end: try weights.seekToEnd())
            let graph = try Data(contentsOf: URL(filePath: files.graph))
            let aligned = try alignment.rewrite([UInt8](graph)[...], path: path[...])
            try weights.close()
            try Data(aligned).write(to: URL(filePath: files.graph))
        } catch {
            throw OnnxError(.cacheUnusable, "The packed weights in \(files.folder) cannot be aligned.", cause: error)
        }
    }

    private init(weights: FileHandle, end: UInt64) {
        self.weights = weights
        self.end = end
    }

    private struct Malformed: Error {}

    /// A message with the entries at the end of the path changed.
    private mutating func rewrite(_ message: ArraySlice<UInt8>, path: ArraySlice<UInt64>) throws -> [UInt8] {
        guard let wanted = path.first else { return try rewriteEntry(message) }
        var result: [UInt8] = []
        result.reserveCapacity(message.count)
        var rest = message
        while !rest.isEmpty {
            let field = try Self.takeField(&rest)
            if field.number == wanted, let content = field.content {
                Self.append(field.number, try rewrite(content, path: path.dropFirst()), to: &result)
            } else {
                result += field.bytes
            }
        }
        return result
    }

    /// An entry is a key (1) and a value (2). That of a packed matrix is `prepacked_<n>`: `<name>|<offset>;<length>;<0>`,
    /// the last part once for each of its buffers.
    private mutating func rewriteEntry(_ message: ArraySlice<UInt8>) throws -> [UInt8] {
        var rest = message
        var key = ""
        var value = ""
        while !rest.isEmpty {
            let field = try Self.takeField(&rest)
            guard let content = field.content else { continue }
            if field.number == 1 { key = String(decoding: content, as: UTF8.self) }
            if field.number == 2 { value = String(decoding: content, as: UTF8.self) }
        }
        guard key.hasPrefix("prepacked_") else { return Array(message) }
        var parts = value.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        for index in parts.indices.dropFirst() {
            var numbers = parts[index].split(separator: ";", omittingEmptySubsequences: false).map(String.init)
            guard numbers.count >= 2, let offset = UInt64(numbers[0]), let length = UInt64(numbers[1]) else {
                throw Malformed()
            }
            if offset % Self.alignment != 0 { numbers[0] = String(try copy(offset, length)) }
            parts[index] = numbers.joined(separator: ";")
        }
        var result: [UInt8] = []
        Self.append(1, Array(key.utf8), to: &result)
        Self.append(2, Array(parts.joined(separator: "|").utf8), to: &result)
        return result
    }

    /// Copies bytes of the file to its end.
    /// - Returns: where they are now.
    private mutating func copy(_ offset: UInt64, _ length: UInt64) throws -> UInt64 {
        try weights.seek(toOffset: offset)
        guard let bytes = try weights.read(upToCount: Int(length)), bytes.count == Int(length) else {
            throw Malformed()
        }
        let start = (end + Self.alignment - 1) / Self.alignment * Self.alignment
        try weights.seek(toOffset: start)
        try weights.write(contentsOf: bytes)
        end = start + length
        return start
    }

    // MARK: - Protobuf, https://protobuf.dev/programming-guides/encoding

    /// One field of a message: its number, what it holds if it holds bytes, and all its bytes.
    private struct Field {
        var number: UInt64
        var content: ArraySlice<UInt8>?
        var bytes: ArraySlice<UInt8>
    }

    private static func takeField(_ rest: inout ArraySlice<UInt8>) throws -> Field {
        let whole = rest
        let tag = try takeNumber(&rest)
        var content: ArraySlice<UInt8>?
        switch tag & 7 {
        case 0: _ = try takeNumber(&rest)
        case 1: _ = try take(8, &rest)
        case 5: _ = try take(4, &rest)
        case 2: content = try take(try takeNumber(&rest), &rest)
        default: throw Malformed()
        }
        return Field(number: tag >> 3, content: content, bytes: whole[whole.startIndex..<rest.startIndex])
    }

    private static func take(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Malformed() }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }

    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw Malformed()
    }

    private static func append(_ number: UInt64, _ content: [UInt8], to result: inout [UInt8]) {
        append(number << 3 | 2, to: &result)
        append(UInt64(content.count), to: &result)
        result += content
    }

    private static func append(_ number: UInt64, to result: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            result.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        result.append(UInt8(rest))
    }
}
