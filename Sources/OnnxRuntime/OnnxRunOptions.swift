internal import COnnxRuntime

/// A switch that stops a running graph from another thread.
package final class OnnxRunOptions: Sendable {
    // Safe because ONNX Runtime allows the terminate flag to be set and cleared from any thread while a run uses it.
    nonisolated(unsafe) let handle: OpaquePointer
    private let environment: OnnxEnvironment

    package init(_ environment: OnnxEnvironment) throws(OnnxError) {
        handle = try makeHandle(environment.library, "Cannot create run options") {
            environment.library.api.CreateRunOptions(&$0)
        }
        self.environment = environment
        OnnxHandles.opened(.runOptions)
    }

    deinit {
        environment.library.api.ReleaseRunOptions(handle)
        OnnxHandles.closed(.runOptions)
    }

    /// Makes runs with these options, also the current one, fail with `.terminated` at the next operator.
    package func terminate() throws(OnnxError) {
        try environment.library.check(
            environment.library.api.RunOptionsSetTerminate(handle), "Cannot stop a running graph")
    }

    /// Lets runs with these options succeed again.
    package func resume() throws(OnnxError) {
        try environment.library.check(
            environment.library.api.RunOptionsUnsetTerminate(handle), "Cannot allow graphs to run again")
    }
}
