internal import Foundation

/// Rows of the token embedding, read in place from the mapped weight file.
///
/// The decoder's output layer uses the same bytes; looked up here they cost a few pages instead of a second copy.
struct WhisperEmbedding: Sendable {
    private let layout: WhisperManifest.Embedding
    private let data: Data

    /// - Throws: `STTError` with code `.modelUnusable` when the file is shorter than the layout needs.
    init(folder: URL, layout: WhisperManifest.Embedding) throws(STTError) {
        let file = folder.appendingPathComponent(layout.file)
        do {
            data = try Data(contentsOf: file, options: .alwaysMapped)
        } catch {
            throw STTError(
                .modelUnusable, "Cannot map \(file.path). Run `parley models pull audio-starter`.", cause: error)
        }
        self.layout = layout
        guard layout.isReadable(fileSize: data.count) else {
            throw STTError(
                .modelUnusable, "The token embedding does not fit into \(file.path). Run `parley models verify`.")
        }
    }

    /// Writes the row of a token, `columns` numbers.
    /// - Parameter token: 0..<rows; checked by the caller against the manifest.
    func write(_ token: Int, into row: UnsafeMutableBufferPointer<Float>) {
        precondition(row.count == layout.columns && (0..<layout.rows).contains(token), "a row of the embedding")
        data.withUnsafeBytes { bytes in
            if layout.bits == 32 {
                let start = layout.offset + token * layout.columns * 4
                for index in row.indices {
                    row[index] = bytes.loadUnaligned(fromByteOffset: start + index * 4, as: Float.self)
                }
                return
            }
            let start = layout.offset + token * layout.columns
            let scales = layout.scalesOffset + token * (layout.columns / layout.block) * 2
            let zero = Float(layout.zeroPoint)
            for index in row.indices {
                let half = bytes.loadUnaligned(fromByteOffset: scales + index / layout.block * 2, as: UInt16.self)
                row[index] = (Float(bytes[start + index]) - zero) * Float(halfFloat: UInt16(littleEndian: half))
            }
        }
    }
}

extension Float {
    /// The value of IEEE 754 half precision bits; `Float16` is not there on every platform. Exact for finite numbers.
    init(halfFloat bits: UInt16) {
        let magnitude = Float(bitPattern: UInt32(bits & 0x7FFF) << 13) * 0x1p112
        self = bits & 0x8000 == 0 ? magnitude : -magnitude
    }
}

extension WhisperManifest.Embedding {
    /// Whether every row lies inside a file of this many bytes, in one of the two layouts.
    fileprivate func isReadable(fileSize: Int) -> Bool {
        guard rows > 0, columns > 0, offset >= 0 else { return false }
        switch bits {
        case 32: return offset + rows * columns * 4 <= fileSize
        case 8:
            guard block > 0, columns % block == 0, scalesOffset >= 0 else { return false }
            return offset + rows * columns <= fileSize && scalesOffset + rows * (columns / block) * 2 <= fileSize
        default: return false
        }
    }
}
