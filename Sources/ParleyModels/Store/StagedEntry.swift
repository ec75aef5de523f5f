internal import Foundation

/// The files of an entry while they are written; visible only after `commit`, gone without it.
final class StagedEntry {
    let entry: CatalogueEntry
    private let locations: StoreLocations
    private let folder: String
    private var writers: [String: HashedFileWriter] = [:]
    private var total: Int64 = 0

    init(_ entry: CatalogueEntry, _ locations: StoreLocations) throws(ModelError) {
        self.entry = entry
        self.locations = locations
        folder = locations.staging(of: entry) + "/new"
        try SystemCall.makeFolder(folder)
    }

    deinit {
        writers = [:]
        try? SystemCall.remove(locations.staging(of: entry))
    }

    func written(_ file: CatalogueFile) -> Int64 { writers[file.name]?.written ?? 0 }

    func write(_ piece: UnsafeRawBufferPointer, to file: CatalogueFile) throws(ModelError) {
        if let writer = writers[file.name] {
            try writer.write(piece)
        } else {
            let writer = try HashedFileWriter(path: folder + "/" + file.name)
            writers[file.name] = writer
            try writer.write(piece)
        }
        total += Int64(piece.count)
    }

    func progress(_ phase: PullProgress.Phase) -> PullProgress {
        PullProgress(entry: entry.id, phase: phase, bytes: total, total: entry.bytes)
    }

    /// Checks every file, then makes the entry visible in one step, in place of what was there.
    /// - Throws: `ModelError` with code `.wrongSize` or `.wrongDigest`.
    func commit() throws(ModelError) {
        var digests: [(name: String, sha256: String)] = []
        for file in entry.files {
            guard let writer = writers[file.name], file.allows(writer.written) else {
                throw ModelError(
                    .wrongSize,
                    "\(file.name) of \(entry.id) has \(written(file)) bytes instead of \(file.bytes): refused. "
                        + "Pull it again.")
            }
            let digest = try writer.finish()
            guard file.sha256 == nil || file.sha256 == digest else {
                throw ModelError(
                    .wrongDigest,
                    "\(file.name) of \(entry.id) is not the file of the catalogue: SHA-256 \(digest) instead of "
                        + "\(file.sha256 ?? ""). It was refused; fetch the right one.")
            }
            digests.append((file.name, digest))
        }
        try Receipt(folder: folder, digests: digests).write(to: folder)
        SystemCall.syncFolder(folder)
        let destination = locations.folder(of: entry)
        if SystemCall.exists(destination) {
            try SystemCall.rename(destination, to: locations.staging(of: entry) + "/old")
        }
        try SystemCall.rename(folder, to: destination)
    }
}
