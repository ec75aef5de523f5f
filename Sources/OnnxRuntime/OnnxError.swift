/// A failure of ONNX Runtime or of its use.
package struct OnnxError: Error, Sendable, CustomStringConvertible {
    /// Stable name of the failure, in kebab case.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// The shared library is in none of the folders that were searched.
        package static let libraryMissing = Code(rawValue: "onnx-library-missing")
        /// The shared library is there and cannot be used.
        package static let libraryUnusable = Code(rawValue: "onnx-library-unusable")
        /// The process already runs ONNX Runtime with other settings.
        package static let environmentConflict = Code(rawValue: "onnx-environment-conflict")
        /// A model could not be loaded.
        package static let loadFailed = Code(rawValue: "onnx-load-failed")
        /// A model has no input or output of that name.
        package static let unknownName = Code(rawValue: "onnx-unknown-name")
        /// A tensor has another element type, shape or size than asked for.
        package static let tensorMismatch = Code(rawValue: "onnx-tensor-mismatch")
        /// A run was stopped from outside.
        package static let terminated = Code(rawValue: "onnx-terminated")
        /// The cache of packed weights cannot be read or written.
        package static let cacheUnusable = Code(rawValue: "onnx-cache-unusable")
        /// A call of the library failed.
        package static let callFailed = Code(rawValue: "onnx-call-failed")
    }

    package let code: Code
    /// One sentence: what failed, on what, why, and what to do.
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
