/// What `parley doctor` found.
package struct DoctorReport: Sendable, Equatable, Codable {
    package enum Status: String, Sendable, Codable {
        case ok
        /// Works, but worse than it could, or only a part of it.
        case warning
        /// Parley cannot do its work.
        case missing
    }

    package struct Check: Sendable, Equatable, Codable {
        /// One or two words: "libsoxr".
        package let name: String
        package let status: Status
        /// What is there, or what is wrong.
        package let detail: String
        /// What to do; `nil` when there is nothing to do.
        package let remedy: String?

        package init(_ name: String, _ status: Status, _ detail: String, remedy: String? = nil) {
            self.name = name
            self.status = status
            self.detail = detail
            self.remedy = remedy
        }
    }

    package let version: String
    package let checks: [Check]
    /// Whether nothing is missing.
    package let healthy: Bool

    package init(version: String, checks: [Check]) {
        self.version = version
        self.checks = checks
        healthy = !checks.contains { $0.status == .missing }
    }

    /// Lines for a person.
    func lines(_ colour: Colour) -> [String] {
        let width = (checks.map(\.name.count).max() ?? 0) + 2
        return checks.flatMap { check in
            let status =
                switch check.status {
                case .ok: colour.green("ok".padding(to: 9))
                case .warning: colour.yellow("warning".padding(to: 9))
                case .missing: colour.red("missing".padding(to: 9))
                }
            let line = status + check.name.padding(to: width) + check.detail.oneLine
            let indentation = String(repeating: " ", count: 9 + width)
            return [line] + (check.remedy.map { [indentation + $0.oneLine] } ?? [])
        }
    }
}
