internal import Foundation
internal import OnnxRuntime
internal import Testing

/// One environment per process and exact counts of handles: these tests run one after the other.
@Suite("ONNX Runtime", .serialized)
struct OnnxRuntimeTests {
    /// Where `scripts/bootstrap` puts the library.
    static let libraryFolder: String = {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.local/share"
        return data + "/parley/lib"
    }()

    /// Fails with the command to run when the library is missing.
    static func makeEnvironment(threads: Int = 2) throws -> OnnxEnvironment {
        let library = try OnnxLibrary.open(searching: [libraryFolder])
        return try OnnxEnvironment(library: library, options: OnnxEnvironmentOptions(threads: threads))
    }

    @Test("a missing library is an error that says where it was looked for and what to run")
    func missingLibrary() {
        let error = #expect(throws: OnnxError.self) {
            _ = try OnnxLibrary.open(searching: ["/nonexistent/a", "/nonexistent/b"])
        }
        #expect(error?.code == .libraryMissing)
        #expect(error?.message.contains("looked in /nonexistent/a, /nonexistent/b. Run `scripts/bootstrap`.") == true)
    }

    @Test("a file that is no library is an error that names it")
    func unusableLibrary() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent(OnnxLibrary.fileNames[0])
        try Data("not a library".utf8).write(to: file)
        let error = #expect(throws: OnnxError.self) { _ = try OnnxLibrary.open(searching: [folder.url.path]) }
        #expect(error?.code == .libraryUnusable)
        #expect(error?.message.contains(file.path) == true)
    }

    @Test("the library reports its version")
    func version() throws {
        let library = try OnnxLibrary.open(searching: ["/nonexistent", Self.libraryFolder])
        #expect(library.version.hasPrefix("1."))
        #expect(library.path.hasPrefix(Self.libraryFolder))
    }

    @Test("a second environment shares the first one's threads and may not ask for others")
    func environmentConflict() throws {
        let first = try Self.makeEnvironment(threads: 2)
        let same = try Self.makeEnvironment(threads: 2)
        let error = #expect(throws: OnnxError.self) { _ = try Self.makeEnvironment(threads: 1) }
        #expect(error?.code == .environmentConflict)
        #expect(error?.message.contains("2 threads, not 1") == true)
        withExtendedLifetime((first, same)) {}
    }

    @Test("a session describes its inputs, outputs and metadata")
    func description() throws {
        let session = try OnnxSession(try Self.makeEnvironment(), model: Graphs.affine, name: "affine")
        #expect(session.inputs.map(\.name) == ["x", "count"])
        #expect(session.inputs.map(\.elementType) == [.float, .int64])
        #expect(session.inputs.map(\.shape) == [[1, -1], [1]])
        #expect(session.outputs.map(\.name) == ["y", "next"])
        #expect(try session.metadata("parley.test") == "affine")
        #expect(try session.metadata("no such key") == nil)
    }

    @Test("a run computes with tensors of ours and gives tensors back in the order asked for")
    func run() throws {
        let environment = try Self.makeEnvironment()
        let session = try OnnxSession(environment, model: Graphs.affine, name: "affine")
        let call = try OnnxCall(session, inputs: ["count", "x"], outputs: ["next", "y"])
        let count = try OnnxTensor(environment, [Int64(41)], shape: [1])
        let x = try OnnxTensor(environment, [Float(0), 1, -2.5], shape: [1, 3])
        let results = try call.run([count, x])
        #expect(try results[0].elements(of: Int64.self) == [42])
        #expect(try results[1].elements(of: Float.self) == [1, 3, -4])
        #expect(results[1].shape == [1, 3])
    }

    @Test("an output given back as an input is not copied, and an empty tensor is a tensor")
    func chaining() throws {
        let environment = try Self.makeEnvironment()
        let session = try OnnxSession(environment, model: Graphs.affine, name: "affine")
        let call = try OnnxCall(session, inputs: ["x", "count"], outputs: ["y", "next"])
        let empty = try OnnxTensor(environment, zerosOf: Float.self, shape: [1, 0])
        var tensors = [empty, try OnnxTensor(environment, [Int64(0)], shape: [1])]
        for _ in 0..<5 { tensors = try call.run(tensors) }
        #expect(tensors[0].shape == [1, 0])
        #expect(try tensors[0].elements(of: Float.self).isEmpty)
        #expect(try tensors[1].elements(of: Int64.self) == [5])
    }

    @Test("several tensors view one block of memory, and a run writes into a tensor of ours")
    func sharedMemory() throws {
        let environment = try Self.makeEnvironment()
        let session = try OnnxSession(environment, model: Graphs.affine, name: "affine")
        let call = try OnnxCall(session, inputs: ["x", "count"], outputs: ["y"])
        let memory = OnnxMemory<Float>(count: 8)
        memory.withMutableElements { for index in $0.indices { $0[index] = Float(index) } }
        let tail = try OnnxTensor(environment, over: memory, shape: [1, 3], offset: 5)
        let head = try OnnxTensor(environment, over: memory, shape: [1, 3])
        let count = try OnnxTensor(environment, [Int64(0)], shape: [1])
        let results = try call.run([tail, count], into: [0: head])
        #expect(results[0] === head)
        #expect(memory.withElements { Array($0) } == [11, 13, 15, 3, 4, 5, 6, 7])
        #expect(throws: OnnxError.self) { _ = try OnnxTensor(environment, over: memory, shape: [4], offset: 5) }
    }

    @Test("external initialisers come from the folder of the graph, and a missing one is an error that names it")
    func externalInitialisers() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("external.onnx")
        try Graphs.external.write(to: file)
        let environment = try Self.makeEnvironment()
        let missing = #expect(throws: OnnxError.self) { _ = try OnnxSession(environment, file: file) }
        #expect(missing?.code == .loadFailed)
        #expect(missing?.message.hasPrefix("Cannot load external.onnx: ") == true)

        var weights = Data(count: 64)
        for value in [Float(10), 20, 30, 40] { withUnsafeBytes(of: value) { weights.append(contentsOf: $0) } }
        try weights.write(to: folder.url.appendingPathComponent("weights.bin"))
        let call = try OnnxCall(try OnnxSession(environment, file: file), inputs: ["x"], outputs: ["y"])
        let x = try OnnxTensor(environment, [Float(1), 2, 3, 4], shape: [4])
        #expect(try call.run([x])[0].elements(of: Float.self) == [11, 22, 33, 44])
    }

    @Test("bytes that are no graph, unknown names and wrong shapes are errors with the reason")
    func refusals() throws {
        let environment = try Self.makeEnvironment()
        let bad = #expect(throws: OnnxError.self) {
            _ = try OnnxSession(environment, model: Data("hello".utf8), name: "hello.onnx")
        }
        #expect(bad?.message.contains("Cannot load hello.onnx: ") == true)
        #expect(bad?.message.contains("ORT_INVALID_PROTOBUF") == true)

        let session = try OnnxSession(environment, model: Graphs.affine, name: "affine")
        let left = #expect(throws: OnnxError.self) { _ = try OnnxCall(session, inputs: ["x"], outputs: ["y"]) }
        #expect(left?.message == "affine needs an input count that it is not given.")
        let unknown = #expect(throws: OnnxError.self) {
            _ = try OnnxCall(session, inputs: ["x", "count"], outputs: ["z"])
        }
        #expect(unknown?.code == .unknownName)

        let call = try OnnxCall(session, inputs: ["x", "count"], outputs: ["y"])
        let wrong = try OnnxTensor(environment, [Float(1)], shape: [1])
        let count = try OnnxTensor(environment, [Int64(1)], shape: [1])
        let rank = #expect(throws: OnnxError.self) { _ = try call.run([wrong, count]) }
        #expect(rank?.code == .callFailed)
        #expect(rank?.message.contains("ORT_INVALID_ARGUMENT") == true)
        #expect(throws: OnnxError.self) { _ = try wrong.elements(of: Int64.self) }
    }

    @Test("a run is stopped from another thread, and runs again after that")
    func termination() async throws {
        let environment = try Self.makeEnvironment()
        let session = try OnnxSession(environment, model: Graphs.loop, name: "loop")
        let options = try OnnxRunOptions(environment)
        let stopper = Thread {
            Thread.sleep(forTimeInterval: 0.05)
            try? options.terminate()
        }
        stopper.start()
        let error = #expect(throws: OnnxError.self) { try Self.multiply(session, trips: 50_000_000, options) }
        #expect(error?.code == .terminated)
        #expect(error?.message == "loop was stopped before it was done.")
        try options.resume()
        try Self.multiply(session, trips: 3, options)
    }

    private static func multiply(_ session: OnnxSession, trips: Int64, _ options: OnnxRunOptions) throws {
        let call = try OnnxCall(session, inputs: ["trips", "start"], outputs: ["end"])
        let start = try OnnxTensor(session.environment, zerosOf: Float.self, shape: [64, 64])
        let result = try call.run(
            [try OnnxTensor(session.environment, [trips], shape: []), start], options: options)
        #expect(result[0].shape == [64, 64])
    }

    @Test("one session serves several threads at once")
    func concurrency() async throws {
        let environment = try Self.makeEnvironment()
        let session = try OnnxSession(environment, model: Graphs.affine, name: "affine")
        let sums = try await withThrowingTaskGroup(of: Float.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let call = try OnnxCall(session, inputs: ["x", "count"], outputs: ["y"])
                    let count = try OnnxTensor(environment, [Int64(0)], shape: [1])
                    var sum: Float = 0
                    for run in 0..<50 {
                        let x = try OnnxTensor(environment, [Float(task * run)], shape: [1, 1])
                        sum += try call.run([x, count])[0].elements(of: Float.self)[0]
                    }
                    return sum
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let expected = (0..<8).map { task in (0..<50).reduce(Float(0)) { $0 + 2 * Float(task * $1) + 1 } }
        #expect(sums.sorted() == expected.sorted())
    }

    @Test("every handle is released: after good runs, failed runs and failed loads none is left")
    func liveInstances() throws {
        let before = OnnxHandleKind.allCases.map(OnnxHandles.live)
        do {
            let environment = try Self.makeEnvironment()
            let session = try OnnxSession(environment, model: Graphs.affine, name: "affine")
            let call = try OnnxCall(session, inputs: ["x", "count"], outputs: ["y", "next"])
            let x = try OnnxTensor(environment, [Float(1)], shape: [1, 1])
            let count = try OnnxTensor(environment, [Int64(1)], shape: [1])
            let options = try OnnxRunOptions(environment)
            let results = try call.run([x, count], options: options)
            #expect(OnnxHandles.live(.tensor) == before[OnnxHandleKind.tensor.rawValue] + 4)
            #expect(OnnxHandles.live(.memory) == before[OnnxHandleKind.memory.rawValue] + 2)
            #expect(OnnxHandles.live(.session) == before[OnnxHandleKind.session.rawValue] + 1)
            #expect(throws: OnnxError.self) { _ = try call.run([count, x]) }
            #expect(throws: OnnxError.self) { _ = try OnnxSession(environment, model: Data([1, 2]), name: "bad") }
            withExtendedLifetime((results, options)) {}
        }
        #expect(OnnxHandleKind.allCases.map(OnnxHandles.live) == before)
    }
}

/// A folder that is removed when it goes out of use.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
