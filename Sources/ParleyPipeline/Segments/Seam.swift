internal import Foundation
internal import ParleyCore

/// Joins the words of two stretches whose sounds overlap, so that none is lost and none is there twice.
///
/// The sound on both sides of the cut was heard twice. Where the two hearings share words, the first is kept up to them
/// and the second from behind them: the broken words at the outer ends fall away.
package enum Seam {
    /// Words looked at on each side: more than fit into the overlap.
    private static let reach = 6

    /// How many words fall away.
    package struct Cut: Sendable, Equatable {
        /// From the end of the first hearing.
        package var atEnd: Int
        /// From the start of the second hearing.
        package var atStart: Int
    }

    /// - Parameters:
    ///   - left: all words of the first hearing.
    ///   - right: all words of the second hearing.
    /// - Returns: nothing to drop when they share no word.
    package static func cut(_ left: [String], _ right: [String]) -> Cut {
        let ends = left.suffix(reach).map(folded)
        let starts = right.prefix(reach).map(folded)
        var best: (cut: Cut, length: Int, waste: Int)?
        for i in ends.indices {
            for j in starts.indices {
                let length = zip(ends[i...], starts[j...]).prefix { $0 == $1 && !$0.isEmpty }.count
                guard length > 0 else { continue }
                let cut = Cut(atEnd: ends.count - i - length, atStart: j + length)
                let waste = cut.atEnd + j
                if let best, (best.length, -best.waste) >= (length, -waste) { continue }
                best = (cut, length, waste)
            }
        }
        return best?.cut ?? Cut(atEnd: 0, atStart: 0)
    }

    /// Takes away from both what the other holds.
    static func join(_ left: inout Transcript, _ right: inout Transcript) {
        let first = left.text.split(whereSeparator: \.isWhitespace).map(String.init)
        let second = right.text.split(whereSeparator: \.isWhitespace).map(String.init)
        let cut = cut(first, second)
        left.text = first.dropLast(cut.atEnd).joined(separator: " ")
        right.text = second.dropFirst(cut.atStart).joined(separator: " ")
        if left.words.count == first.count { left.words.removeLast(cut.atEnd) }
        if right.words.count == second.count { right.words.removeFirst(cut.atStart) }
    }

    /// Two hearings differ in capitals and punctuation.
    private static func folded(_ word: String) -> String {
        String(word.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
