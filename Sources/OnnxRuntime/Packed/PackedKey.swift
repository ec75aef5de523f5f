internal import COnnxRuntime
internal import Foundation

/// All that packed weights depend on.
struct PackedKey: Sendable, Equatable {
    /// Every part in words; two entries are the same only if these are.
    let text: String
    /// Name of the entry's folder: `<family>-<16 digits>`.
    let name: String
    /// Beginning of the names of all versions of the same graph on the same processor.
    let family: String

    /// Changes when entries are written in another way.
    private static let version = 2

    /// - Throws: `.cacheUnusable` when the graph cannot be read.
    init(
        _ environment: OnnxEnvironment, file: URL, options: OnnxSessionOptions, owner: String, digest: String
    ) throws(OnnxError) {
        guard let graph = FileManager.default.contents(atPath: file.path) else {
            throw OnnxError(.cacheUnusable, "\(file.path) cannot be read.")
        }
        let processor = Self.processorWords().map { String($0, radix: 16) }.joined(separator: ".")
        let entries = options.entries.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        text = [
            "version \(Self.version)", "onnxruntime \(environment.library.version)", "processor \(processor)",
            "optimises \(options.optimises)", "plans memory \(options.plansMemory)",
            "entries \(entries.joined(separator: ","))", "graph \(graph.count) \(Fingerprint(of: graph))",
            "weights \(digest)",
        ].joined(separator: "\n")
        let stem = file.deletingPathExtension().lastPathComponent
        family = "\(owner)-\(stem)-\(Fingerprint(of: Data(processor.utf8)))"
        name = "\(family)-\(Fingerprint(of: Data(text.utf8)))"
    }

    private static func processorWords() -> [UInt32] {
        var words = [UInt32](repeating: 0, count: 16)
        let count = parley_processor_words(&words, words.count)
        return Array(words.prefix(count))
    }
}

/// A checksum against accidents, not against attackers: FNV-1a with 64 bits.
///
/// Source: http://www.isthe.com/chongo/tech/comp/fnv/
struct Fingerprint: CustomStringConvertible {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    init() {}

    init(of data: Data) { add(data) }

    mutating func add(_ data: Data) {
        for byte in data { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    /// 16 hexadecimal digits.
    var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
