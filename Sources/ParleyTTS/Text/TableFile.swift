#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The tables of a voice: sections of sorted records in one mapped file, searched in place.
/// The format is written by the forge and described in `forge/FORMAT.md`, "tts.tables".
package struct TableFile: Sendable {
    private static let magic = Array("PRLYTBL".utf8) + [1]
    private static let nameBytes = 16

    private let name: String
    private let sections: [String: RecordTable]

    /// - Parameter path: the file; it is mapped, and its pages are read when they are needed.
    /// - Throws: `TTSError` with code `.fileUnreadable` or `.fileInvalid`.
    package init(path: String) throws(TTSError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        } catch {
            throw TTSError(
                .fileUnreadable,
                "Cannot open the text tables at \(path): \(error). Run scripts/bootstrap to build the audio bundle.",
                cause: error)
        }
        name = path
        sections = try Self.directory(of: data, name: path)
    }

    /// - Throws: `TTSError` with code `.fileInvalid` when the file has no such section.
    package func table(_ section: String) throws(TTSError) -> RecordTable {
        guard let table = sections[section] else {
            throw Self.invalid(name, "it has no section \(section)")
        }
        return table
    }

    private static func directory(of data: Data, name: String) throws(TTSError) -> [String: RecordTable] {
        let start = magic.count + 8
        guard data.count >= start, Array(data.prefix(magic.count)) == magic else {
            throw invalid(name, "it does not begin as version 1 of the format does")
        }
        let count = Int(data.word(at: magic.count))
        let entry = nameBytes + 16
        guard count <= 1_000, data.count >= start + count * entry else {
            throw invalid(name, "its directory is cut off")
        }
        var sections: [String: RecordTable] = [:]
        for index in 0..<count {
            let at = start + index * entry
            let label = data.dropFirst(at).prefix(nameBytes).prefix { $0 != 0 }
            let offset = data.longWord(at: at + nameBytes)
            let length = data.longWord(at: at + nameBytes + 8)
            guard offset <= UInt64(data.count), length <= UInt64(data.count) - offset,
                let table = RecordTable(data: data, range: Int(offset)..<Int(offset + length))
            else {
                throw invalid(name, "section \(index) reaches past its end")
            }
            sections[String(decoding: label, as: UTF8.self)] = table
        }
        return sections
    }

    private static func invalid(_ name: String, _ reason: String) -> TTSError {
        TTSError(
            .fileInvalid, "Cannot use the text tables at \(name): \(reason). Run scripts/bootstrap to build them again."
        )
    }
}

/// One section of a table file: unique keys in byte order, each with a few bytes.
package struct RecordTable: Sendable {
    private let data: Data
    private let offsets: Int
    private let records: Int
    /// How many records there are.
    package let count: Int

    fileprivate init?(data: Data, range: Range<Int>) {
        guard range.count >= 8 else { return nil }
        let count = Int(data.word(at: range.lowerBound))
        let records = range.lowerBound + 4 + (count + 1) * 4
        guard records <= range.upperBound,
            Int(data.word(at: records - 4)) == range.upperBound - records
        else { return nil }
        self.data = data
        self.count = count
        self.records = records
        offsets = range.lowerBound + 4
    }

    /// The bytes stored under a key; empty when the table is a set. `nil` when there is no such key.
    package func bytes(_ key: String) -> [UInt8]? {
        guard let range = find(Array(key.utf8)) else { return nil }
        return copy(range)
    }

    /// The value as text.
    package func text(_ key: String) -> String? {
        bytes(key).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value as several texts.
    package func list(_ key: String) -> [String]? {
        bytes(key)?.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    package func contains(_ key: String) -> Bool {
        find(Array(key.utf8)) != nil
    }

    /// All records in the order of their keys: for small tables that are worth holding.
    package func all() -> [(key: String, value: [UInt8])] {
        (0..<count).map { index in
            let range = record(index)
            let length = Int(data.byte(at: range.lowerBound))
            let key = copy(range.lowerBound + 1..<range.lowerBound + 1 + length)
            return (String(decoding: key, as: UTF8.self), copy(range.lowerBound + 1 + length..<range.upperBound))
        }
    }

    private func copy(_ range: Range<Int>) -> [UInt8] {
        let bytes = data.bytes
        return range.map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }

    private func record(_ index: Int) -> Range<Int> {
        let start = records + Int(data.word(at: offsets + index * 4))
        return start..<records + Int(data.word(at: offsets + index * 4 + 4))
    }

    private func find(_ key: [UInt8]) -> Range<Int>? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let range = record(middle)
            let keyEnd = range.lowerBound + 1 + Int(data.byte(at: range.lowerBound))
            switch compare(key, range.lowerBound + 1..<keyEnd) {
            case 0: return keyEnd..<range.upperBound
            case ..<0: high = middle
            default: low = middle + 1
            }
        }
        return nil
    }

    /// Negative when the key sorts before the stored one, 0 when they are equal.
    private func compare(_ key: [UInt8], _ stored: Range<Int>) -> Int {
        let bytes = data.bytes
        for index in 0..<min(key.count, stored.count) {
            let other = bytes.unsafeLoad(fromByteOffset: stored.lowerBound + index, as: UInt8.self)
            if key[index] != other { return Int(key[index]) - Int(other) }
        }
        return key.count - stored.count
    }
}

extension Data {
    fileprivate func byte(at offset: Int) -> UInt8 {
        bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    fileprivate func word(at offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    fileprivate func longWord(at offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
