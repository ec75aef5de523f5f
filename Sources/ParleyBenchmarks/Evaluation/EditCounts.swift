/// Errors of a hypothesis against a reference, from a minimal alignment.
package struct EditCounts: Sendable, Equatable, Codable {
    package var substitutions = 0
    package var deletions = 0
    package var insertions = 0

    package var total: Int { substitutions + deletions + insertions }

    package init(substitutions: Int = 0, deletions: Int = 0, insertions: Int = 0) {
        self.substitutions = substitutions
        self.deletions = deletions
        self.insertions = insertions
    }

    /// Levenshtein alignment. Of alignments with equally many errors the one with fewest substitutions is counted, then
    /// the one with fewest deletions.
    package init<Element: Equatable>(reference: [Element], hypothesis: [Element]) {
        var row = (0...hypothesis.count).map { Cell(EditCounts(insertions: $0)) }
        for (index, expected) in reference.enumerated() {
            var next = [Cell(EditCounts(deletions: index + 1))]
            next.reserveCapacity(row.count)
            for (column, heard) in hypothesis.enumerated() {
                next.append(
                    expected == heard ? row[column] : Cell.best(row[column], row[column + 1], next[column]))
            }
            row = next
        }
        self = row[hypothesis.count].counts
    }

    package static func += (left: inout EditCounts, right: EditCounts) {
        left.substitutions += right.substitutions
        left.deletions += right.deletions
        left.insertions += right.insertions
    }

    /// One cell of the alignment table.
    private struct Cell {
        let counts: EditCounts

        init(_ counts: EditCounts) { self.counts = counts }

        static func best(_ diagonal: Cell, _ above: Cell, _ left: Cell) -> Cell {
            var substitution = diagonal.counts
            substitution.substitutions += 1
            var deletion = above.counts
            deletion.deletions += 1
            var insertion = left.counts
            insertion.insertions += 1
            return Cell(fewer(substitution, fewer(deletion, insertion)))
        }

        private static func fewer(_ a: EditCounts, _ b: EditCounts) -> EditCounts {
            (a.total, a.substitutions, a.deletions) <= (b.total, b.substitutions, b.deletions) ? a : b
        }
    }
}
