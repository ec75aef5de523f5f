internal import CZlib

/// Raw DEFLATE, decompressed a piece at a time in constant memory.
final class Inflater {
    // zlib keeps a pointer back to its stream, so the stream must never move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer
    private(set) var isFinished = false
    /// Input that was handed in after the end of the stream.
    private(set) var hasLeftover = false

    init() throws(ModelError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Negative window bits: no zlib header, as in ZIP.
        let status = inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw ModelError(.archiveInvalid, "Cannot start zlib (status \(status)): check the installed zlib.")
        }
        self.stream = stream
        output = .allocate(byteCount: 1 << 18, alignment: 64)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Decompresses one piece of input.
    /// - Parameter body: receives the output, in pieces of at most 256 KiB.
    /// - Throws: `ModelError` with code `.archiveInvalid` for data that is not DEFLATE, or what `body` throws.
    func feed(_ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = UInt32(input.count)
        repeat {
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = UInt32(output.count)
            let status = inflate(stream, Z_NO_FLUSH)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw ModelError(.archiveInvalid, "The compressed data is damaged (zlib status \(status)).")
            }
            isFinished = status == Z_STREAM_END
            hasLeftover = isFinished && stream.pointee.avail_in > 0
            let count = output.count - Int(stream.pointee.avail_out)
            if count > 0 { try body(UnsafeRawBufferPointer(rebasing: output[..<count])) }
            if status == Z_BUF_ERROR { return }
        } while !isFinished && (stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0)
    }

    /// CRC-32 of bytes that follow those of `crc`; starts at 0.
    static func crc32(_ crc: UInt, _ bytes: UnsafeRawBufferPointer) -> UInt {
        UInt(CZlib.crc32(uLong(crc), bytes.baseAddress?.assumingMemoryBound(to: Bytef.self), uInt(bytes.count)))
    }
}
