/// How far two recognisers agree over some recordings.
package struct Comparison: Codable, Equatable {
    /// One recording with two texts.
    package struct Difference: Codable, Equatable {
        package var file: String
        package var ours: String
        package var theirs: String
        /// Index of the first token that differs.
        package var position: Int
        /// What each side chose from there; `nil` where a side did not say.
        package var ourChoice: TopTwo?
        package var theirChoice: TopTwo?

        package init(
            file: String, ours: String, theirs: String, position: Int, ourChoice: TopTwo? = nil,
            theirChoice: TopTwo? = nil
        ) {
            self.file = file
            self.ours = ours
            self.theirs = theirs
            self.position = position
            self.ourChoice = ourChoice
            self.theirChoice = theirChoice
        }

        /// Whether one side was about to choose as the other did: its two likeliest tokens less than 0.01 apart.
        package var isNearTie: Bool { smallestMargin < Self.nearTie }

        /// The smaller lead, over both sides, of the likeliest token over the next; 1 when nobody said.
        package var smallestMargin: Double { [ourChoice, theirChoice].compactMap { $0?.margin }.min() ?? 1 }

        /// Bound on the difference of probabilities, 0...1, under which rounding decides.
        static let nearTie = 0.01
    }

    package var title: String
    package var files = 0
    package var differences: [Difference] = []

    package init(_ title: String) { self.title = title }

    /// Files with the same text, per hundred.
    package var agreement: Double { files == 0 ? 0 : 100 * Double(files - differences.count) / Double(files) }

    /// One line, and two for each difference.
    package var report: String {
        let ties = differences.filter(\.isNearTie).count
        let heading =
            "\(title): \(files - differences.count) of \(files) texts are the same (\(decimal(agreement, 1)) %)"
            + (differences.isEmpty ? "" : "; near ties: \(ties) of \(differences.count)")
        return ([heading] + differences.map(Self.lines)).joined(separator: "\n")
    }

    private static func lines(_ difference: Difference) -> String {
        """
          \(difference.file), token \(difference.position)
            ours    \(margin(difference.ourChoice))  \(difference.ours)
            theirs  \(margin(difference.theirChoice))  \(difference.theirs)
        """
    }

    private static func margin(_ choice: TopTwo?) -> String {
        choice.map { "\(decimal($0.margin, 4))" } ?? "      "
    }
}

/// The two likeliest tokens of a step and their probabilities, 0...1.
package struct TopTwo: Codable, Equatable {
    package var tokens: [Int]
    package var probabilities: [Double]

    package init(tokens: [Int], probabilities: [Double]) {
        self.tokens = tokens
        self.probabilities = probabilities
    }

    /// How far the first is ahead of the second.
    package var margin: Double { (probabilities.first ?? 1) - (probabilities.dropFirst().first ?? 0) }
}

/// Index at which two sequences part; the shorter one's length when it begins the other.
package func parting(of first: [Int], from second: [Int]) -> Int {
    zip(first, second).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(first.count, second.count)
}
