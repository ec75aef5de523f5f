/// Columns of text, aligned at the left, two spaces apart.
struct TextTable {
    private var rows: [[String]]

    init(_ header: [String]) { rows = [header] }

    mutating func append(_ row: [String]) { rows.append(row) }

    /// Lines without spaces at their ends.
    var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map {
                $0.offset == row.count - 1 ? $0.element : $0.element.padding(to: widths[$0.offset])
            }
            return cells.joined(separator: "  ")
        }
    }
}
