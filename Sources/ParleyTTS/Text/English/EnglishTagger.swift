/// Part-of-speech tagger: an averaged perceptron over words, endings and neighbours. Tags are those of the Penn Treebank.
struct EnglishTagger {
    private let certain: RecordTable
    private let known: RecordTable
    private let weights: RecordTable
    private let tags: [String]

    init(tables: TableFile) throws(TTSError) {
        certain = try tables.table("tagger.words")
        known = try tables.table("tagger.known")
        weights = try tables.table("tagger.weights")
        tags = try tables.table("tagger.tags").all().sorted { $0.value[0] < $1.value[0] }.map(\.key)
    }

    /// Fills in the tags of a clause.
    func tag(_ tokens: inout [EnglishToken]) {
        let window = ["-START2-", "-START-"] + tokens.map { generalised($0.text) } + ["-END-", "-END2-"]
        var previous = window[1]
        var beforePrevious = window[0]
        for index in tokens.indices {
            let word = tokens[index].text
            let tag: String
            if let number = certain.bytes(word)?.first, Int(number) < tags.count {
                tag = tags[Int(number)]
            } else {
                tag = best(features(of: word, at: index, in: window, previous, beforePrevious))
            }
            tokens[index].tag = tag
            beforePrevious = previous
            previous = tag
        }
    }

    /// The tag of the highest score; of equal scores the last in byte order.
    private func best(_ features: [String]) -> String {
        var scores = [Int](repeating: 0, count: tags.count)
        var found = false
        for feature in features {
            guard let packed = weights.bytes(feature) else { continue }
            found = found || !packed.isEmpty
            for start in stride(from: 0, to: packed.count - 2, by: 3) where Int(packed[start]) < scores.count {
                let tenths = Int16(bitPattern: UInt16(packed[start + 1]) | UInt16(packed[start + 2]) << 8)
                scores[Int(packed[start])] += Int(tenths)
            }
        }
        guard found else { return "NN" }
        let top = scores.indices.max { (scores[$0], $0) < (scores[$1], $1) } ?? 0
        return tags[top]
    }

    private func features(
        of word: String, at index: Int, in window: [String], _ previous: String, _ beforePrevious: String
    ) -> [String] {
        let here = index + 2
        return [
            "b", "s3=" + ending(word), "p1=" + (word.unicodeScalars.first.map(String.init) ?? ""), "w=" + window[here],
            "sh=" + shape(word), index == 0 ? "i0" : "i+",
            "t-1=" + previous, "t-2=" + beforePrevious, "t-12=" + previous + "," + beforePrevious,
            "w-1=" + window[here - 1], "s3-1=" + ending(window[here - 1]), "w-2=" + window[here - 2],
            "w+1=" + window[here + 1], "s3+1=" + ending(window[here + 1]), "w+2=" + window[here + 2],
        ]
    }

    private func ending(_ word: String) -> String {
        String(String.UnicodeScalarView(word.unicodeScalars.suffix(3)))
    }

    /// The word as the weights know it; a rare one is only its shape.
    private func generalised(_ word: String) -> String {
        let scalars = Scalars(word)
        let general: String
        if scalars.dropFirst().contains("-"), scalars[0] != "-" {
            general = "!HYPHEN"
        } else if word.isAllDigits, scalars.count == 4 {
            general = "!YEAR"
        } else if scalars.first?.isDigit == true {
            general = "!DIGITS"
        } else {
            general = word.lowercased()
        }
        return known.contains(general) ? general : "<" + shape(word) + ">"
    }

    private func shape(_ word: String) -> String {
        if word.isAllDigits { return "d" }
        guard word.isAllLetters else {
            return String(
                String.UnicodeScalarView(
                    word.unicodeScalars.prefix(4).map { $0.isDigit ? "d" : $0.isLetter ? "x" : $0 }))
        }
        if word.isLower { return "x" }
        if word.isUpper { return word.unicodeScalars.count > 1 ? "XX" : "X1" }
        return word == word.capitalised ? "Xx" : "xX"
    }
}
