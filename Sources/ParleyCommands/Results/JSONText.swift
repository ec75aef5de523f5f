package import Foundation

/// JSON as `parley` prints it: keys in snake case and alphabetical order, the same bytes for the same values.
package enum JSONText {
    /// On one line.
    package static func line(_ value: some Encodable) throws -> String {
        String(decoding: try encoder([]).encode(value), as: UTF8.self)
    }

    /// For a file that people open too; ends with a line break.
    package static func document(_ value: some Encodable) throws -> Data {
        try encoder(.prettyPrinted).encode(value) + Data("\n".utf8)
    }

    private static func encoder(_ more: JSONEncoder.OutputFormatting) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, more]
        return encoder
    }
}

extension Duration {
    /// Seconds to the millisecond.
    package var roundedSeconds: Double { (secondsValue * 1_000).rounded() / 1_000 }

    /// Milliseconds to the microsecond.
    package var roundedMilliseconds: Double { (secondsValue * 1_000_000).rounded() / 1_000 }

    private var secondsValue: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
