/// The fields of one protobuf message inside a file, one after the other.
/// Wire format: protobuf.dev/programming-guides/encoding. Groups, which ONNX never uses, are refused.
struct ProtobufReader {
    enum Content {
        case number(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(Range<Int64>)
    }

    struct Field {
        let number: Int
        let content: Content
    }

    let window: ByteWindow
    private var position: Int64
    private let end: Int64

    /// - Parameter range: of the message; lies inside the file.
    init(_ window: ByteWindow, _ range: Range<Int64>) {
        self.window = window
        position = range.lowerBound
        end = range.upperBound
    }

    /// Nil at the end of the message.
    mutating func next() throws(ModelError) -> Field? {
        guard position < end else { return nil }
        let tag = try number()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw window.invalid("a field has an impossible number") }
        let field = Int(tag >> 3)
        switch tag & 7 {
        case 0: return Field(number: field, content: .number(try number()))
        case 1: return Field(number: field, content: .fixed64(try fixed(8)))
        case 5: return Field(number: field, content: .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        case 2:
            let length = try number()
            guard let length = Int64(exactly: length), length <= end - position else {
                throw window.invalid("field \(field) is longer than what holds it")
            }
            defer { position += length }
            return Field(number: field, content: .bytes(position..<position + length))
        default: throw window.invalid("field \(field) has the unknown wire type \(tag & 7)")
        }
    }

    /// Base-128 number of at most 10 bytes.
    private mutating func number() throws(ModelError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard position < end else { throw window.invalid("a number is cut") }
            let byte = try window.byte(position)
            position += 1
            value |= UInt64(byte & 0x7f) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        throw window.invalid("a number has more than 10 bytes")
    }

    private mutating func fixed(_ size: Int64) throws(ModelError) -> UInt64 {
        guard size <= end - position else { throw window.invalid("a number is cut") }
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(try window.byte(position + index)) << UInt64(index * 8) }
        position += size
        return value
    }

    /// Numbers of a repeated field that may be packed.
    static func numbers(_ field: Field, _ window: ByteWindow, limit: Int) throws(ModelError) -> [UInt64] {
        switch field.content {
        case .number(let number): return [number]
        case .bytes(let range):
            var reader = ProtobufReader(window, range)
            var numbers: [UInt64] = []
            while reader.position < reader.end {
                guard numbers.count < limit else { throw window.invalid("a list has more than \(limit) numbers") }
                numbers.append(try reader.number())
            }
            return numbers
        default: throw window.invalid("field \(field.number) is of the wrong kind")
        }
    }
}

extension ProtobufReader.Field {
    func message(_ window: ByteWindow) throws(ModelError) -> ProtobufReader {
        ProtobufReader(window, try range(window))
    }

    func range(_ window: ByteWindow) throws(ModelError) -> Range<Int64> {
        guard case .bytes(let range) = content else { throw window.invalid("field \(number) is of the wrong kind") }
        return range
    }

    func text(_ window: ByteWindow) throws(ModelError) -> String { try window.text(try range(window)) }

    func integer(_ window: ByteWindow) throws(ModelError) -> Int64 {
        guard case .number(let value) = content else { throw window.invalid("field \(number) is of the wrong kind") }
        return Int64(bitPattern: value)
    }
}
