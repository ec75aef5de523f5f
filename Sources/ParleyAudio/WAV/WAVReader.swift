package import Foundation

/// Reads a WAV file block by block as mono samples: memory does not grow with the file.
///
/// PCM of 16 bits and float of 32 or 64 bits, any rate, up to 64 channels (averaged). Chunks that are not needed are
/// passed over, a size that is too large or unknown is taken as "to the end", half a frame at the end is dropped.
package final class WAVReader {
    package let format: WAVFormat

    private let source: any ByteSource
    private let name: String
    /// Bytes of samples left by the header's word; `nil` when it does not say.
    private var left: UInt64?
    private var frame: UInt64 = 0

    /// Largest value in a float file, of either sign: everything above is not audio of full scale 1.
    package static let maximumMagnitude: Float = 1e6

    /// - Parameter url: a file or a pipe.
    /// - Throws: `AudioError` with code `.notFound`, `.notPermitted`, `.readFailed`, `.unsupportedFormat`, `.damaged`.
    package convenience init(_ url: URL) throws(AudioError) {
        try self.init(try FileBytes(url), name: url.relativePath)
    }

    /// - Parameter name: what messages call these bytes.
    package convenience init(bytes: [UInt8], name: String) throws(AudioError) {
        try self.init(MemoryBytes(bytes), name: name)
    }

    init(_ source: any ByteSource, name: String) throws(AudioError) {
        let header = try WAVHeader(source, name: name)
        self.source = source
        self.name = name
        format = header.format
        left = header.dataBytes
    }

    /// Frames that are left, by the header and the size of the file; `nil` for a pipe that does not say.
    package var framesLeft: UInt64? {
        let bytes =
            switch (left, source.remaining) {
            case (let left?, let remaining?): min(left, remaining)
            case (let left, let remaining): left ?? remaining
            }
        return bytes.map { $0 / UInt64(format.frameBytes) }
    }

    /// - Parameter count: frames wanted, above 0.
    /// - Returns: mono samples, fewer than asked for only at the end, none after it.
    /// - Throws: `AudioError` with code `.readFailed`, or `.damaged` when a sample is not a number.
    package func read(_ count: Int) throws(AudioError) -> [Float] {
        precondition(count > 0, "at least one frame is read")
        let wanted = count * format.frameBytes
        let bytes = try source.read(Int(min(UInt64(wanted), left ?? UInt64(wanted))))
        left = left.map { $0 - UInt64(bytes.count) }
        let frames = bytes.count / format.frameBytes
        var samples = [Float](repeating: 0, count: frames)
        let bad = Self.decode(bytes, format, into: &samples)
        if let bad {
            throw AudioError(
                .damaged,
                "\(name) is damaged: the sample at \(Double(frame + UInt64(bad)) / Double(format.sampleRate)) s is not a number within the range of audio."
            )
        }
        frame += UInt64(frames)
        return samples
    }

    /// - Returns: the first frame that holds something else than a number within range, `nil` when all is well.
    private static func decode(_ bytes: [UInt8], _ format: WAVFormat, into samples: inout [Float]) -> Int? {
        switch format.encoding {
        case .pcm16:
            return average(bytes, format, into: &samples) { bytes, offset in
                Float(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int16.self))) / 32_768
            }
        case .float32:
            return average(bytes, format, into: &samples) { bytes, offset in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        case .float64:
            return average(bytes, format, into: &samples) { bytes, offset in
                let bits = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                return Float(Double(bitPattern: bits))
            }
        }
    }

    @inline(__always)
    private static func average(
        _ bytes: [UInt8], _ format: WAVFormat, into samples: inout [Float],
        _ sample: (UnsafeRawBufferPointer, Int) -> Float
    ) -> Int? {
        let channels = format.channels
        let width = format.encoding.bytes
        return bytes.withUnsafeBytes { raw in
            var offset = 0
            for frame in samples.indices {
                var sum: Float = 0
                for _ in 0..<channels {
                    let value = sample(raw, offset)
                    // Written so that a NaN fails too.
                    guard abs(value) <= maximumMagnitude else { return frame }
                    sum += value
                    offset += width
                }
                samples[frame] = channels == 1 ? sum : sum / Float(channels)
            }
            return nil
        }
    }
}
