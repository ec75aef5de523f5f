internal import Foundation

/// What this process takes of the machine's memory now.
struct MemoryUse: Codable, Sendable, Equatable {
    /// Bytes that belong to this process alone and to no file: the heap, stacks, packed weights that are not mapped.
    var anonymous: Int64
    /// Bytes in memory, pages that are shared with other processes counted by their share.
    var proportional: Int64
    /// Bytes in memory, file pages included.
    var resident: Int64

    /// - Throws: `BenchmarkError` with code `.toolFailed` where the system does not say; Linux since 5.4 does.
    static func now() throws -> MemoryUse {
        let file = "/proc/self/smaps_rollup"
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        guard let anonymous = bytes("Pss_Anon", in: text), let proportional = bytes("Pss", in: text),
            let resident = bytes("Rss", in: text)
        else { throw BenchmarkError(.toolFailed, "\(file) does not tell how much memory this process takes.") }
        return MemoryUse(anonymous: anonymous, proportional: proportional, resident: resident)
    }

    private static func bytes(_ name: String, in text: String) -> Int64? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { $0 * 1_024 }
    }
}
