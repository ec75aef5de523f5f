internal import Foundation

/// The section `stt` of a bundle's `bundle.json`. Keys: `forge/FORMAT.md`.
struct WhisperManifest: Decodable, Sendable {
    /// Where the rows of the token embedding lie in the weight file.
    struct Embedding: Decodable, Sendable {
        var file: String
        /// Byte of the first row.
        var offset: Int
        var rows: Int
        var columns: Int
        /// 32: floats. 8: bytes with a scale, a half float, for each block.
        var bits: Int
        /// Elements that share a scale.
        var block: Int
        /// Byte of the first scale.
        var scalesOffset: Int
        var zeroPoint: Int
    }

    struct Tokens: Decodable, Sendable {
        var startOfTranscript: Int
        var endOfText: Int
        var transcribe: Int
        var noTimestamps: Int
        var noSpeech: Int
    }

    var sampleRate: Int
    /// The encoder's input length is a multiple of this.
    var samplesPerFrame: Int
    var maximumSamples: Int
    var layers: Int
    var heads: Int
    var headSize: Int
    var width: Int
    var vocabularySize: Int
    /// Tokens that one utterance may have, prompt included.
    var maximumTokens: Int
    var vocabulary: String
    var embedding: Embedding
    var languages: [String: Int]
    var tokens: Tokens
    /// Tokens below this number are text.
    var textTokens: Int
    var suppressed: [Int]
    var beginSuppressed: [Int]

    private struct Bundle: Decodable {
        struct Graph: Decodable { var file: String }
        var format: String
        var version: Int
        var graphs: [String: Graph]
        var stt: WhisperManifest
    }

    /// Reads the manifest and the files of the graphs by role.
    /// - Throws: `STTError` with code `.modelUnusable`.
    static func read(folder: URL) throws(STTError) -> (manifest: WhisperManifest, graphs: [String: URL]) {
        let file = folder.appendingPathComponent("bundle.json")
        let bundle: Bundle
        do {
            bundle = try JSONDecoder().decode(Bundle.self, from: try Data(contentsOf: file))
        } catch {
            throw STTError(
                .modelUnusable, "Cannot read \(file.path): \(reason(error)). Run `parley models pull audio-starter`.",
                cause: error)
        }
        guard bundle.format == "parley-audio-bundle", bundle.version == 2 else {
            throw STTError(
                .modelUnusable,
                "\(file.path) is \(bundle.format) version \(bundle.version); this Parley reads version 2 of "
                    + "parley-audio-bundle. Run `parley models pull audio-starter`.")
        }
        try bundle.stt.validate(file)
        return (bundle.stt, bundle.graphs.mapValues { folder.appendingPathComponent($0.file) })
    }

    /// Refuses numbers that later code relies on.
    private func validate(_ file: URL) throws(STTError) {
        let ids = suppressed + beginSuppressed + Array(languages.values)
        let special = [
            tokens.startOfTranscript, tokens.endOfText, tokens.transcribe, tokens.noTimestamps, tokens.noSpeech,
        ]
        guard sampleRate > 0, samplesPerFrame > 0, maximumSamples > 0, maximumSamples % samplesPerFrame == 0,
            layers > 0, heads > 0, headSize > 0, heads * headSize == width, embedding.columns == width,
            embedding.rows == vocabularySize, textTokens == tokens.endOfText, maximumTokens > 8,
            (ids + special).allSatisfy({ (0..<vocabularySize).contains($0) }), !languages.isEmpty
        else {
            throw STTError(
                .modelUnusable,
                "The recogniser's numbers in \(file.path) contradict each other. Run `parley models verify`.")
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return error.localizedDescription }
        return switch error {
        case .keyNotFound(let key, _): "the key \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.debugDescription
        @unknown default: "it is not valid JSON"
        }
    }
}
