/// Phonemes and their numbers in the voice network.
struct Alphabet {
    /// Symbol of each number; unused numbers hold a zero scalar.
    let symbols: [Unicode.Scalar]
    private let numbers: [Unicode.Scalar: Int64]

    init(tables: TableFile) throws(TTSError) {
        var symbols = [Unicode.Scalar](repeating: "\0", count: 256)
        var numbers: [Unicode.Scalar: Int64] = [:]
        for (key, value) in try tables.table("alphabet").all() {
            guard let symbol = key.unicodeScalars.first, let number = value.first else { continue }
            symbols[Int(number)] = symbol
            numbers[symbol] = Int64(number)
        }
        self.symbols = symbols
        self.numbers = numbers
    }

    /// The number the network knows a phoneme by; `nil` when it was not trained on it.
    func number(_ symbol: Unicode.Scalar) -> Int64? { numbers[symbol] }
}
