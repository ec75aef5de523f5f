/// Writes WAV files of every shape, right or wrong; independent of the writer under test.
struct WAVBytes {
    var tag = 1
    var bits = 16
    var channels = 1
    var rate = 16_000
    /// `nil` for the right value.
    var frameBytes: Int?
    var riffSize: UInt32?
    var dataSize: UInt32?
    var formatSize = 16
    var isExtensible = false
    var subFormatTail: [UInt8] = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]
    var chunksBefore: [(String, [UInt8])] = []
    var chunksAfter: [(String, [UInt8])] = []
    var data: [UInt8] = []

    static func pcm16(_ samples: [Int16]) -> [UInt8] { samples.flatMap { little(UInt16(bitPattern: $0)) } }
    static func float32(_ samples: [Float]) -> [UInt8] { samples.flatMap { little($0.bitPattern) } }
    static func float64(_ samples: [Double]) -> [UInt8] { samples.flatMap { little($0.bitPattern) } }

    static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    var bytes: [UInt8] {
        var body = Array("WAVE".utf8)
        for (name, content) in chunksBefore { body += Self.chunk(name, content) }
        body += Self.chunk("fmt ", format)
        body += Array("data".utf8) + Self.little(dataSize ?? UInt32(data.count)) + data
        if data.count % 2 == 1 { body.append(0) }
        for (name, content) in chunksAfter { body += Self.chunk(name, content) }
        return Array("RIFF".utf8) + Self.little(riffSize ?? UInt32(body.count)) + body
    }

    private var format: [UInt8] {
        let width = bits / 8 * channels
        var body = Self.little(UInt16(isExtensible ? 0xFFFE : tag)) + Self.little(UInt16(truncatingIfNeeded: channels))
        body += Self.little(UInt32(truncatingIfNeeded: rate)) + Self.little(UInt32(truncatingIfNeeded: rate * width))
        body += Self.little(UInt16(truncatingIfNeeded: frameBytes ?? width)) + Self.little(UInt16(bits))
        if isExtensible {
            body += Self.little(UInt16(22)) + Self.little(UInt16(bits)) + Self.little(UInt32(0))
            body += Self.little(UInt16(tag)) + subFormatTail
        }
        let size = isExtensible ? max(formatSize, 40) : formatSize
        return Array((body + [UInt8](repeating: 0, count: 64)).prefix(size))
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        Array(name.utf8) + little(UInt32(content.count)) + content + (content.count % 2 == 1 ? [0] : [])
    }
}

/// Numbers that look random and are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    /// SplitMix64, Steele, Lea and Flood, 2014.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
