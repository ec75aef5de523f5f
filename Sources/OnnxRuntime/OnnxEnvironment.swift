internal import COnnxRuntime
internal import Synchronization

/// How ONNX Runtime uses the machine; the same for every session of the process.
package struct OnnxEnvironmentOptions: Sendable, Equatable {
    /// Threads that one graph run may use, the caller's included; at least 1.
    package var threads: Int

    package init(threads: Int = 2) { self.threads = max(1, threads) }
}

/// The process-wide state of ONNX Runtime: one thread pool, one arena, one log.
///
/// The C library keeps a single environment per process, so a second one must ask for the same options.
package final class OnnxEnvironment: Sendable {
    /// Receives a line of the library's log: severity 0 (verbose) ... 4 (fatal) and the text. Called from any thread.
    package typealias Log = @Sendable (Int, String) -> Void

    package let library: OnnxLibrary
    package let options: OnnxEnvironmentOptions

    // Safe because ONNX Runtime documents its environment as usable from any thread; released once, in `deinit`.
    nonisolated(unsafe) let handle: OpaquePointer
    // Safe because memory information is constant after its creation.
    nonisolated(unsafe) let memoryInfo: OpaquePointer
    // Safe because the default allocator is a thread-safe global of the library that is never freed.
    nonisolated(unsafe) let allocator: OpaquePointer

    private static let open = Mutex<(count: Int, options: OnnxEnvironmentOptions)>((0, OnnxEnvironmentOptions()))
    private static let sink = Mutex<Log?>(nil)

    /// - Parameter log: gets warnings and errors; `nil` silences the library.
    /// - Throws: `.environmentConflict` when another environment with other options is alive.
    package init(
        library: OnnxLibrary, options: OnnxEnvironmentOptions = OnnxEnvironmentOptions(), log: Log? = nil
    ) throws(OnnxError) {
        let made = try Self.open.withLock { open throws(OnnxError) in
            guard open.count == 0 || open.options == options else {
                throw OnnxError(
                    .environmentConflict,
                    "ONNX Runtime already runs in this process with \(open.options.threads) threads, not "
                        + "\(options.threads): release that environment first.")
            }
            let made = try Self.make(library, options, isFirst: open.count == 0)
            open = (open.count + 1, options)
            return made
        }
        if let log { Self.sink.withLock { $0 = log } }
        self.library = library
        self.options = options
        handle = made.environment
        memoryInfo = made.memoryInfo
        allocator = made.allocator
        OnnxHandles.opened(.environment)
    }

    deinit {
        Self.open.withLock { open in
            open.count -= 1
            library.api.ReleaseMemoryInfo(memoryInfo)
            library.api.ReleaseEnv(handle)
            if open.count == 0 { Self.sink.withLock { $0 = nil } }
        }
        OnnxHandles.closed(.environment)
    }

    private struct Handles: @unchecked Sendable {
        // Safe because the pointers only travel from `make` to the stored properties above.
        var environment: OpaquePointer
        var memoryInfo: OpaquePointer
        var allocator: OpaquePointer
    }

    private static func make(
        _ library: OnnxLibrary, _ options: OnnxEnvironmentOptions, isFirst: Bool
    ) throws(OnnxError) -> Handles {
        let threading = try makeThreading(library, options)
        defer { library.api.ReleaseThreadingOptions(threading) }
        let environment = try makeHandle(library, "Cannot create the environment of ONNX Runtime") {
            library.api.CreateEnvWithCustomLoggerAndGlobalThreadPools(
                { _, level, _, _, _, message in OnnxEnvironment.receive(level, message) },
                nil, Int32(PARLEY_ORT_LOG_WARNING), "parley", threading, &$0)
        }
        do {
            let info = try makeHandle(library, "Cannot describe the memory of the CPU") {
                library.api.CreateCpuMemoryInfo(
                    Int32(PARLEY_ORT_ARENA_ALLOCATOR), Int32(PARLEY_ORT_MEMORY_DEFAULT), &$0)
            }
            if isFirst {
                FreedMemory.returnLargeBlocks()
                try shareArena(library, environment, info)
            }
            let allocator = try makeHandle(library, "Cannot get the default allocator") {
                library.api.GetAllocatorWithDefaultOptions(&$0)
            }
            return Handles(environment: environment, memoryInfo: info, allocator: allocator)
        } catch {
            library.api.ReleaseEnv(environment)
            throw error
        }
    }

    /// Threads for all sessions together; they sleep instead of spinning, because other stages need the cores.
    private static func makeThreading(
        _ library: OnnxLibrary, _ options: OnnxEnvironmentOptions
    ) throws(OnnxError) -> OpaquePointer {
        let threading = try makeHandle(library, "Cannot describe threads") { library.api.CreateThreadingOptions(&$0) }
        do {
            let api = library.api
            try library.check(
                api.SetGlobalIntraOpNumThreads(threading, Int32(options.threads)), "Cannot set the threads")
            try library.check(api.SetGlobalInterOpNumThreads(threading, 1), "Cannot set the threads")
            try library.check(api.SetGlobalSpinControl(threading, 0), "Cannot stop threads from spinning")
            try library.check(api.SetGlobalDenormalAsZero(threading), "Cannot flush denormals")
            return threading
        } catch {
            library.api.ReleaseThreadingOptions(threading)
            throw error
        }
    }

    /// One arena for every session, grown by what is asked for (1 = kSameAsRequested) instead of powers of two.
    private static func shareArena(
        _ library: OnnxLibrary, _ environment: OpaquePointer, _ info: OpaquePointer
    ) throws(OnnxError) {
        var arena: OpaquePointer?
        let status = "arena_extend_strategy".withCString { key in
            withUnsafePointer(to: Optional(key)) { keys in
                keys.withMemoryRebound(to: UnsafePointer<CChar>.self, capacity: 1) { keys in
                    withUnsafePointer(to: 1) { library.api.CreateArenaCfgV2(keys, $0, 1, &arena) }
                }
            }
        }
        try library.check(status, "Cannot describe the arena")
        defer { if let arena { library.api.ReleaseArenaCfg(arena) } }
        try library.check(
            library.api.CreateAndRegisterAllocator(environment, info, arena), "Cannot share the arena")
    }

    private static func receive(_ level: Int32, _ message: UnsafePointer<CChar>?) {
        guard let message, let log = sink.withLock({ $0 }) else { return }
        log(Int(level), String(cString: message))
    }
}

/// Runs a creating call and gives the handle it made.
func makeHandle(
    _ library: OnnxLibrary, _ what: @autoclosure () -> String, code: OnnxError.Code = .callFailed,
    _ create: (inout OpaquePointer?) -> OpaquePointer?
) throws(OnnxError) -> OpaquePointer {
    var handle: OpaquePointer?
    try library.check(create(&handle), code: code, what())
    return try library.unwrap(handle, what())
}
