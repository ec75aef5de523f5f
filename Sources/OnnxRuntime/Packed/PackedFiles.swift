internal import Foundation

/// The files of one entry: the optimised graph, its weights, and `entry.json`, which says what they must be.
struct PackedFiles: Sendable {
    let folder: String

    var graph: String { folder + "/" + Self.graphName }
    var weights: String { folder + "/" + Self.weightsName }
    private var manifest: String { folder + "/entry.json" }

    private static let graphName = "graph.onnx"
    private static let weightsName = "graph.weights"
    /// Blocks of each file that are compared before use: a whole read of the weights would take longer than the load.
    private static let samples = 32
    private static let blockSize = 4_096

    /// What makes ONNX Runtime write the weights packed and beside the graph. Smaller constants than these 1024 bytes
    /// stay in the graph. Source: `onnxruntime_session_options_config_keys.h` of 1.31.
    static let settings = [
        "session.save_external_prepacked_constant_initializers": "1",
        "session.optimized_model_external_initializers_file_name": weightsName,
        "session.optimized_model_external_initializers_min_size_in_bytes": "1024",
    ]

    private struct Manifest: Codable {
        struct File: Codable, Equatable {
            var name: String
            var bytes: Int64
            /// Fingerprint of the sampled blocks.
            var samples: String
        }
        var key: String
        var files: [File]
    }

    /// Whether the files are those that were written for this key, as far as sizes and samples tell.
    func isComplete(for key: PackedKey) -> Bool {
        guard let data = FileManager.default.contents(atPath: manifest),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data), manifest.key == key.text,
            manifest.files.contains(where: { $0.name == Self.graphName })
        else { return false }
        return manifest.files.allSatisfy { describe($0.name) == $0 }
    }

    /// Writes `entry.json` and brings everything to the disk: a power failure must not leave a complete name over
    /// incomplete files.
    /// - Throws: `.cacheUnusable`.
    func seal(for key: PackedKey) throws(OnnxError) {
        var files: [Manifest.File] = []
        // A graph whose constants are all small has no file of weights.
        for name in [Self.graphName, Self.weightsName] {
            if let file = describe(name) { files.append(file) }
        }
        guard files.contains(where: { $0.name == Self.graphName }) else {
            throw OnnxError(.cacheUnusable, "ONNX Runtime wrote no graph to \(folder).")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try encoder.encode(Manifest(key: key.text, files: files)).write(to: URL(filePath: manifest))
        } catch {
            throw OnnxError(.cacheUnusable, "\(manifest) cannot be written.", cause: error)
        }
        for path in files.map({ folder + "/" + $0.name }) + [manifest, folder] { try PackedFolder.synchronize(path) }
    }

    /// - Returns: `nil` when there is no such file.
    private func describe(_ name: String) -> Manifest.File? {
        guard let file = FileHandle(forReadingAtPath: folder + "/" + name), let size = try? file.seekToEnd() else {
            return nil
        }
        var print = Fingerprint()
        let blocks = size / UInt64(Self.blockSize) + 1
        // Evenly spread, the first and the last among them; all when there are few.
        let count = min(blocks, UInt64(Self.samples))
        for sample in 0..<count {
            let block = count == 1 ? 0 : sample * (blocks - 1) / (count - 1)
            guard (try? file.seek(toOffset: block * UInt64(Self.blockSize))) != nil else { return nil }
            print.add((try? file.read(upToCount: Self.blockSize)) ?? Data())
        }
        return Manifest.File(name: name, bytes: Int64(size), samples: "\(print)")
    }
}
