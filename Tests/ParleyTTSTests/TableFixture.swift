import Foundation
import ParleyTTS

/// Small tables in the format of the forge, written where a test can open them.
struct TableFixture {
    var sections: [(name: String, records: [String: [UInt8]])]

    /// The file's bytes, as `forge/FORMAT.md` describes them.
    var bytes: [UInt8] {
        var directory: [UInt8] = []
        var body: [UInt8] = []
        let start = 16 + sections.count * 32
        for section in sections {
            while (start + body.count) % 64 != 0 { body.append(0) }
            let data = Self.section(section.records)
            directory += Array(section.name.utf8) + [UInt8](repeating: 0, count: 16 - section.name.utf8.count)
            directory += Self.little(UInt64(start + body.count)) + Self.little(UInt64(data.count))
            body += data
        }
        return Array("PRLYTBL".utf8) + [1] + Self.little(UInt32(sections.count)) + Self.little(UInt32(0)) + directory
            + body
    }

    private static func section(_ records: [String: [UInt8]]) -> [UInt8] {
        var offsets: [UInt32] = [0]
        var body: [UInt8] = []
        for (key, value) in records.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }) {
            body += [UInt8(key.utf8.count)] + Array(key.utf8) + value
            offsets.append(UInt32(body.count))
        }
        return little(UInt32(records.count)) + offsets.flatMap { little($0) } + body
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    /// Writes bytes to a file of its own, hands over its path and removes it.
    static func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString).tables")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path)
    }
}

extension TableFixture {
    private static let symbols = Array(" ,.?!;:—…ˈˌAIOWYabdfhijklmnpstuvwzæðŋɐɑɔəɛɜɡɪɹɾʃʊʌʒʤʧθᵊᵻ\"()“”T".unicodeScalars)

    private static func ids(_ phonemes: String) -> [UInt8] {
        phonemes.unicodeScalars.map { UInt8((symbols.firstIndex(of: $0) ?? 0) + 1) }
    }

    private static func readings(_ byTag: [String: String?]) -> [UInt8] {
        byTag.sorted { $0.key < $1.key }.reduce(into: [255, UInt8(byTag.count)]) { bytes, reading in
            bytes += [UInt8(reading.key.utf8.count)] + Array(reading.key.utf8)
            bytes += reading.value.map { [UInt8($0.unicodeScalars.count)] + ids($0) } ?? [255]
        }
    }

    private static let tags = [",", ".", "CD", "DT", "IN", "NN", "PRP", "VB", "VBD"]

    /// A language of a few words for the rules of English.
    static var english: TableFixture {
        let words = [
            "the": "ðə", "to": "tu", "cat": "kˈæt", "bake": "bˈAk", "wait": "wˈAt", "stop": "stˈɑp", "dish": "dˈɪʃ",
            "dog": "dˈɔɡ", "apple": "ˈæpᵊl", "one": "wˈʌn", "two": "tˈu", "five": "fˈIv", "nine": "nˈIn",
            "twenty": "twˈɛnti", "ninety": "nˈIndi", "hundred": "hˈʌndɹəd", "dollar": "dˈɑləɹ", "cent": "sˈɛnt",
            "kilometers": "kəlˈɑməɾəɹz", "first": "fˈɜɹst", "percent": "pəɹsˈɛnt", "March": "mˈɑɹʧ", "fifth": "fˈɪfθ",
            "A": "ˈA", "B": "bˈi", "S": "ˈɛs", "U": "jˈu", "of": "ʌv", "in": "ɪn", "and": "ænd", "minus": "mˈInəs",
            "doctor": "dˈɑktəɹ",
        ]
        var gold = words.mapValues(ids)
        gold["read"] = readings(["DEFAULT": "ɹˈid", "VBD": "ɹˈɛd"])
        let tagged = [
            "the": "DT", "The": "DT", "to": "TO", "they": "PRP", ".": ".", ",": ",", "cat": "NN", "read": "VBD",
            "5": "CD",
            "$": "$", "9.99": "CD", "%": "NN", "20": "CD", "1": "CD",
        ]
        let names = Set(tags + tagged.values).sorted()
        let tagBytes = tagged.mapValues { [UInt8(names.firstIndex(of: $0) ?? 0)] }
        func texts(_ pairs: [String: String]) -> [String: [UInt8]] { pairs.mapValues { Array($0.utf8) } }
        return TableFixture(sections: [
            ("alphabet", Dictionary(uniqueKeysWithValues: symbols.map { (String($0), ids(String($0))) })),
            ("lexicon.gold", gold),
            ("lexicon.silver", ["zebra": ids("zˈibɹə")]),
            ("tagger.tags", Dictionary(uniqueKeysWithValues: zip(names, names.indices.map { [UInt8($0)] }))),
            ("tagger.words", tagBytes), ("tagger.known", [:]), ("tagger.weights", [:]),
            ("tokens", texts(["don't": "do\0n't"])),
            ("months", texts(["mar": "March"])), ("titles", texts(["Dr": "doctor"])),
            ("abbreviations", texts(["no.": "number"])), ("units", texts(["km": "kilometer\0kilometers"])),
            ("symbols", texts(["=": "equals"])), ("currencies", texts(["¢": "cent\0cents", "$": "dollar\0dollars"])),
            ("roman.cardinal", [:]), ("roman.ordinal", [:]),
        ])
    }
}
