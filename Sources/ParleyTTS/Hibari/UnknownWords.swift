internal import OnnxRuntime

/// The network that reads words which no dictionary knows: letters in, phonemes out, one run a word.
///
/// Input `chars` [1, letters] int64, output `ids` [1, slots] int64: a phoneme or 0 for each slot; equal neighbours are
/// one phoneme. Source: `oov.onnx` of the package hibari-tts 0.2.1.
struct UnknownWordNetwork: Sendable {
    private let call: OnnxCall
    private let letters: [Unicode.Scalar: Int64]
    private let phonemes: [Unicode.Scalar]
    private let longest: Int

    init(_ session: OnnxSession, tables: TableFile) throws {
        call = try OnnxCall(session, inputs: ["chars"], outputs: ["ids"])
        var letters: [Unicode.Scalar: Int64] = [:]
        for (key, value) in try tables.table("oov.letters").all() {
            guard let letter = key.unicodeScalars.first, value.count == 2 else { continue }
            letters[letter] = Int64(value[0]) | Int64(value[1]) << 8
        }
        var phonemes = [Unicode.Scalar](repeating: "\0", count: 256)
        for (key, value) in try tables.table("oov.phonemes").all() {
            guard let symbol = key.unicodeScalars.first, let number = value.first else { continue }
            phonemes[Int(number)] = symbol
        }
        let limit = try tables.table("oov.limits").bytes("letters") ?? [24, 0]
        self.letters = letters
        self.phonemes = phonemes
        longest = limit.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// - Returns: `nil` when the word has no letter the network knows.
    func read(_ word: String) throws -> Phonemes? {
        let ids = word.unicodeScalars.compactMap { letters[$0] }.prefix(longest)
        guard !ids.isEmpty else { return nil }
        let environment = call.session.environment
        let input = try OnnxTensor(environment, Array(ids), shape: [1, ids.count])
        let slots: [Int64] = try call.run([input])[0].elements()
        var result: Phonemes = []
        var previous: Int64 = 0
        for slot in slots {
            if slot != previous, slot > 0, slot < phonemes.count { result.append(phonemes[Int(slot)]) }
            previous = slot
        }
        return result
    }
}

/// Readings found so far, and the words still to be read.
final class UnknownWords: UnknownWordReader {
    /// Words kept; names come back within a conversation.
    private static let capacity = 512

    private var readings: [String: Phonemes?] = [:]
    private(set) var missing: [String] = []

    func phonemes(ofUnknown word: String) -> Phonemes? {
        if let reading = readings[word] { return reading }
        if !missing.contains(word) { missing.append(word) }
        return nil
    }

    func learn(_ word: String, _ reading: Phonemes?) {
        if readings.count >= Self.capacity { readings.removeAll(keepingCapacity: true) }
        readings.updateValue(reading, forKey: word)
        missing.removeAll { $0 == word }
    }
}
