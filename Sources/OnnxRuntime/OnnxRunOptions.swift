internal import COnnxRuntime

/// A switch that stops a running graph from another thread.
package final class OnnxRunOptions: Sendable {
    // Safe because ONNX Runtime allows the terminate flag to be set and cleared from any thread while a run uses it.
    nonisolated(unsafe) let handle: OpaquePointer
    // Safe because the same holds for this one. It is for the runs of calls that shrink the arena.
    nonisolated(unsafe) let shrinkingHandle: OpaquePointer
    private let environment: OnnxEnvironment

    package init(_ environment: OnnxEnvironment) throws(OnnxError) {
        let library = environment.library
        let handle = try makeHandle(library, "Cannot create run options") { library.api.CreateRunOptions(&$0) }
        do {
            shrinkingHandle = try Self.makeShrinking(library)
        } catch {
            library.api.ReleaseRunOptions(handle)
            throw error
        }
        self.handle = handle
        self.environment = environment
        OnnxHandles.opened(.runOptions)
    }

    deinit {
        environment.library.api.ReleaseRunOptions(handle)
        environment.library.api.ReleaseRunOptions(shrinkingHandle)
        OnnxHandles.closed(.runOptions)
    }

    /// Makes runs with these options, also the current one, fail with `.terminated` at the next operator.
    package func terminate() throws(OnnxError) {
        for handle in [handle, shrinkingHandle] {
            try environment.library.check(
                environment.library.api.RunOptionsSetTerminate(handle), "Cannot stop a running graph")
        }
    }

    /// Lets runs with these options succeed again.
    package func resume() throws(OnnxError) {
        for handle in [handle, shrinkingHandle] {
            try environment.library.check(
                environment.library.api.RunOptionsUnsetTerminate(handle), "Cannot allow graphs to run again")
        }
    }

    private static func makeShrinking(_ library: OnnxLibrary) throws(OnnxError) -> OpaquePointer {
        let handle = try makeHandle(library, "Cannot create run options") { library.api.CreateRunOptions(&$0) }
        do {
            // Key and value: `onnxruntime_run_options_config_keys.h` of 1.13; `cpu:0` is the arena of the processor.
            try library.check(
                library.api.AddRunConfigEntry(handle, "memory.enable_memory_arena_shrinkage", "cpu:0"),
                "Cannot let the arena shrink")
            return handle
        } catch {
            library.api.ReleaseRunOptions(handle)
            throw error
        }
    }
}
