internal import COnnxRuntime
package import Foundation

/// How a graph is loaded.
package struct OnnxSessionOptions: Sendable, Equatable {
    /// Whether the graph is optimised; off only for comparing.
    package var optimises: Bool
    /// Plans memory for repeated runs of the same shapes; costs memory for each new shape.
    package var plansMemory: Bool
    /// Configuration entries of the library, for example `session.disable_prepacking`.
    package var entries: [String: String]

    package init(optimises: Bool = true, plansMemory: Bool = false, entries: [String: String] = [:]) {
        self.optimises = optimises
        self.plansMemory = plansMemory
        self.entries = entries
    }
}

/// An input or output of a graph.
package struct OnnxPort: Sendable, Equatable {
    package let name: String
    package let elementType: OnnxElementType
    /// Extent of each dimension, -1 where it is free.
    package let shape: [Int]
}

/// A loaded graph. One per file and process; any number of conversations run it, also at the same time.
package final class OnnxSession: Sendable {
    package let environment: OnnxEnvironment
    /// File name, for messages.
    package let name: String
    package let inputs: [OnnxPort]
    package let outputs: [OnnxPort]

    // Safe because ONNX Runtime documents `Run` and the metadata calls as safe from several threads at once.
    nonisolated(unsafe) let handle: OpaquePointer

    /// Loads a graph; external initialisers are taken from the folder of the file.
    /// - Throws: `.loadFailed` with the library's reason.
    package convenience init(
        _ environment: OnnxEnvironment, file: URL, options: OnnxSessionOptions = OnnxSessionOptions()
    ) throws(OnnxError) {
        try self.init(environment, file: file, name: file.lastPathComponent, options: options)
    }

    /// - Parameters:
    ///   - name: what messages call it.
    ///   - packed: gets the graph as it is after optimisation, its weights beside it as they are and as they are packed.
    convenience init(
        _ environment: OnnxEnvironment, file: URL, name: String, options: OnnxSessionOptions,
        writing packed: PackedFiles? = nil
    ) throws(OnnxError) {
        let settings = try Self.makeSettings(environment, options)
        defer { environment.library.api.ReleaseSessionOptions(settings) }
        if let packed {
            try environment.library.check(
                environment.library.api.SetOptimizedModelFilePath(settings, packed.graph), "Cannot pack \(name)")
        }
        let handle = try makeHandle(environment.library, "Cannot load \(name)", code: .loadFailed) { out in
            environment.library.api.CreateSession(environment.handle, file.path, settings, &out)
        }
        try self.init(taking: handle, environment, name)
    }

    /// Loads a graph from memory; it must not have external initialisers.
    package convenience init(
        _ environment: OnnxEnvironment, model: Data, name: String, options: OnnxSessionOptions = OnnxSessionOptions()
    ) throws(OnnxError) {
        let settings = try Self.makeSettings(environment, options)
        defer { environment.library.api.ReleaseSessionOptions(settings) }
        let bytes = [UInt8](model)
        let handle = try makeHandle(environment.library, "Cannot load \(name)", code: .loadFailed) { out in
            environment.library.api.CreateSessionFromArray(environment.handle, bytes, bytes.count, settings, &out)
        }
        try self.init(taking: handle, environment, name)
    }

    private init(taking handle: OpaquePointer, _ environment: OnnxEnvironment, _ name: String) throws(OnnxError) {
        do {
            let api = environment.library.api
            inputs = try environment.ports(
                of: handle, api.SessionGetInputCount, api.SessionGetInputName, api.SessionGetInputTypeInfo)
            outputs = try environment.ports(
                of: handle, api.SessionGetOutputCount, api.SessionGetOutputName, api.SessionGetOutputTypeInfo)
        } catch {
            environment.library.api.ReleaseSession(handle)
            throw error
        }
        self.handle = handle
        self.environment = environment
        self.name = name
        OnnxHandles.opened(.session)
        FreedMemory.giveBack()
    }

    deinit {
        environment.library.api.ReleaseSession(handle)
        OnnxHandles.closed(.session)
    }

    /// Value of a key in the file's own metadata, `nil` when it has none.
    package func metadata(_ key: String) throws(OnnxError) -> String? {
        let library = environment.library
        let metadata = try makeHandle(library, "Cannot read the metadata of \(name)") {
            library.api.SessionGetModelMetadata(handle, &$0)
        }
        defer { library.api.ReleaseModelMetadata(metadata) }
        var text: UnsafeMutablePointer<CChar>?
        try library.check(
            library.api.ModelMetadataLookupCustomMetadataMap(metadata, environment.allocator, key, &text),
            "Cannot read \(key) of \(name)")
        return try text.map { text throws(OnnxError) in try environment.take(text) }
    }

    /// Without VNNI (x86-64 before 2019) sums of unsigned times signed bytes saturate at 16 bits. There
    /// `x64quantprecision` makes ONNX Runtime turn signed weights into unsigned ones: exact, and half as fast with VNNI.
    private static let entries = [
        "session.use_env_allocators": "1", "session.x64quantprecision": parley_sums_bytes_exactly() ? "0" : "1",
    ]

    private static func makeSettings(
        _ environment: OnnxEnvironment, _ options: OnnxSessionOptions
    ) throws(OnnxError) -> OpaquePointer {
        let library = environment.library
        let settings = try makeHandle(library, "Cannot create session options") {
            library.api.CreateSessionOptions(&$0)
        }
        do {
            let level = options.optimises ? PARLEY_ORT_OPTIMISE_ALL : PARLEY_ORT_OPTIMISE_NOTHING
            try library.check(
                library.api.SetSessionGraphOptimizationLevel(settings, Int32(level)), "Cannot set optimisation")
            try library.check(library.api.DisablePerSessionThreads(settings), "Cannot share threads")
            try library.check(
                library.api.SetSessionLogSeverityLevel(settings, Int32(PARLEY_ORT_LOG_ERROR)), "Cannot set logging")
            if !options.plansMemory {
                try library.check(library.api.DisableMemPattern(settings), "Cannot set memory planning")
            }
            let entries = Self.entries.merging(options.entries) { $1 }
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
                try library.check(library.api.AddSessionConfigEntry(settings, key, value), "Cannot set \(key)")
            }
            return settings
        } catch {
            library.api.ReleaseSessionOptions(settings)
            throw error
        }
    }
}

extension OnnxEnvironment {
    typealias CountCall = @convention(c) (OpaquePointer, UnsafeMutablePointer<Int>) -> OpaquePointer?
    typealias NameCall =
        @convention(c) (
            OpaquePointer, Int, OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        ) -> OpaquePointer?
    typealias TypeCall = @convention(c) (OpaquePointer, Int, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?

    fileprivate func ports(
        of session: OpaquePointer, _ countCall: CountCall, _ nameCall: NameCall, _ typeCall: TypeCall
    ) throws(OnnxError) -> [OnnxPort] {
        var count = 0
        try library.check(countCall(session, &count), "Cannot count the inputs and outputs of a graph")
        var ports: [OnnxPort] = []
        for index in 0..<count {
            var text: UnsafeMutablePointer<CChar>?
            try library.check(nameCall(session, index, allocator, &text), "Cannot read the name of an input or output")
            let name = try text.map { text throws(OnnxError) in try take(text) } ?? ""
            let info = try makeHandle(library, "Cannot read the type of \(name)") { typeCall(session, index, &$0) }
            defer { library.api.ReleaseTypeInfo(info) }
            // Borrowed from `info`: not released. Null for what is not a tensor.
            var tensor: OpaquePointer?
            try library.check(library.api.CastTypeInfoToTensorInfo(info, &tensor), "Cannot read the type of \(name)")
            guard let tensor else {
                throw OnnxError(.tensorMismatch, "\(name) is not a tensor, which Parley cannot use.")
            }
            let (elementType, shape) = try library.describe(tensor)
            ports.append(OnnxPort(name: name, elementType: elementType, shape: shape))
        }
        return ports
    }

    /// Copies a string that the library allocated and frees it.
    fileprivate func take(_ text: UnsafeMutablePointer<CChar>) throws(OnnxError) -> String {
        let string = String(cString: text)
        try library.check(library.api.AllocatorFree(allocator, text), "Cannot free a string")
        return string
    }
}
