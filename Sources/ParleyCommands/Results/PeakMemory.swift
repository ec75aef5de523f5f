internal import Foundation

/// The largest resident set of this process.
enum PeakMemory {
    /// Bytes; 0 where the system does not say. Linux: `VmHWM`, since `getrusage` would count the program that started
    /// this one.
    static func bytes() -> Int64 {
        #if canImport(Darwin)
            var usage = rusage()
            return getrusage(RUSAGE_SELF, &usage) == 0 ? Int64(usage.ru_maxrss) : 0
        #else
            let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
            return (kibibytes("VmHWM", in: status) ?? 0) * 1_024
        #endif
    }

    /// A line `Name:   123 kB` of a file of `/proc`.
    static func kibibytes(_ name: String, in text: String) -> Int64? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int64($0) }
    }
}
