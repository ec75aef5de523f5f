package import Foundation

/// Bytes of every token, read in place from the mapped file `stt.vocabulary`.
///
/// The file: count, count + 1 offsets (all `u32`, little-endian), then the bytes. Source: `forge/FORMAT.md`.
package struct WhisperVocabulary: Sendable {
    /// Tokens it holds.
    package let count: Int
    private let data: Data

    /// - Throws: `STTError` with code `.modelUnusable` when offsets point outside the file.
    init(file: URL) throws(STTError) {
        do {
            try self.init(data: try Data(contentsOf: file, options: .alwaysMapped))
        } catch let error as STTError {
            throw error
        } catch {
            throw STTError(
                .modelUnusable, "Cannot read \(file.path). Run `parley models pull audio-starter`.", cause: error)
        }
    }

    package init(data: Data) throws(STTError) {
        self.data = data
        let size = data.count
        let count = size >= 8 ? Int(Self.number(data, at: 0)) : -1
        guard count >= 0, size >= 4 * (count + 2) else {
            throw STTError(.modelUnusable, "The vocabulary is cut short. Run `parley models verify`.")
        }
        self.count = count
        let limit = size - 4 * (count + 2)
        var last = 0
        for token in 0...count {
            let offset = Int(Self.number(data, at: 4 * (token + 1)))
            guard offset >= last, offset <= limit else {
                throw STTError(
                    .modelUnusable, "The vocabulary is damaged at token \(token). Run `parley models verify`.")
            }
            last = offset
        }
    }

    /// Bytes of a token; empty for special tokens and for numbers outside the vocabulary.
    package func bytes(of token: Int) -> Data {
        guard (0..<count).contains(token) else { return Data() }
        let base = data.startIndex + 4 * (count + 2)
        let start = Int(Self.number(data, at: 4 * (token + 1)))
        let end = Int(Self.number(data, at: 4 * (token + 2)))
        return data[(base + start)..<(base + end)]
    }

    /// Text of tokens, without spaces around it. Bytes that are no whole character are left out.
    package func text(of tokens: some Sequence<Int>) -> String {
        var bytes: [UInt8] = []
        for token in tokens { bytes.append(contentsOf: self.bytes(of: token)) }
        return Self.wholeCharacters(bytes).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Decodes UTF-8 and drops what is not valid, for example the first half of a character at the end.
    package static func wholeCharacters(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): text.append(scalar)
            case .error: continue
            case .emptyInput: return String(text)
            }
        }
    }

    private static func number(_ data: Data, at offset: Int) -> UInt32 {
        data.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }
}
