internal import Foundation

/// One figure, one line of JSON.
package struct Metric: Sendable, Equatable, Codable {
    package var metric: String
    package var value: Double
    package var unit: String
    /// The bound that a release keeps; `nil` for figures that are only watched.
    package var must: Double?
    /// The bound that we want.
    package var aim: Double?
    /// What anyone can run to see it.
    package var command: String

    package init(
        _ metric: String, _ value: Double, _ unit: String, must: Double? = nil, aim: Double? = nil, command: String
    ) {
        self.metric = metric
        self.value = (value * 1000).rounded() / 1000
        self.unit = unit
        self.must = must
        self.aim = aim
        self.command = command
    }

    /// A line with all six keys, also where a bound is missing.
    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric, forKey: .metric)
        try container.encode(value, forKey: .value)
        try container.encode(unit, forKey: .unit)
        try container.encode(must, forKey: .must)
        try container.encode(aim, forKey: .aim)
        try container.encode(command, forKey: .command)
    }

    private enum CodingKeys: String, CodingKey {
        case metric, value, unit, must, aim, command
    }
}
