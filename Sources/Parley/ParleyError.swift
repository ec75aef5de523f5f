internal import OnnxRuntime
internal import ParleyAudio
package import ParleyCore

/// Why Parley could not do something.
public struct ParleyError: Error, Sendable, CustomStringConvertible {
    /// Stable name of a failure; new ones may be added.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name itself: `pipeline-no-speech`.
        public let rawValue: String

        /// - Parameter rawValue: the name itself.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The recording holds no words.
        public static let noSpeech = Code(rawValue: "pipeline-no-speech")
        /// A model is not on this machine yet.
        public static let modelMissing = Code(rawValue: "model-not-present")
        /// The file is no audio that can be read.
        public static let unsupportedAudio = Code(rawValue: "audio-unsupported-format")
    }

    /// Stable name of the failure, for programs.
    public let code: Code
    /// One sentence: what failed, on what, why, and what to do.
    public let message: String
    /// What lies beneath, when something does.
    public let cause: (any Error)?
    package let kind: FaultKind

    /// The message.
    public var description: String { message }

    package init(code: Code, kind: FaultKind, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    /// The same failure in the words of the public library. Cancellation is no failure and is passed on.
    static func mapping<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as ParleyError {
            throw error
        } catch let error as any Fault {
            throw ParleyError(
                code: Code(rawValue: error.codeName), kind: error.kind, message: error.message, cause: error.cause)
        } catch let error as OnnxError {
            throw ParleyError(
                code: Code(rawValue: error.code.rawValue), kind: .unavailable, message: error.message,
                cause: error.cause)
        }
    }
}

extension ParleyError: Fault {
    package var codeName: String { code.rawValue }
}
