internal import COnnxRuntime

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#endif

/// Chosen inputs and outputs of a session in a fixed order, their names kept as C strings for every run.
package final class OnnxCall: Sendable {
    package let session: OnnxSession
    package let inputs: [String]
    package let outputs: [String]
    /// Whether memory of the arena that nothing uses goes back to the system after each run.
    private let shrinks: Bool
    /// For runs that are given none.
    private let options: OnnxRunOptions?

    // Safe because the strings are written in `init` only and freed in `deinit` only.
    nonisolated(unsafe) private let inputNames: [UnsafePointer<CChar>]
    // Safe because the same holds for these.
    nonisolated(unsafe) private let outputNames: [UnsafePointer<CChar>]

    /// - Parameters:
    ///   - inputs: names in the order in which `run` gets tensors; every input of the graph must be there.
    ///   - outputs: names in the order in which `run` gives tensors; others are not computed for us.
    ///   - shrinks: gives memory of the arena that nothing uses back to the system after each run. For graphs that run
    ///     seldom and over inputs of many lengths: the arena would keep blocks of every length.
    /// - Throws: `.unknownName` for a name that the graph does not have or an input that is left out.
    package init(
        _ session: OnnxSession, inputs: [String], outputs: [String], shrinks: Bool = false
    ) throws(OnnxError) {
        let known = session.inputs.map(\.name)
        if let missing = known.first(where: { !inputs.contains($0) }) {
            throw OnnxError(.unknownName, "\(session.name) needs an input \(missing) that it is not given.")
        }
        if let unknown = inputs.first(where: { !known.contains($0) }) {
            throw OnnxError(.unknownName, "\(session.name) has no input \(unknown): it has \(known).")
        }
        let produced = session.outputs.map(\.name)
        if let unknown = outputs.first(where: { !produced.contains($0) }) {
            throw OnnxError(.unknownName, "\(session.name) has no output \(unknown): it has \(produced).")
        }
        self.shrinks = shrinks
        options = shrinks ? try OnnxRunOptions(session.environment) : nil
        self.session = session
        self.inputs = inputs
        self.outputs = outputs
        inputNames = inputs.compactMap { strdup($0) }.map { UnsafePointer($0) }
        outputNames = outputs.compactMap { strdup($0) }.map { UnsafePointer($0) }
    }

    deinit {
        for name in inputNames + outputNames { free(UnsafeMutablePointer(mutating: name)) }
    }

    /// Runs the graph once; blocks until it is done.
    /// - Parameters:
    ///   - tensors: one for each input, in order.
    ///   - destinations: tensors of ours, by index of output, that the library writes into instead of its own.
    /// - Returns: one tensor for each output, in order.
    /// - Throws: `.terminated` when the options' flag was set, `.callFailed` with the library's reason otherwise.
    package func run(
        _ tensors: [OnnxTensor], into destinations: [Int: OnnxTensor] = [:], options: OnnxRunOptions? = nil
    ) throws(OnnxError) -> [OnnxTensor] {
        guard tensors.count == inputs.count else {
            throw OnnxError(
                .tensorMismatch, "\(session.name) takes \(inputs.count) tensors and was given \(tensors.count).")
        }
        var results = [OpaquePointer?](repeating: nil, count: outputs.count)
        for (index, tensor) in destinations where results.indices.contains(index) { results[index] = tensor.handle }
        let library = session.environment.library
        let handles = tensors.map(\.handle)
        let options = options ?? self.options
        let settings = shrinks ? options?.shrinkingHandle : options?.handle
        // Keeps the tensors, and so their handles and memory, alive until the library is done with them.
        let status = withExtendedLifetime((tensors, destinations, options)) {
            inputNames.withUnsafeBufferPointer { inputNames in
                outputNames.withUnsafeBufferPointer { outputNames in
                    library.run(session.handle, settings, inputNames, handles, outputNames, &results)
                }
            }
        }
        try check(status)
        return try collect(results, destinations)
    }

    private func check(_ status: OpaquePointer?) throws(OnnxError) {
        do {
            try session.environment.library.check(status, "Cannot run \(session.name)")
        } catch {
            // The library has no status of its own for this: it fails with this text at the next operator.
            guard error.message.contains("terminate flag") else { throw error }
            throw OnnxError(.terminated, "\(session.name) was stopped before it was done.", cause: error)
        }
    }

    /// Wraps what the library made; on an error none of it is lost.
    private func collect(
        _ results: [OpaquePointer?], _ destinations: [Int: OnnxTensor]
    ) throws(OnnxError) -> [OnnxTensor] {
        var tensors: [OnnxTensor] = []
        tensors.reserveCapacity(results.count)
        var failure: OnnxError?
        for (index, result) in results.enumerated() {
            if let destination = destinations[index] {
                tensors.append(destination)
                continue
            }
            do {
                let handle = try session.environment.library.unwrap(result, "Cannot run \(session.name)")
                tensors.append(try OnnxTensor(taking: handle, session.environment))
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return tensors
    }
}

extension OnnxLibrary {
    /// Calls `Run` with Swift's optional handles seen as the non-null ones of the header.
    fileprivate func run(
        _ session: OpaquePointer, _ options: OpaquePointer?, _ inputNames: UnsafeBufferPointer<UnsafePointer<CChar>>,
        _ inputs: [OpaquePointer], _ outputNames: UnsafeBufferPointer<UnsafePointer<CChar>>,
        _ outputs: inout [OpaquePointer?]
    ) -> OpaquePointer? {
        guard let outputName = outputNames.baseAddress else { return nil }
        return inputs.withUnsafeBufferPointer { inputs in
            guard let inputName = inputNames.baseAddress, let input = inputs.baseAddress else {
                return nil
            }
            return api.Run(
                session, options, inputName, input, inputs.count, outputName, outputNames.count, &outputs)
        }
    }
}
