internal import Foundation

extension EvaluationReport {
    /// For people: one line for each language and kind, then what is not a word error.
    package var table: String {
        let heading = ["language", "kind", "files", "words", "sub", "del", "ins", "WER %", "CER %"]
        let lines = [heading] + rows.map(Self.cells)
        let widths = heading.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let text = lines.map { line in
            line.indices.map { Self.pad(line[$0], to: widths[$0], left: $0 < 2) }.joined(separator: "  ")
        }
        return (text + [summary]).joined(separator: "\n")
    }

    private var rerunRate: Double { stretches == 0 ? 0 : 100 * Double(reruns) / Double(stretches) }

    private var summary: String {
        """

        words written into \(noiseFiles) files without speech: \(noiseWords)
        stretches of speech recognised again after a guard: \(reruns) of \(stretches) (\(decimal(rerunRate, 2)) %)
        files heard in another language: \(languagesMissed)
        files that could not be read, left out: \(filesLeftOut)
        \(decimal(audioSeconds, 1)) s of audio in \(decimal(processingSeconds, 1)) s
        """
    }

    private static func cells(_ row: Row) -> [String] {
        let score = row.score
        return [
            row.language, row.kind, "\(score.files)", "\(score.words)", "\(score.wordErrors.substitutions)",
            "\(score.wordErrors.deletions)", "\(score.wordErrors.insertions)", decimal(row.wordErrorRate, 2),
            decimal(row.characterErrorRate, 2),
        ]
    }

    private static func pad(_ text: String, to width: Int, left: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? text + space : space + text
    }
}

/// A number with a fixed count of decimals, a point in every locale.
package func decimal(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", locale: Locale(identifier: "en_US_POSIX"), value)
}
