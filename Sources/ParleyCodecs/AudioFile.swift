package import Foundation
package import ParleyAudio

/// An audio file as mono samples at the rate that a model wants: averaged first, then resampled.
package final class AudioFile {
    /// Rate of the samples that `next` gives.
    package let sampleRate: Int
    /// Rate of the samples in the file.
    package let fileSampleRate: Int

    private let reader: WAVReader
    private let resampler: Resampler?
    private var isAtEnd = false

    /// Seconds read at once: little enough that a pipe which somebody speaks into is followed.
    private static let blockSeconds = 2
    /// Longest recording that `load` keeps in memory: 4 hours of 16 kHz take 920 MB.
    package static let longestLoad: Duration = .seconds(4 * 3_600)

    /// - Parameters:
    ///   - url: WAV of any rate and up to 64 channels.
    ///   - sampleRate: rate wanted.
    /// - Throws: `AudioError`: what `WAVReader` and `Resampler` throw.
    package init(_ url: URL, sampleRate: Int) throws(AudioError) {
        reader = try WAVReader(url)
        self.sampleRate = sampleRate
        fileSampleRate = reader.format.sampleRate
        resampler = fileSampleRate == sampleRate ? nil : try Resampler(from: fileSampleRate, to: sampleRate)
    }

    /// Length of what is left to read, by the file's header and its size; `nil` for a pipe that does not say.
    package var durationLeft: Duration? {
        reader.framesLeft.map { .seconds(Double($0) / Double(fileSampleRate)) }
    }

    /// - Returns: samples of about two seconds of the file, none at its end.
    package func next() throws(AudioError) -> [Float] {
        while !isAtEnd {
            let block = try reader.read(Self.blockSeconds * fileSampleRate)
            isAtEnd = block.isEmpty
            guard let resampler else { return block }
            let samples = block.isEmpty ? try resampler.finish() : try resampler.append(block)
            if !samples.isEmpty { return samples }
        }
        return []
    }

    /// Reads a whole file.
    /// - Returns: mono samples at `sampleRate`; none for a file without samples.
    /// - Throws: as `init` and `next`, and `.tooLong` beyond `longestLoad`.
    package static func load(_ url: URL, sampleRate: Int = 16_000) throws(AudioError) -> AudioChunk {
        let file = try AudioFile(url, sampleRate: sampleRate)
        let limit = Int(longestLoad.components.seconds) * sampleRate
        var samples: [Float] = []
        if let frames = file.reader.framesLeft {
            let expected = Double(frames) * Double(sampleRate) / Double(file.fileSampleRate)
            if expected > Double(limit) { throw tooLong(url) }
            samples.reserveCapacity(Int(expected) + 64)
        }
        while true {
            let block = try file.next()
            if block.isEmpty { return AudioChunk(samples: samples, sampleRate: sampleRate) }
            samples += block
            if samples.count > limit { throw tooLong(url) }
        }
    }

    private static func tooLong(_ url: URL) -> AudioError {
        AudioError(
            .tooLong,
            "\(url.relativePath) is longer than \(longestLoad.components.seconds / 3_600) hours; cut it into several files."
        )
    }
}
