internal import Parley

/// Divides stretches of speech into subtitles that can be read: a value, fed in order.
package struct CueBuilder: Sendable {
    /// Columns of a line. Source: the usual guidelines for subtitles (BBC: 37 to 42, Netflix: 42).
    package static let columns = 42
    package static let maximumLines = 2
    /// Longest time one subtitle stays. Source: Netflix timed text style guide, 7 s.
    package static let longest: Duration = .seconds(7)
    /// Shortest time a person needs to notice one, where the words after it leave so much.
    package static let shortest: Duration = .seconds(1)
    /// A pause longer than this begins a new subtitle.
    package static let pause: Duration = .milliseconds(800)
    /// Text that is long enough to stand alone when its sentence ends.
    private static let goodLength = columns

    /// End of the subtitle before, milliseconds.
    private var floor = 0

    package init() {}

    /// The subtitles of a stretch.
    /// - Parameter words: empty when their times are not known.
    package mutating func cues(
        _ text: String, words: [(text: String, start: Duration, end: Duration)], start: Duration, end: Duration
    ) -> [Cue] {
        let pieces = CueText.pieces(
            text.oneLine, words: words, start: start, end: end, longest: Self.columns)
        let groups = Self.groups(pieces)
        return groups.indices.compactMap { index in
            let next = index + 1 < groups.count ? groups[index + 1].first?.start : end
            return cue(groups[index], until: next ?? end)
        }
    }

    mutating func cues(_ segment: Transcription.Segment) -> [Cue] {
        cues(
            segment.text, words: segment.words.map { ($0.text, $0.start, $0.end) }, start: segment.start,
            end: segment.end)
    }

    /// - Parameter next: when the words after it begin.
    private mutating func cue(_ pieces: [TimedPiece], until next: Duration) -> Cue? {
        guard let first = pieces.first, let last = pieces.last, let lines = Self.lines(pieces) else { return nil }
        // Short ones stay a little longer when nobody speaks; none stays too long because the time of a word is wrong.
        let wanted = max(last.end, min(first.start + Self.shortest, next))
        let start = max(floor, Self.milliseconds(first.start))
        let end = min(Self.milliseconds(wanted), start + Self.milliseconds(Self.longest))
        floor = max(end, start + 1)
        return Cue(start: start, end: floor, lines: lines)
    }

    private static func milliseconds(_ time: Duration) -> Int { max(0, Int((time / .milliseconds(1)).rounded())) }

    /// Pieces that are shown together.
    private static func groups(_ pieces: [TimedPiece]) -> [[TimedPiece]] {
        var groups: [[TimedPiece]] = []
        var open: [TimedPiece] = []
        for piece in pieces {
            if let last = open.last, ends(open, last, before: piece) {
                groups.append(open)
                open = []
            }
            while !open.isEmpty, !fits(open + [piece]) {
                let count = breakPoint(open)
                groups.append(Array(open.prefix(count)))
                open.removeFirst(count)
            }
            open.append(piece)
        }
        return open.isEmpty ? groups : groups + [open]
    }

    /// Whether a subtitle is complete although more would fit.
    private static func ends(_ open: [TimedPiece], _ last: TimedPiece, before next: TimedPiece) -> Bool {
        if next.start - last.end > pause { return true }
        return isSentenceEnd(last.text) && CueText.width(joined(open)) >= goodLength
    }

    private static func fits(_ pieces: [TimedPiece]) -> Bool {
        guard let first = pieces.first, let last = pieces.last else { return true }
        return last.end - first.start <= longest && lines(pieces) != nil
    }

    /// How many pieces go into the subtitle: up to the end of a sentence, of a clause, or all.
    private static func breakPoint(_ pieces: [TimedPiece]) -> Int {
        let counts = (max(1, pieces.count / 3)...max(1, pieces.count)).reversed()
        let sentence = counts.first { isSentenceEnd(pieces[$0 - 1].text) }
        let clause = counts.first { isClauseEnd(pieces[$0 - 1].text) }
        return sentence ?? clause ?? pieces.count
    }

    /// One line when it fits, else two of similar length.
    /// - Returns: `nil` when two lines are not enough.
    private static func lines(_ pieces: [TimedPiece]) -> [String]? {
        let whole = joined(pieces)
        if CueText.width(whole) <= columns { return [whole] }
        let choices = (1..<max(1, pieces.count)).map { count in
            (first: joined(pieces.prefix(count)), second: joined(pieces.suffix(pieces.count - count)))
        }
        let possible = choices.filter { CueText.width($0.first) <= columns && CueText.width($0.second) <= columns }
        let best = possible.min { difference($0) < difference($1) }
        return best.map { [$0.first, $0.second] }
    }

    private static func difference(_ lines: (first: String, second: String)) -> Int {
        abs(CueText.width(lines.first) - CueText.width(lines.second))
    }

    private static func joined(_ pieces: some Sequence<TimedPiece>) -> String {
        pieces.reduce(into: "") { $0 += ($0.isEmpty || !$1.hasSpace ? "" : " ") + $1.text }
    }

    private static func isSentenceEnd(_ text: String) -> Bool { text.last.map { ".?!…。？！".contains($0) } ?? false }

    private static func isClauseEnd(_ text: String) -> Bool { text.last.map { ",;:—、，；：".contains($0) } ?? false }
}
