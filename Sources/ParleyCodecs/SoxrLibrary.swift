internal import CSoxr
package import ParleyAudio
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// libsoxr, opened when first needed: the program starts without it, and `parley doctor` can say that it is missing.
package struct SoxrLibrary: Sendable {
    typealias Create =
        @convention(c) (
            Double, Double, UInt32, UnsafeMutablePointer<soxr_error_t?>?, UnsafePointer<soxr_io_spec_t>?,
            UnsafePointer<soxr_quality_spec_t>?, UnsafePointer<soxr_runtime_spec_t>?
        ) -> soxr_t?
    typealias Process =
        @convention(c) (
            soxr_t?, UnsafeRawPointer?, Int, UnsafeMutablePointer<Int>?, UnsafeMutableRawPointer?, Int,
            UnsafeMutablePointer<Int>?
        ) -> soxr_error_t?
    typealias Quality = @convention(c) (UInt, UInt) -> soxr_quality_spec_t
    typealias Runtime = @convention(c) (UInt32) -> soxr_runtime_spec_t

    let create: Create
    let process: Process
    let delete: @convention(c) (soxr_t?) -> Void
    let qualitySpecification: Quality
    let runtimeSpecification: Runtime
    /// "libsoxr-0.1.3"
    package let version: String

    #if canImport(Darwin)
        private static let names = [
            "libsoxr.0.dylib", "/opt/homebrew/lib/libsoxr.0.dylib", "/usr/local/lib/libsoxr.0.dylib",
        ]
    #else
        private static let names = ["libsoxr.so.0"]
    #endif

    private static let opened: Result<SoxrLibrary, AudioError> = Result { () throws(AudioError) in try SoxrLibrary() }

    /// The library, opened once in a process and never closed.
    /// - Throws: `AudioError` with code `.resamplerMissing`.
    package static func shared() throws(AudioError) -> SoxrLibrary { try opened.get() }

    private init() throws(AudioError) {
        let handles = Self.names.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }
        guard let handle = handles.first else { throw Self.missing(Self.failure()) }
        create = try Self.symbol("soxr_create", in: handle)
        process = try Self.symbol("soxr_process", in: handle)
        delete = try Self.symbol("soxr_delete", in: handle)
        qualitySpecification = try Self.symbol("soxr_quality_spec", in: handle)
        runtimeSpecification = try Self.symbol("soxr_runtime_spec", in: handle)
        let versionText: @convention(c) () -> UnsafePointer<CChar>? = try Self.symbol("soxr_version", in: handle)
        version = versionText().map { String(cString: $0) } ?? "libsoxr"
    }

    /// - Parameter Function: a `@convention(c)` type with the signature of `soxr.h` 0.1.3.
    private static func symbol<Function>(
        _ name: String, in handle: UnsafeMutableRawPointer
    ) throws(AudioError) -> Function {
        guard let address = dlsym(handle, name) else { throw missing(failure()) }
        return unsafeBitCast(address, to: Function.self)
    }

    private static func failure() -> String { dlerror().map { String(cString: $0) } ?? "not found" }

    private static func missing(_ reason: String) -> AudioError {
        AudioError(
            .resamplerMissing,
            "Cannot change the sample rate: libsoxr cannot be opened (\(reason)); install it with `sudo apt install libsoxr0`."
        )
    }
}
