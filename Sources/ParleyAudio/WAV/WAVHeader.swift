/// What stands before the samples of a WAV file.
struct WAVHeader: Equatable {
    let format: WAVFormat
    /// Bytes of samples; `nil` when the file was written by a program that did not know: read to the end.
    let dataBytes: UInt64?

    /// Chunks looked at before the samples; real files have fewer than twenty.
    private static let maximumChunks = 1_000
    /// Size that a program writes when it cannot know it, for example `ffmpeg` into a pipe.
    private static let unknownSize: UInt32 = 0xFFFF_FFFF

    /// Reads up to the first sample.
    /// - Throws: `AudioError` with code `.unsupportedFormat` or `.damaged`, or what the source throws.
    /// Layout: "Multimedia Programming Interface and Data Specifications 1.0", IBM and Microsoft, 1991.
    init(_ source: any ByteSource, name: String) throws(AudioError) {
        let start = try source.read(12)
        guard start.matches("RIFF", at: 0), start.matches("WAVE", at: 8) else {
            throw ForeignFormat.refusal(start: start + (try source.read(52)), name: name)
        }
        let riffSize = start.integer32(at: 4)
        var format: WAVFormat?
        var offset: UInt64 = 12
        for _ in 0..<Self.maximumChunks {
            let head = try source.read(8)
            guard head.count == 8 else { throw Self.ended(name, format) }
            let size = head.integer32(at: 4)
            offset += 8
            if head.matches("data", at: 0) {
                guard let format else {
                    throw AudioError(.damaged, "\(name) is damaged: its samples come before their description.")
                }
                self.format = format
                dataBytes = Self.length(size, riffSize: riffSize, offset: offset)
                return
            }
            let padded = UInt64(size) + UInt64(size & 1)
            var read: UInt64 = 0
            if head.matches("fmt ", at: 0), format == nil {
                let body = try source.read(Int(min(size, 40)))
                read = UInt64(body.count)
                format = try WAVFormatChunk(body, name: name).format()
            }
            try source.skip(padded - read)
            offset += padded
        }
        throw AudioError(.damaged, "\(name) is damaged: no samples after \(Self.maximumChunks) chunks.")
    }

    /// A size of 0 means "unknown" when the header was written before the samples; otherwise it means "none".
    private static func length(_ size: UInt32, riffSize: UInt32, offset: UInt64) -> UInt64? {
        if size == unknownSize { return nil }
        guard size == 0 else { return UInt64(size) }
        let isUnfinished = riffSize == 0 || riffSize == unknownSize || UInt64(riffSize) + 8 == offset
        return isUnfinished ? nil : 0
    }

    private static func ended(_ name: String, _ format: WAVFormat?) -> AudioError {
        let missing = format == nil ? "the description of its samples" : "its samples"
        return AudioError(.damaged, "\(name) is damaged: the file ends before \(missing).")
    }
}

/// The body of a `fmt ` chunk.
struct WAVFormatChunk {
    private let body: [UInt8]
    private let name: String

    /// Bytes 2...15 of the sub-format of an extensible file; the first two are the encoding.
    /// Source: KSDATAFORMAT_SUBTYPE_PCM, "Multiple channel audio data and WAVE files", Microsoft, 2007.
    private static let subFormatTail: [UInt8] = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]

    init(_ body: [UInt8], name: String) {
        self.body = body
        self.name = name
    }

    /// - Throws: `AudioError` with code `.damaged` or `.unsupportedFormat`.
    func format() throws(AudioError) -> WAVFormat {
        guard body.count >= 14 else { throw damaged("the description of its samples is too short") }
        let channels = body.integer16(at: 2)
        let rate = body.integer32(at: 4)
        guard channels >= 1, channels <= WAVFormat.maximumChannels else {
            throw damaged("it claims \(channels) channels, and 1 to \(WAVFormat.maximumChannels) are possible")
        }
        guard rate >= 1, rate <= WAVFormat.maximumSampleRate else {
            throw damaged("it claims \(rate) samples a second, and 1 to \(WAVFormat.maximumSampleRate) are possible")
        }
        // The oldest form of the chunk ends before the number of bits.
        let frameBytes = body.integer16(at: 12)
        let bits = body.count >= 16 ? body.integer16(at: 14) : frameBytes / channels * 8
        let encoding = try encoding(tag: try tag(), bits: bits)
        let format = WAVFormat(encoding: encoding, channels: channels, sampleRate: Int(rate))
        guard frameBytes == format.frameBytes else {
            throw damaged(
                "\(channels) samples of \(bits) bits take \(format.frameBytes) bytes, and it claims \(frameBytes)")
        }
        return format
    }

    private func tag() throws(AudioError) -> Int {
        let tag = body.integer16(at: 0)
        guard tag == 0xFFFE else { return tag }
        guard body.count >= 40 else { throw damaged("its extended description is too short") }
        guard body[26..<40].elementsEqual(Self.subFormatTail) else { throw refused("WAV of an unknown sub-format") }
        return body.integer16(at: 24)
    }

    private func encoding(tag: Int, bits: Int) throws(AudioError) -> WAVFormat.Encoding {
        switch (tag, bits) {
        case (1, 16): return .pcm16
        case (3, 32): return .float32
        case (3, 64): return .float64
        case (1, _): throw refused("\(bits)-bit PCM WAV")
        case (3, _): throw refused("\(bits)-bit float WAV")
        case (2, _), (0x11, _): throw refused("ADPCM WAV")
        case (6, _): throw refused("A-law WAV")
        case (7, _): throw refused("mu-law WAV")
        case (0x31, _): throw refused("GSM WAV")
        case (0x55, _): throw refused("MP3 in a WAV file")
        default: throw refused("WAV of encoding \(tag)")
        }
    }

    private func refused(_ what: String) -> AudioError {
        ForeignFormat(what: what, tool: .sox).refusal(name: name)
    }

    private func damaged(_ why: String) -> AudioError {
        AudioError(.damaged, "\(name) is damaged: \(why).")
    }
}

extension [UInt8] {
    /// Little-endian; `offset + 2` bytes must exist.
    func integer16(at offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }

    /// Little-endian; `offset + 4` bytes must exist.
    func integer32(at offset: Int) -> UInt32 { UInt32(integer16(at: offset)) | UInt32(integer16(at: offset + 2)) << 16 }

    /// Whether the ASCII letters stand there; false beyond the end.
    func matches(_ letters: String, at offset: Int) -> Bool {
        dropFirst(offset).starts(with: letters.utf8)
    }
}
