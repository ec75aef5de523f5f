/// How far a step is.
package struct ProgressStep: Sendable, Equatable {
    /// "smollm2-135m-instruct-q4_1: downloading"
    package fileprivate(set) var title: String
    /// What is done, 0...total.
    package let done: Int64
    /// All there is to do; 0 when nobody knows.
    package let total: Int64
    /// What is counted.
    package let unit: Unit

    package enum Unit: Sendable {
        /// Shown as they are.
        case bytes
        /// Parts of a whole: shown as a share and the time that is left.
        case parts
        /// Milliseconds of a recording of unknown length.
        case milliseconds
    }

    package init(_ title: String, done: Int64 = 0, total: Int64 = 0) {
        self.title = title
        self.done = done
        self.total = total
        unit = .bytes
    }

    /// - Parameter share: 0...1.
    package init(_ title: String, share: Double) {
        self.title = title
        done = Int64(max(0, min(1, share)) * 1_000)
        total = 1_000
        unit = .parts
    }

    /// - Parameter position: how much of a recording of unknown length is done.
    package init(_ title: String, position: Duration) {
        self.title = title
        done = Int64(position / .milliseconds(1))
        total = 0
        unit = .milliseconds
    }
}

/// Decides what is written about progress, and when: a value without clock and terminal.
package struct ProgressMeter: Sendable {
    package enum Style: Sendable, Equatable {
        /// One line, written again and again.
        case rewriting(columns: Int)
        /// A line for each step, then one every few seconds, for logs.
        case lines
    }

    /// Fast enough to look alive, slow enough to cost nothing.
    private static let rewritingInterval: Duration = .milliseconds(100)
    private static let linesInterval: Duration = .seconds(5)
    private static let barWidth = 24
    /// Before this nobody can say how long the rest takes.
    private static let shortestEstimate: Duration = .seconds(2)

    private let style: Style
    private var last: (step: ProgressStep, time: Duration)?
    /// When the step began, and what was done by then.
    private var begin: (time: Duration, done: Int64) = (.zero, 0)
    private var isLineOpen = false

    package init(_ style: Style) { self.style = style }

    /// - Parameter time: since any fixed moment.
    /// - Returns: text to write, empty when it is too early.
    package mutating func update(_ step: ProgressStep, at time: Duration) -> String {
        guard isDue(step, time) else { return "" }
        if last?.step.title != step.title { begin = (time, step.done) }
        last = (step, time)
        switch style {
        case .lines: return text(step, time, bar: false) + "\n"
        case .rewriting(let columns):
            isLineOpen = true
            // One column stays free: a full line would wrap and could not be rewritten.
            let room = max(10, columns - 1)
            var step = step
            let excess = text(step, time, bar: true).count - room
            // The bar matters more than the end of a long name.
            if step.total > 0, excess > 0, step.title.count - excess > 10 {
                step.title = step.title.prefix(step.title.count - excess - 1) + "…"
            }
            return "\r" + text(step, time, bar: true).prefix(room) + "\u{1B}[K"
        }
    }

    /// - Returns: text that takes an open line away.
    package mutating func clear() -> String {
        defer { isLineOpen = false }
        return isLineOpen ? "\r\u{1B}[K" : ""
    }

    private func isDue(_ step: ProgressStep, _ time: Duration) -> Bool {
        guard let last, last.step.title == step.title else { return true }
        if last.step == step { return false }
        if step.total > 0 && step.done >= step.total { return true }
        let interval = if case .lines = style { Self.linesInterval } else { Self.rewritingInterval }
        return time - last.time >= interval
    }

    private func text(_ step: ProgressStep, _ time: Duration, bar: Bool) -> String {
        let title = step.title.oneLine
        guard step.total > 0 else {
            if step.unit == .bytes || step.done == 0 { return title }
            return "\(title), \(ClockTime.text(.milliseconds(step.done)))"
        }
        let share = Double(min(step.done, step.total)) / Double(step.total)
        let percent = "\(Int(share * 100)) %"
        let amount =
            step.unit == .bytes
            ? "\(ByteCount.text(step.done)) of \(ByteCount.text(step.total))" : timeLeft(step, time)
        if !bar { return [title, percent, amount].filter { !$0.isEmpty }.joined(separator: ", ") }
        let filled = Int(share * Double(Self.barWidth))
        let drawn = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
        return "\(title)  [\(drawn)] \(percent)" + (amount.isEmpty ? "" : "  \(amount)")
    }

    /// "1:05 left", when that can be said.
    private func timeLeft(_ step: ProgressStep, _ time: Duration) -> String {
        let spent = time - begin.time
        let done = step.done - begin.done
        guard spent >= Self.shortestEstimate, done > 0, step.done < step.total else { return "" }
        return "\(ClockTime.text(spent * (Double(step.total - step.done) / Double(done)))) left"
    }
}

/// Lengths of time as people read them.
package enum ClockTime {
    /// Minutes and seconds, hours when there are some: "0:07", "2:05:09".
    package static func text(_ duration: Duration) -> String {
        let seconds = max(0, Int((duration / .seconds(1)).rounded()))
        let tail = seconds % 60 < 10 ? "0\(seconds % 60)" : "\(seconds % 60)"
        let minutes = seconds / 60
        if minutes < 60 { return "\(minutes):\(tail)" }
        return "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60):\(tail)"
    }
}

/// Sizes as people read them.
package enum ByteCount {
    /// Decimal units, one digit after the point: "97.4 MB".
    package static func text(_ bytes: Int64) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 999.95 && unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        if unit == 0 { return "\(bytes) bytes" }
        return "\((value * 10).rounded() / 10) \(units[unit])"
    }
}
