internal import Foundation

/// What the store found when it last hashed an entry; kept beside the files, so that a start need not hash again.
struct Receipt: Codable, Equatable {
    struct File: Codable, Equatable {
        let name: String
        let bytes: Int64
        /// Time of last change, nanoseconds since 1970: a file that was written to since is hashed again.
        let modified: Int64
        let sha256: String
    }

    static let fileName = ".receipt.json"
    let files: [File]

    func file(named name: String) -> File? { files.first { $0.name == name } }

    /// Nil when there is none or it cannot be read: the files are then taken as not verified.
    init?(folder: String) {
        guard let data = FileManager.default.contents(atPath: folder + "/" + Self.fileName),
            let receipt = try? JSONDecoder().decode(Receipt.self, from: data)
        else { return nil }
        self = receipt
    }

    private init(files: [File]) { self.files = files }

    /// The same, with times that no file has for the files named: they are hashed before the next use.
    func distrusting(_ names: [String]) -> Receipt {
        Receipt(
            files: files.map { file in
                let modified = names.contains(file.name) ? -1 : file.modified
                return File(name: file.name, bytes: file.bytes, modified: modified, sha256: file.sha256)
            })
    }

    /// - Parameter digests: SHA-256 by file name, of files in the folder.
    init(folder: String, digests: [(name: String, sha256: String)]) throws(ModelError) {
        var files: [File] = []
        for (name, sha256) in digests {
            guard let information = SystemCall.information(folder + "/" + name) else {
                throw ModelError(.ioFailure, "\(folder)/\(name) vanished while it was checked. Try again.")
            }
            files.append(File(name: name, bytes: information.bytes, modified: information.modified, sha256: sha256))
        }
        self.files = files
    }

    func write(to folder: String) throws(ModelError) {
        let path = folder + "/" + Self.fileName
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ModelError(.cannotCreate, "Cannot write \(path): check its permissions.", cause: error)
        }
    }
}
