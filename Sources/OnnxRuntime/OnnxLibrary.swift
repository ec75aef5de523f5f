internal import COnnxRuntime

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#endif

/// ONNX Runtime, opened at run time so that the program starts, and can say so, when the library is missing.
///
/// Never closed: the library keeps threads and thread-local state of its own until the process ends.
package final class OnnxLibrary: Sendable {
    // Safe because the table is constant memory of a library that is never closed.
    nonisolated(unsafe) private let table: UnsafePointer<OrtApi>

    /// Version the library reports: "1.31.1".
    package let version: String
    /// File that was opened.
    package let path: String

    /// Names the library has on this system, the most specific first.
    package static let fileNames: [String] = {
        #if canImport(Darwin)
            ["libonnxruntime.1.dylib", "libonnxruntime.dylib"]
        #else
            ["libonnxruntime.so.1", "libonnxruntime.so"]
        #endif
    }()

    /// Opens the first library found.
    /// - Parameter folders: folders in order of preference; a path of a file is taken as that file.
    /// - Throws: `.libraryMissing` when there is none, `.libraryUnusable` when it cannot be opened or is too old.
    package static func open(searching folders: [String]) throws(OnnxError) -> OnnxLibrary {
        for path in folders.flatMap(candidates) where access(path, R_OK) == 0 {
            return try OnnxLibrary(path: path)
        }
        throw OnnxError(
            .libraryMissing,
            "ONNX Runtime (\(fileNames[0])) is missing: looked in \(folders.joined(separator: ", ")). "
                + "Run `scripts/bootstrap`.")
    }

    private static func candidates(_ folder: String) -> [String] {
        if folder.hasSuffix(".dylib") || folder.contains(".so") { return [folder] }
        return fileNames.map { folder.hasSuffix("/") ? folder + $0 : folder + "/" + $0 }
    }

    private init(path: String) throws(OnnxError) {
        Self.forbidTelemetry()
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw OnnxError(
                .libraryUnusable, "Cannot open \(path): \(reason). Run `scripts/bootstrap` to fetch it again.")
        }
        guard let symbol = dlsym(handle, "OrtGetApiBase"),
            let base = unsafeBitCast(symbol, to: OrtGetApiBaseFunction.self)()
        else {
            throw OnnxError(.libraryUnusable, "\(path) is not ONNX Runtime: it has no OrtGetApiBase.")
        }
        let version = base.pointee.GetVersionString().map { String(cString: $0) } ?? "unknown"
        guard let table = base.pointee.GetApi(UInt32(PARLEY_ORT_API_VERSION)) else {
            throw OnnxError(
                .libraryUnusable,
                "\(path) is ONNX Runtime \(version), too old: 1.13 or later is needed. Run `scripts/bootstrap`.")
        }
        self.table = table
        self.version = version
        self.path = path
    }

    /// Builds since 1.31 report to their authors: they write a device id and a queue of events into the user's cache folder,
    /// and send them. `DisableTelemetryEvents` comes too late, for it needs an environment; this variable is read when the
    /// library is opened, and there is no other way. Nothing else is set, and nothing is read.
    private static func forbidTelemetry() {
        setenv("ORT_DISABLE_TELEMETRY", "1", 1)
    }

    var api: OrtApi {
        // Reads one function pointer from the table; the struct is not copied.
        _read { yield table.pointee }
    }

    /// Turns a status into an error and releases it: the only place that does.
    /// - Parameter what: the sentence's beginning, for example "Cannot load stt.encoder.onnx".
    func check(
        _ status: OpaquePointer?, code: OnnxError.Code = .callFailed, _ what: @autoclosure () -> String
    ) throws(OnnxError) {
        guard let status else { return }
        defer { api.ReleaseStatus(status) }
        let reason = api.GetErrorMessage(status).map { String(cString: $0) } ?? "no reason given"
        throw OnnxError(code, "\(what()): \(reason) (\(Self.name(ofStatus: api.GetErrorCode(status)))).")
    }

    /// Names of the C enumeration `OrtErrorCode`.
    private static func name(ofStatus code: Int32) -> String {
        let names = [
            "ORT_OK", "ORT_FAIL", "ORT_INVALID_ARGUMENT", "ORT_NO_SUCHFILE", "ORT_NO_MODEL", "ORT_ENGINE_ERROR",
            "ORT_RUNTIME_EXCEPTION", "ORT_INVALID_PROTOBUF", "ORT_MODEL_LOADED", "ORT_NOT_IMPLEMENTED",
            "ORT_INVALID_GRAPH", "ORT_EP_FAIL",
        ]
        return names.indices.contains(Int(code)) ? names[Int(code)] : "code \(code)"
    }

    /// The value of an out parameter after a successful call.
    func unwrap(_ handle: OpaquePointer?, _ what: @autoclosure () -> String) throws(OnnxError) -> OpaquePointer {
        guard let handle else { throw OnnxError(.callFailed, "\(what()): the library gave nothing back.") }
        return handle
    }
}
