/// An element type of ONNX: `TensorProto.DataType`.
struct OnnxElement {
    let name: String
    /// Bits of one element; nil for text and for what is unknown.
    let bits: Int64?

    init(_ code: Int64) {
        let known: [Int64: (String, Int64?)] = [
            1: ("f32", 32), 2: ("u8", 8), 3: ("i8", 8), 4: ("u16", 16), 5: ("i16", 16), 6: ("i32", 32), 7: ("i64", 64),
            8: ("string", nil), 9: ("bool", 8), 10: ("f16", 16), 11: ("f64", 64), 12: ("u32", 32), 13: ("u64", 64),
            14: ("complex64", 64), 15: ("complex128", 128), 16: ("bf16", 16), 17: ("f8e4m3fn", 8),
            18: ("f8e4m3fnuz", 8), 19: ("f8e5m2", 8), 20: ("f8e5m2fnuz", 8), 21: ("u4", 4), 22: ("i4", 4),
            23: ("f4e2m1", 4), 24: ("f8e8m0", 8), 25: ("u2", 2), 26: ("i2", 2),
        ]
        (name, bits) = known[code] ?? ("type \(code)", nil)
    }
}
