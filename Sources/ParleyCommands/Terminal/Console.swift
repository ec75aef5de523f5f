internal import Synchronization

/// What a person or a script sees: results on standard output, everything else on standard error.
///
/// Usable from any thread: progress comes from where the work is done.
package final class Console: Sendable {
    private struct State {
        var meter: ProgressMeter
        var isQuiet = false
    }

    package let streams: Streams
    private let state: Mutex<State>
    private let start = ContinuousClock.now

    package init(_ streams: Streams) {
        self.streams = streams
        let style: ProgressMeter.Style = streams.isErrorTerminal ? .rewriting(columns: streams.columns) : .lines
        state = Mutex(State(meter: ProgressMeter(style)))
    }

    /// Leaves out progress and remarks from now on; results and errors stay.
    package func beQuiet() { state.withLock { $0.isQuiet = true } }

    /// A line of the result.
    /// - Throws: `OutputClosed`, `CommandError` with code `.outputFailed`.
    package func result(_ line: String) throws {
        endProgress()
        try streams.writeOutput(line + "\n")
    }

    /// A part of the result that does not wait for the rest of its line.
    /// - Throws: as `result`.
    package func resultPart(_ text: String) throws {
        if text.isEmpty { return }
        endProgress()
        try streams.writeOutput(text)
    }

    /// A line that helps a person and that a script does not need.
    package func remark(_ line: String) {
        state.withLock { state in
            if state.isQuiet { return }
            streams.writeError(state.meter.clear() + line.oneLine + "\n")
        }
    }

    /// The one line of a failure.
    package func failure(_ message: String) {
        endProgress()
        let name = Colour(isOn: streams.isErrorTerminal && streams.allowsColour).red("parley:")
        streams.writeError("\(name) \(message.oneLine)\n")
    }

    package func progress(_ step: ProgressStep) {
        state.withLock { state in
            if state.isQuiet { return }
            let text = state.meter.update(step, at: ContinuousClock.now - start)
            if !text.isEmpty { streams.writeError(text) }
        }
    }

    /// Takes an unfinished line off the terminal.
    package func endProgress() {
        state.withLock { state in
            let text = state.meter.clear()
            if !text.isEmpty { streams.writeError(text) }
        }
    }
}

/// Colours of a terminal, or none.
struct Colour {
    let isOn: Bool

    func red(_ text: String) -> String { wrapped(text, "31") }
    func green(_ text: String) -> String { wrapped(text, "32") }
    func yellow(_ text: String) -> String { wrapped(text, "33") }

    /// Codes of ECMA-48, "select graphic rendition".
    private func wrapped(_ text: String, _ code: String) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    /// Without line breaks and control characters, which a file's name may hold.
    package var oneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    /// Filled with spaces at the end; unchanged when longer.
    func padding(to count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - self.count))
    }
}
