internal import CSoxr
package import ParleyAudio

/// Changes the sample rate of one mono stream. Any division of the stream into pieces gives the same samples.
///
/// Quality "HQ" of libsoxr: 20 bits, pass band up to 0.913 of the lower Nyquist frequency, linear phase.
/// Source: `soxr.h` 0.1.3. Belongs to one task.
package final class Resampler {
    package let inputRate: Int
    package let outputRate: Int

    private let library: SoxrLibrary
    private let handle: soxr_t
    private var isFinished = false

    /// Rates that are changed. Slower ones are no recordings, and would grow without bound.
    package static let rates = 1_000...WAVFormat.maximumSampleRate

    /// - Throws: `AudioError` with code `.resamplerMissing`, `.resamplingFailed`, or `.unsupportedFormat` for a rate
    ///   outside `rates`.
    package init(from inputRate: Int, to outputRate: Int) throws(AudioError) {
        guard Self.rates.contains(inputRate), Self.rates.contains(outputRate) else {
            throw AudioError(
                .unsupportedFormat,
                "Cannot convert from \(inputRate) to \(outputRate) Hz: rates from \(Self.rates.lowerBound) to \(Self.rates.upperBound) Hz are possible."
            )
        }
        library = try SoxrLibrary.shared()
        // One thread: libsoxr would otherwise start an OpenMP team per core that nobody schedules.
        var runtime = library.runtimeSpecification(1)
        // SOXR_20_BITQ, "high quality".
        var quality = library.qualitySpecification(4, 0)
        var failure: soxr_error_t?
        let handle = library.create(Double(inputRate), Double(outputRate), 1, &failure, nil, &quality, &runtime)
        guard let handle, failure == nil else {
            throw Self.failed(inputRate, outputRate, failure)
        }
        self.handle = handle
        self.inputRate = inputRate
        self.outputRate = outputRate
    }

    deinit { library.delete(handle) }

    /// - Returns: the samples that are ready; the filter keeps some back until more or `finish` comes.
    package func append(_ samples: [Float]) throws(AudioError) -> [Float] {
        precondition(!isFinished, "a stream ends once")
        if samples.isEmpty { return [] }
        return try run(samples, flushing: false)
    }

    /// Ends the stream.
    /// - Returns: what the filter had kept back.
    package func finish() throws(AudioError) -> [Float] {
        precondition(!isFinished, "a stream ends once")
        isFinished = true
        return try run([], flushing: true)
    }

    /// Changes the rate of a whole recording.
    /// - Throws: as `init`.
    package static func resample(_ audio: AudioChunk, to rate: Int) throws(AudioError) -> AudioChunk {
        if audio.sampleRate == rate { return audio }
        let resampler = try Resampler(from: audio.sampleRate, to: rate)
        let samples = try resampler.append(audio.samples)
        return AudioChunk(samples: samples + (try resampler.finish()), sampleRate: rate)
    }

    private func run(_ samples: [Float], flushing: Bool) throws(AudioError) -> [Float] {
        let expected = Int(Double(samples.count) * Double(outputRate) / Double(inputRate))
        let block = max(4_096, expected + 64)
        var output: [Float] = []
        var position = 0
        var failure: soxr_error_t?
        while true {
            var consumed = 0
            var produced = 0
            let piece = samples.withUnsafeBufferPointer { input in
                [Float](unsafeUninitializedCapacity: block) { buffer, filled in
                    let source = flushing ? nil : input.baseAddress.map { UnsafeRawPointer($0 + position) }
                    failure = library.process(
                        handle, source, samples.count - position, &consumed, buffer.baseAddress, block, &produced)
                    filled = failure == nil ? produced : 0
                }
            }
            if let failure { throw Self.failed(inputRate, outputRate, failure) }
            output += piece
            position += consumed
            // A full block may mean that more is ready.
            if produced < block && position >= samples.count { return output }
        }
    }

    private static func failed(_ inputRate: Int, _ outputRate: Int, _ failure: soxr_error_t?) -> AudioError {
        let reason = failure.map { String(cString: $0) } ?? "no reason given"
        return AudioError(
            .resamplingFailed, "Cannot convert from \(inputRate) to \(outputRate) Hz: libsoxr refused (\(reason)).")
    }
}
