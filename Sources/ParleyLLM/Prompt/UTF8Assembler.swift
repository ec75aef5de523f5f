/// Puts characters together whose bytes come in several tokens.
package struct UTF8Assembler: Sendable {
    private var pending: [UInt8] = []

    package init() {}

    /// Adds the bytes of a token.
    /// - Returns: the scalars that are complete; invalid bytes become U+FFFD.
    package mutating func append(_ bytes: [UInt8]) -> String {
        pending += bytes
        let complete = pending.count - Self.incompleteTail(pending)
        defer { pending.removeFirst(complete) }
        return String(decoding: pending[..<complete], as: UTF8.self)
    }

    /// Ends the text.
    /// - Returns: U+FFFD when the text ended inside a character, else nothing.
    package mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// Bytes at the end that may become a character when more come. Ranges: Unicode 16, table 3-7.
    private static func incompleteTail(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let tail = bytes.suffix(length)
            guard let lead = tail.first, lead & 0xC0 != 0x80 else { continue }
            let needed: Int
            switch lead {
            case 0xC2...0xDF: needed = 2
            case 0xE0...0xEF: needed = 3
            case 0xF0...0xF4: needed = 4
            default: return 0
            }
            guard length < needed else { return 0 }
            guard length > 1, let second = tail.dropFirst().first else { return length }
            let allowed: ClosedRange<UInt8> =
                switch lead {
                case 0xE0: 0xA0...0xBF
                case 0xED: 0x80...0x9F
                case 0xF0: 0x90...0xBF
                case 0xF4: 0x80...0x8F
                default: 0x80...0xBF
                }
            return allowed.contains(second) ? length : 0
        }
        return 0
    }
}
