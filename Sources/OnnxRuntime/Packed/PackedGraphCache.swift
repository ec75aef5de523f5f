package import Foundation

/// Graphs with their weights as this processor's kernels want them, kept on disk and mapped.
///
/// ONNX Runtime packs a copy of every matrix into memory of its own when it loads a graph. Here the packed copies are
/// written once, and loaded as file pages that the system may drop and that processes share.
///
/// An entry is a folder. It is made under another name and renamed when it is complete; two processes may make the same
/// one. What is missing, damaged or made by another version is made anew; when that fails the graph is loaded as usual.
/// Weights of the graph stay where they are: an entry may be deleted at any time.
package struct PackedGraphCache: Sendable {
    /// Folder of all entries; made when it is needed.
    package let folder: String
    private let owner: String
    private let digest: String
    private let minimumFree: Int64

    /// Free space below which nothing is written: the largest entry takes a third of it.
    package static let minimumFree: Int64 = 512 << 20

    /// - Parameters:
    ///   - folder: where entries lie; several owners may share it.
    ///   - owner: name of what the graphs belong to. A new entry replaces the entries of the same owner, graph and
    ///     processor.
    ///   - digest: tells one version of the weights from another.
    ///   - minimumFree: bytes that must be free before an entry is made.
    package init(
        folder: String, owner: String, digest: String, minimumFree: Int64 = PackedGraphCache.minimumFree
    ) {
        self.folder = folder
        self.owner = owner
        self.digest = digest
        self.minimumFree = minimumFree
    }

    /// Why no entry can be made in a folder, as a sentence; `nil` when one can. Creates nothing.
    package static func obstacle(in folder: String) -> String? { PackedFolder.obstacle(in: folder, minimumFree) }

    /// Where the weights of an opened graph come from.
    package enum Origin: Sendable, Equatable {
        /// From an entry that was there.
        case found
        /// From an entry that was made first.
        case made
        /// From the graph's own file, packed in memory; the reason is a sentence.
        case ordinary(reason: String)
    }

    /// Loads a graph, through its entry where possible.
    /// - Throws: `.loadFailed` when the graph itself cannot be loaded.
    package func open(
        _ environment: OnnxEnvironment, file: URL, options: OnnxSessionOptions = OnnxSessionOptions()
    ) throws(OnnxError) -> (session: OnnxSession, origin: Origin) {
        do throws(OnnxError) {
            let key = try PackedKey(environment, file: file, options: options, owner: owner, digest: digest)
            let entry = PackedFiles(folder: folder + "/" + key.name)
            if let session = load(environment, entry, key, file, options) { return (session, .found) }
            try make(environment, entry, key, file, options)
            if let session = load(environment, entry, key, file, options) { return (session, .made) }
            throw OnnxError(.cacheUnusable, "\(entry.folder) cannot be loaded.")
        } catch {
            let session = try OnnxSession(environment, file: file, options: options)
            return (session, .ordinary(reason: error.message))
        }
    }

    /// - Returns: `nil` when there is no entry, or none that can be used.
    private func load(
        _ environment: OnnxEnvironment, _ entry: PackedFiles, _ key: PackedKey, _ file: URL,
        _ options: OnnxSessionOptions
    ) -> OnnxSession? {
        guard entry.isComplete(for: key) else { return nil }
        var options = options
        options.optimises = false
        return try? OnnxSession(
            environment, file: URL(filePath: entry.graph), name: file.lastPathComponent, options: options)
    }

    private func make(
        _ environment: OnnxEnvironment, _ entry: PackedFiles, _ key: PackedKey, _ file: URL,
        _ options: OnnxSessionOptions
    ) throws(OnnxError) {
        try PackedFolder.create(folder)
        PackedFolder.removeAbandoned(in: folder)
        guard PackedFolder.freeBytes(folder) >= minimumFree else {
            throw OnnxError(.cacheUnusable, "\(folder) has less than \(minimumFree >> 20) MiB of free space.")
        }
        let draft = try PackedDraft(in: folder)
        var options = options
        options.entries.merge(PackedFiles.settings) { $1 }
        // Released at once: it holds the packed weights in memory of its own.
        _ = try OnnxSession(
            environment, file: file, name: file.lastPathComponent, options: options, writing: draft.files)
        try PackedAlignment.apply(to: draft.files)
        try draft.files.seal(for: key)
        try draft.publish(as: entry.folder, for: key)
        PackedFolder.removeEntries(in: folder, replacedBy: key)
    }
}
