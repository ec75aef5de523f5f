package import Foundation

/// Writes mono 16-bit PCM WAV piece by piece; the file appears under its name only after `finish`.
///
/// Released before that, it leaves nothing behind. Into a pipe or a device the samples go at once, after a header
/// that says "to the end".
package final class WAVWriter {
    package let sampleRate: Int
    /// Samples written so far.
    package private(set) var count: UInt64 = 0

    private let file: AtomicFile
    private let name: String
    private var isFinished = false

    /// Most bytes of samples that a header of 44 bytes can count.
    private static let maximumDataBytes = UInt64(UInt32.max) - 36

    /// - Parameter sampleRate: samples per second, above 0.
    /// - Throws: `AudioError` with code `.cannotCreate`, `.notPermitted`, `.writeFailed`.
    package init(_ url: URL, sampleRate: Int) throws(AudioError) {
        precondition(sampleRate > 0 && sampleRate <= WAVFormat.maximumSampleRate, "a rate that a reader takes")
        self.sampleRate = sampleRate
        name = url.relativePath
        file = try AtomicFile(url)
        try file.append(Self.header(sampleRate: sampleRate, dataBytes: nil))
    }

    /// Adds samples; what lies outside -1...1 is clipped.
    /// - Throws: `AudioError` with code `.notFinite`, `.tooLong`, `.writeFailed`.
    package func append(_ samples: some Collection<Float>) throws(AudioError) {
        precondition(!isFinished, "nothing is added after the end")
        guard (count + UInt64(samples.count)) * 2 <= Self.maximumDataBytes else {
            throw AudioError(.tooLong, "Cannot write \(name): a WAV file holds at most 4 GiB; write several files.")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * 2)
        for sample in samples {
            guard sample.isFinite else {
                throw AudioError(.notFinite, "Cannot write \(name): a sample is not a number; report this as a fault.")
            }
            let value = Self.quantized(sample)
            bytes.append(UInt8(truncatingIfNeeded: value))
            bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        }
        try file.append(bytes)
        count += UInt64(samples.count)
    }

    /// Completes the header and makes the file appear.
    package func finish() throws(AudioError) {
        precondition(!isFinished, "a file ends once")
        isFinished = true
        if file.isSeekable {
            try file.rewriteStart(Self.header(sampleRate: sampleRate, dataBytes: UInt32(count * 2)))
        }
        try file.commit()
    }

    /// Writes a whole recording.
    package static func write(_ audio: AudioChunk, to url: URL) throws(AudioError) {
        let writer = try WAVWriter(url, sampleRate: audio.sampleRate)
        try writer.append(audio.samples)
        try writer.finish()
    }

    /// The nearest of 65,536 steps; the inverse of what `WAVReader` does, so that 16-bit audio survives unchanged.
    static func quantized(_ sample: Float) -> Int16 {
        Int16(max(-32_768, min(32_767, (sample * 32_768).rounded())))
    }

    /// - Parameter dataBytes: `nil` when not known yet.
    private static func header(sampleRate: Int, dataBytes: UInt32?) -> [UInt8] {
        var bytes = Array("RIFF".utf8)
        bytes += little(dataBytes.map { $0 + 36 } ?? .max)
        bytes += Array("WAVEfmt ".utf8)
        bytes += little(16)
        bytes += [1, 0, 1, 0]  // PCM, one channel
        bytes += little(UInt32(sampleRate))
        bytes += little(UInt32(sampleRate * 2))
        bytes += [2, 0, 16, 0]  // bytes of a frame, bits of a sample
        bytes += Array("data".utf8)
        bytes += little(dataBytes ?? .max)
        return bytes
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
