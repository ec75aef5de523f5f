internal import Foundation

/// A program that ran to its end, and the most memory it had.
struct WatchedProcess {
    /// Largest resident set in bytes, file pages included.
    var peakResidentBytes: Double
    var seconds: Double

    /// How often the system is asked.
    private static let interval = 0.05

    /// Runs a program, its output thrown away.
    /// - Throws: `BenchmarkError` with code `.toolFailed`, also on systems without `/proc`.
    init(_ program: URL, _ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let clock = ContinuousClock()
        let start = clock.now
        do { try process.run() } catch {
            throw BenchmarkError(.toolFailed, "Cannot run \(program.path).", cause: error)
        }
        var peak = 0.0
        while process.isRunning {
            peak = Self.peak(of: process.processIdentifier) ?? peak
            try await Task.sleep(for: .seconds(Self.interval))
        }
        seconds = start.duration(to: clock.now).inSeconds
        let line = ([program.path] + arguments).joined(separator: " ")
        guard process.terminationStatus == 0 else {
            throw BenchmarkError(.toolFailed, "\(line) ended with \(process.terminationStatus).")
        }
        guard peak > 0 else {
            throw BenchmarkError(.toolFailed, "The memory of \(line) is not known: this system has no /proc.")
        }
        peakResidentBytes = peak
    }

    /// The kernel keeps the largest value itself, so a look now and then misses nothing but the last moment.
    private static func peak(of process: Int32) -> Double? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        return kibibytes * 1024
    }
}
