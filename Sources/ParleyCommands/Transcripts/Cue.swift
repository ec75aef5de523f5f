/// A subtitle: what is shown, and when.
package struct Cue: Sendable, Equatable {
    /// Milliseconds from the start of the recording.
    package var start: Int
    /// Milliseconds, after `start`.
    package var end: Int
    /// One or two.
    package var lines: [String]

    package init(start: Int, end: Int, lines: [String]) {
        self.start = start
        self.end = end
        self.lines = lines
    }
}

extension Cue {
    /// As a block of an SRT file, which players show as it stands: no empty line, and no arrow in the text.
    /// - Parameter number: from 1 on.
    package func srt(number: Int) -> String {
        let text = lines.map { $0.replacing("-->", with: "->") }.filter { !$0.isEmpty }.joined(separator: "\n")
        return "\(number)\n\(Self.time(start, mark: ",")) --> \(Self.time(end, mark: ","))\n\(text)\n\n"
    }

    /// As a block of a WebVTT file. Source: W3C, "WebVTT", 2019, section 4.2.2: `&` and `<` begin markup, `-->` is never
    /// allowed.
    package var vtt: String {
        let text = lines.map { line in
            line.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        }
        return "\n\(Self.time(start, mark: ".")) --> \(Self.time(end, mark: "."))\n\(text.joined(separator: "\n"))\n"
    }

    /// Hours take as many digits as they need, at least two.
    private static func time(_ milliseconds: Int, mark: String) -> String {
        let seconds = milliseconds / 1_000
        return "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + "\(mark)\(padded(milliseconds % 1_000, 3))"
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
