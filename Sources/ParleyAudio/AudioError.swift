/// A failure with audio: its files, their content, or the rate of its samples.
package struct AudioError: Error, Sendable, CustomStringConvertible {
    /// What failed, for programs. The raw value is the stable name.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// The file is audio of a kind that is not read, or not audio at all.
        package static let unsupportedFormat = Code(rawValue: "audio-unsupported-format")
        /// The file says what it is, but its content contradicts that.
        package static let damaged = Code(rawValue: "audio-damaged")
        /// The audio is longer than the caller can take.
        package static let tooLong = Code(rawValue: "audio-too-long")
        /// There is no such file, or it is a folder.
        package static let notFound = Code(rawValue: "audio-not-found")
        /// The operating system does not let this user at the file.
        package static let notPermitted = Code(rawValue: "audio-not-permitted")
        /// Reading stopped half-way.
        package static let readFailed = Code(rawValue: "audio-read-failed")
        /// The output cannot be created where it was asked for.
        package static let cannotCreate = Code(rawValue: "audio-cannot-create")
        /// Writing stopped half-way: the disk is full, for example.
        package static let writeFailed = Code(rawValue: "audio-write-failed")
        /// A voice or a filter gave a sample that is not a number.
        package static let notFinite = Code(rawValue: "audio-not-finite")
        /// The library that changes sample rates is not installed.
        package static let resamplerMissing = Code(rawValue: "audio-resampler-missing")
        /// The library that changes sample rates refused.
        package static let resamplingFailed = Code(rawValue: "audio-resampling-failed")
    }

    package let code: Code
    /// One sentence: what failed, on what, why, and what to do.
    package let message: String
    /// What lies beneath, when something does.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
