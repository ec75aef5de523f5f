/// What the store holds of an entry, told from sizes and times alone.
package struct EntryStatus: Sendable, Codable, Equatable {
    package enum State: String, Sendable, Codable {
        /// All files are there and unchanged since they were hashed.
        case present
        /// All files are there with the right sizes, but were not hashed since they changed.
        case unverified
        /// Some files are missing or have the wrong size.
        case incomplete
        case missing
    }

    package let id: String
    package let title: String
    package let aliases: [String]
    package let roles: [ModelRole]
    package let languages: [String]
    package let licence: String
    /// Size of all files, on disk or to come.
    package let bytes: Int64
    package let state: State
    /// Where the entry is or would be.
    package let folder: String
    /// How to get it.
    package let source: String
}

/// What a full check of an entry found.
package struct VerifyReport: Sendable, Codable, Equatable {
    package enum Finding: String, Sendable, Codable {
        case correct
        case missing
        case wrongSize
        case wrongDigest
    }

    package struct File: Sendable, Codable, Equatable {
        package let name: String
        package let finding: Finding
        package let bytes: Int64
        /// SHA-256 of what is there; nil when the file is missing or its size is wrong already.
        package let sha256: String?
    }

    package let id: String
    package let folder: String
    package let files: [File]

    package var isCorrect: Bool { !files.isEmpty && files.allSatisfy { $0.finding == .correct } }
}

/// An entry in use: its files stay as they are while this value lives.
package struct InstalledModel: Sendable {
    package let entry: CatalogueEntry
    package let folder: String
    /// SHA-256 by file name.
    package let digests: [String: String]
    private let lock: StoreLock?

    init(entry: CatalogueEntry, folder: String, digests: [String: String], lock: StoreLock?) {
        self.entry = entry
        self.folder = folder
        self.digests = digests
        self.lock = lock
    }

    /// - Parameter name: nil for the only file of the entry.
    /// - Throws: `ModelError` with code `.wrongName`.
    package func path(_ name: String? = nil) throws(ModelError) -> String {
        if let name, entry.file(named: name) != nil { return folder + "/" + name }
        if name == nil, entry.files.count == 1 { return folder + "/" + entry.files[0].name }
        let names = entry.files.map(\.name).joined(separator: ", ")
        throw ModelError(.wrongName, "\(entry.id) has no file “\(name ?? "")”. It has: \(names).")
    }
}
