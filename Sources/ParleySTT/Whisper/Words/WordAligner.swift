internal import Foundation

/// Finds when each token was spoken from where the decoder's alignment heads listened: a value without a model.
///
/// Each head's attention is normalised over the tokens and smoothed by a median over time; the mean of the heads is walked
/// by dynamic time warping. Source: `find_alignment` of openai-whisper 20240930, which the alignment heads come from.
package struct WordAligner: Sendable {
    /// Attention heads in a row.
    package let heads: Int
    /// Frames that hold audio; what the window has beyond is silence that was added.
    package let frames: Int

    /// Frames that the median is taken over. Source: as above.
    static let medianWidth = 7

    package init(heads: Int, frames: Int) {
        self.heads = heads
        self.frames = frames
    }

    /// - Parameter rows: one for each token and one for the end of the text: [heads, T], T at least `frames`, rows alike.
    /// - Returns: the first frame of each token and of the end, never falling; empty when there is nothing to align.
    package func firstFrames(_ rows: [[Float]]) -> [Int] {
        guard let width = rows.first?.count, heads > 0, frames > 0, width / heads >= frames,
            rows.allSatisfy({ $0.count == width })
        else { return [] }
        var mean = [[Float]](repeating: [Float](repeating: 0, count: frames), count: rows.count)
        for head in 0..<heads {
            let start = head * (width / heads)
            for (index, row) in normalised(rows, start..<(start + frames)).enumerated() {
                let smooth = Self.median(row)
                for frame in 0..<frames { mean[index][frame] += smooth[frame] / Float(heads) }
            }
        }
        return Self.warp(mean)
    }

    /// One head's attention with mean 0 and variance 1 over the tokens, frame by frame. Shares within the frames count, so
    /// that attention to the added silence does not.
    private func normalised(_ rows: [[Float]], _ part: Range<Int>) -> [[Float]] {
        var cells = rows.map { row -> [Float] in
            let sum = row[part].reduce(0, +)
            return sum > 0 ? row[part].map { $0 / sum } : [Float](repeating: 0, count: part.count)
        }
        let count = Float(cells.count)
        for frame in 0..<part.count {
            var (sum, squares): (Float, Float) = (0, 0)
            for row in cells.indices {
                sum += cells[row][frame]
                squares += cells[row][frame] * cells[row][frame]
            }
            let mean = sum / count
            let deviation = max(squares / count - mean * mean, 0).squareRoot()
            let scale = deviation > 0 ? 1 / deviation : 0
            for row in cells.indices { cells[row][frame] = (cells[row][frame] - mean) * scale }
        }
        return cells
    }

    /// Median over a window that is reflected at both ends.
    static func median(_ values: [Float]) -> [Float] {
        let reach = medianWidth / 2
        guard values.count > reach else { return values }
        let last = values.count - 1
        return values.indices.map { index in
            var window = [Float](repeating: 0, count: medianWidth)
            for offset in -reach...reach {
                var position = abs(index + offset)
                if position > last { position = 2 * last - position }
                window[offset + reach] = values[position]
            }
            window.sort()
            return window[reach]
        }
    }

    /// The path of largest sum from the first token and frame to the last of both, in steps of one.
    static func warp(_ gains: [[Float]]) -> [Int] {
        guard let frames = gains.first?.count, frames > 0 else { return [] }
        // Where each cell was entered from: 0 both before, 1 the token before, 2 the frame before.
        var origins = [[UInt8]](repeating: [UInt8](repeating: 0, count: frames), count: gains.count)
        var above = [Float](repeating: -.infinity, count: frames)
        for token in gains.indices {
            var current = [Float](repeating: -.infinity, count: frames)
            for frame in 0..<frames {
                let both = token == 0 && frame == 0 ? 0 : frame > 0 ? above[frame - 1] : -.infinity
                let down = above[frame]
                let right = frame > 0 ? current[frame - 1] : -.infinity
                var best = (gain: both, origin: UInt8(0))
                if down > best.gain { best = (down, 1) }
                if right > best.gain { best = (right, 2) }
                current[frame] = best.gain + gains[token][frame]
                origins[token][frame] = best.origin
            }
            above = current
        }
        var first = [Int](repeating: 0, count: gains.count)
        var (token, frame) = (gains.count - 1, frames - 1)
        while token >= 0, frame >= 0 {
            first[token] = frame
            switch origins[token][frame] {
            case 0: (token, frame) = (token - 1, frame - 1)
            case 1: token -= 1
            default: frame -= 1
            }
        }
        return first
    }
}
