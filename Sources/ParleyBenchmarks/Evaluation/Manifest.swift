package import Foundation

/// One recording of a folder with a `manifest.jsonl`.
package struct Recording: Sendable, Equatable, Decodable {
    /// Path inside the folder.
    package var file: String
    /// ISO 639-1 code; "none" where nobody speaks.
    package var lang: String
    /// What is said; empty or absent where nothing is.
    package var text: String?
    /// "read", "question", "conversation", "long", "format", "noise".
    package var kind: String
    /// Length of the audio in seconds.
    package var seconds: Double

    package init(file: String, lang: String, text: String?, kind: String, seconds: Double) {
        self.file = file
        self.lang = lang
        self.text = text
        self.kind = kind
        self.seconds = seconds
    }
}

/// A folder of recordings whose text is known.
package struct Manifest: Sendable {
    package let folder: URL
    package let recordings: [Recording]

    /// - Throws: `BenchmarkError` when the folder has no manifest or a line of it cannot be read.
    package init(folder: URL) throws {
        let file = folder.appending(path: "manifest.jsonl")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw BenchmarkError(
                .noManifest, "Cannot read \(file.path): give a folder that holds recordings and a manifest.jsonl.")
        }
        self.folder = folder
        recordings = try Self.parse(text)
    }

    package static func parse(_ text: String) throws -> [Recording] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        return try lines.filter { !$0.element.allSatisfy(\.isWhitespace) }.map { number, line in
            do {
                return try JSONDecoder().decode(Recording.self, from: Data(line.utf8))
            } catch {
                throw BenchmarkError(
                    .badManifest, "Line \(number + 1) of the manifest is not a recording: \(error)", cause: error)
            }
        }
    }

    package func path(of recording: Recording) -> String {
        folder.appending(path: recording.file).path
    }
}
