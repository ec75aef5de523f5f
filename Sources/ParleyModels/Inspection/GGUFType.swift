/// Type of a metadata value of GGUF (`gguf_type`).
enum GGUFType: UInt64 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    init(_ code: UInt64, _ window: ByteWindow) throws(ModelError) {
        guard let type = Self(rawValue: code) else { throw window.invalid("a value has the unknown type \(code)") }
        self = type
    }

    /// Bytes of one value; of the shortest one for strings and arrays.
    var size: Int64 {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64, .string: 8
        case .array: 12
        }
    }

    var name: String {
        switch self {
        case .uint8: "u8"
        case .int8: "i8"
        case .uint16: "u16"
        case .int16: "i16"
        case .uint32: "u32"
        case .int32: "i32"
        case .float32: "f32"
        case .bool: "bool"
        case .string: "string"
        case .array: "array"
        case .uint64: "u64"
        case .int64: "i64"
        case .float64: "f64"
        }
    }
}

/// Type of a tensor of GGUF (`ggml_type`): weights are stored in blocks.
struct GGUFTensorType {
    let name: String
    /// Weights in a block.
    let block: Int64
    let blockBytes: Int64

    /// Nil for codes that are unknown or were withdrawn. Sizes: `GGML_QUANT_SIZES` of gguf 0.17.
    init?(_ code: UInt64) {
        let known: [UInt64: (String, Int64, Int64)] = [
            0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
            7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40), 10: ("Q2_K", 256, 84),
            11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210),
            15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98),
            19: ("IQ1_S", 256, 50), 20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
            23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8),
            28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54),
            35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
        ]
        guard let (name, block, blockBytes) = known[code] else { return nil }
        self.name = name
        self.block = block
        self.blockBytes = blockBytes
    }
}
