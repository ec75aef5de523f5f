package import Foundation
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Standard input, output and error of the process, or what a test puts in their place.
package struct Streams: Sendable {
    /// All of standard input; ends early when the task is cancelled.
    package var readInput: @Sendable () async throws -> Data
    package var writeOutput: @Sendable (String) throws -> Void
    package var writeError: @Sendable (String) -> Void
    /// Whether a person sees standard output.
    package var isOutputTerminal: Bool
    /// Whether a person sees standard error, on a terminal that can rewrite a line.
    package var isErrorTerminal: Bool
    /// Whether colours are welcome: not with `NO_COLOR`, whatever its value, nor on a terminal that is "dumb".
    package var allowsColour: Bool
    /// Columns of the terminal.
    package var columns: Int

    package init(
        readInput: @escaping @Sendable () async throws -> Data,
        writeOutput: @escaping @Sendable (String) throws -> Void,
        writeError: @escaping @Sendable (String) -> Void, isOutputTerminal: Bool = false, isErrorTerminal: Bool = false,
        allowsColour: Bool = false, columns: Int = 80
    ) {
        self.readInput = readInput
        self.writeOutput = writeOutput
        self.writeError = writeError
        self.isOutputTerminal = isOutputTerminal
        self.isErrorTerminal = isErrorTerminal
        self.allowsColour = allowsColour
        self.columns = columns
    }

    /// Those of the process.
    package static func process(environment: [String: String]) -> Streams {
        let isDumb = environment["TERM"] == nil || environment["TERM"] == "dumb"
        let noColour = !(environment["NO_COLOR"] ?? "").isEmpty
        return Streams(
            readInput: { try await CancellableRead.all(of: .standardInput) },
            writeOutput: { try write($0, to: STDOUT_FILENO) },
            // Nobody can be told that standard error is gone.
            writeError: { try? write($0, to: STDERR_FILENO) },
            isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            isErrorTerminal: isatty(STDERR_FILENO) == 1 && !isDumb,
            allowsColour: !noColour && !isDumb,
            columns: columns())
    }

    private static func columns() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private static func write(_ text: String, to descriptor: Int32) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw OutputClosed()
            } else if errno != EINTR && errno != EAGAIN {
                throw CommandError(
                    .outputFailed,
                    "Cannot write to standard output: \(String(cString: strerror(errno))). Free some space or use a pipe."
                )
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
