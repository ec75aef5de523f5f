/// Element types of tensors; the values are those of the C enumeration `ONNXTensorElementDataType`.
package struct OnnxElementType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let float = OnnxElementType(rawValue: 1)
    package static let uint8 = OnnxElementType(rawValue: 2)
    package static let int8 = OnnxElementType(rawValue: 3)
    package static let int32 = OnnxElementType(rawValue: 6)
    package static let int64 = OnnxElementType(rawValue: 7)

    package var description: String {
        switch self {
        case .float: "float32"
        case .uint8: "uint8"
        case .int8: "int8"
        case .int32: "int32"
        case .int64: "int64"
        default: "element type \(rawValue)"
        }
    }
}

/// A Swift type that is stored in tensors as it is.
package protocol OnnxElement: BitwiseCopyable, Sendable {
    static var elementType: OnnxElementType { get }
    /// What fresh memory holds.
    static var zero: Self { get }
}

extension Float: OnnxElement {
    package static var elementType: OnnxElementType { .float }
}
extension UInt8: OnnxElement {
    package static var elementType: OnnxElementType { .uint8 }
}
extension Int8: OnnxElement {
    package static var elementType: OnnxElementType { .int8 }
}
extension Int32: OnnxElement {
    package static var elementType: OnnxElementType { .int32 }
}
extension Int64: OnnxElement {
    package static var elementType: OnnxElementType { .int64 }
}
