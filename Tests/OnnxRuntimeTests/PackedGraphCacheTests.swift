internal import Dispatch
internal import Foundation
internal import OnnxRuntime
internal import Synchronization
internal import Testing

/// A graph `y = factor * x` whose weights lie beside it, and a cache.
private struct PackedFixture: Sendable {
    let folder: TemporaryFolder
    let graph: URL
    let cacheFolder: String

    init(factor: Float = 2) throws {
        folder = try TemporaryFolder()
        graph = folder.url.appendingPathComponent("product.onnx")
        cacheFolder = folder.url.appendingPathComponent("cache/prepacked").path
        try Graphs.product.write(to: graph)
        try writeWeights(factor)
    }

    func writeWeights(_ factor: Float) throws {
        var weights = Data()
        for index in 0..<(64 * 64) {
            withUnsafeBytes(of: index % 65 == 0 ? factor : Float(0)) { weights.append(contentsOf: $0) }
        }
        try weights.write(to: folder.url.appendingPathComponent("weights.bin"))
    }

    func cache(owner: String = "bundle", digest: String = "one", minimumFree: Int64 = 0) -> PackedGraphCache {
        PackedGraphCache(folder: cacheFolder, owner: owner, digest: digest, minimumFree: minimumFree)
    }

    /// Opens the graph and says where its weights came from and what it makes of ones.
    func open(
        _ cache: PackedGraphCache? = nil, _ environment: OnnxEnvironment
    ) throws -> (origin: PackedGraphCache.Origin, value: Float) {
        let (session, origin) = try (cache ?? self.cache()).open(environment, file: graph)
        #expect(session.name == "product.onnx")
        let call = try OnnxCall(session, inputs: ["x"], outputs: ["y"])
        let x = try OnnxTensor(environment, [Float](repeating: 1, count: 64), shape: [1, 64])
        let y = try call.run([x])[0].elements(of: Float.self)
        #expect(Set(y).count == 1)
        return (origin, y[0])
    }

    /// Names in the cache's folder, hidden ones too.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: cacheFolder)) ?? []).sorted() }

    /// The file of the only entry.
    func file(_ name: String) throws -> URL {
        URL(filePath: cacheFolder).appending(path: try #require(names.first)).appending(path: name)
    }
}

extension OnnxRuntimeTests {
    @Test("a graph is packed once and found from then on, with the same results")
    func packedOnce() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        #expect(try fixture.open(nil, environment) == (.made, 2))
        #expect(try fixture.open(nil, environment) == (.found, 2))
        #expect(fixture.names.count == 1)
        #expect(fixture.names.first?.hasPrefix("bundle-product-") == true)
        let entry = try fixture.file("").path
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: entry).sorted() == [
                "entry.json", "graph.onnx", "graph.weights",
            ])
    }

    @Test("a graph without large constants has an entry too")
    func packedSmall() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        try Graphs.affine.write(to: fixture.graph)
        #expect(try fixture.cache().open(environment, file: fixture.graph).origin == .made)
        let (session, origin) = try fixture.cache().open(environment, file: fixture.graph)
        #expect(origin == .found)
        #expect(try session.metadata("parley.test") == "affine")
    }

    @Test(
        "an entry that is cut short, changed, or has lost a file is made again",
        arguments: ["graph.onnx", "graph.weights", "entry.json"], ["cut", "changed", "lost", "empty"])
    func packedDamage(name: String, damage: String) throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        #expect(try fixture.open(nil, environment) == (.made, 2))
        let file = try fixture.file(name)
        var data = try Data(contentsOf: file)
        switch damage {
        case "cut": data.removeLast(data.count / 2)
        case "changed": data[data.count / 3] ^= 0x10
        case "empty": data = Data()
        default: break
        }
        if damage == "lost" { try FileManager.default.removeItem(at: file) } else { try data.write(to: file) }
        #expect(try fixture.open(nil, environment) == (.made, 2))
        #expect(try fixture.open(nil, environment) == (.found, 2))
        #expect(fixture.names.count == 1)
    }

    @Test("other weights make another entry, which replaces that of the same owner and leaves that of others alone")
    func packedReplacement() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        _ = try fixture.open(fixture.cache(owner: "other"), environment)
        _ = try fixture.open(nil, environment)
        #expect(fixture.names.count == 2)
        let before = fixture.names
        try fixture.writeWeights(3)
        #expect(try fixture.open(fixture.cache(digest: "two"), environment) == (.made, 3))
        #expect(fixture.names.count == 2)
        #expect(Set(fixture.names).intersection(before).count == 1)
        #expect(try fixture.open(fixture.cache(owner: "other"), environment) == (.found, 2))
    }

    @Test("packed matrices lie at multiples of 64 bytes, where ONNX Runtime alone would not put them")
    func packedAlignment() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        try Graphs.odd.write(to: fixture.graph)
        let (session, origin) = try fixture.cache().open(environment, file: fixture.graph)
        #expect(origin == .made)
        let graph = String(decoding: try Data(contentsOf: fixture.file("graph.onnx")), as: UTF8.self)
        let places = graph.matches(of: /MatMul\+\d+\|(\d+);(\d+);/)
        #expect(places.count == 1)
        let offset = try #require(places.first.flatMap { Int($0.output.1) })
        let length = try #require(places.first.flatMap { Int($0.output.2) })
        #expect(offset % 64 == 0)
        // Behind all that ONNX Runtime wrote: c, w, and the packed w at 17 584, which is 48 more than a multiple.
        #expect(offset >= 1_200 + 16_384 + length)
        let size = try fixture.file("graph.weights").resourceValues(forKeys: [.fileSizeKey]).fileSize
        #expect(size == offset + length)

        let call = try OnnxCall(session, inputs: ["x", "s"], outputs: ["y"])
        let x = try OnnxTensor(environment, [Float](repeating: 1, count: 64), shape: [1, 64])
        let s = try OnnxTensor(environment, [Float](repeating: 0, count: 300), shape: [300])
        #expect(Set(try call.run([x, s])[0].elements(of: Float.self)) == [2])
    }

    @Test("other options of the session make another entry")
    func packedOptions() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        _ = try fixture.open(nil, environment)
        let options = OnnxSessionOptions(plansMemory: true)
        let (_, origin) = try fixture.cache().open(environment, file: fixture.graph, options: options)
        #expect(origin == .made)
    }

    @Test("a cache that moves with the user's folder is still found")
    func packedMove() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        _ = try fixture.open(nil, environment)
        let elsewhere = fixture.folder.url.appendingPathComponent("elsewhere").path
        try FileManager.default.moveItem(atPath: fixture.cacheFolder, toPath: elsewhere)
        let cache = PackedGraphCache(folder: elsewhere, owner: "bundle", digest: "one", minimumFree: 0)
        #expect(try fixture.open(cache, environment) == (.found, 2))
    }

    @Test("without a folder to write in, or space, the graph is loaded as usual and the reason is given")
    func packedFallback() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        // A file where the folder would be: nobody may write there, not even the administrator.
        try Data().write(to: fixture.folder.url.appendingPathComponent("cache"))
        #expect(
            try fixture.open(nil, environment)
                == (.ordinary(reason: "The folder \(fixture.cacheFolder) cannot be created."), 2))

        let roomy = try PackedFixture()
        #expect(
            try roomy.open(roomy.cache(minimumFree: .max), environment)
                == (
                    .ordinary(
                        reason: "\(roomy.cacheFolder) has less than \(Int64.max >> 20) MiB of free space."), 2
                ))
        #expect(roomy.names.isEmpty)
    }

    @Test("a graph that is missing is the usual error")
    func packedMissingGraph() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        try FileManager.default.removeItem(at: fixture.graph)
        let error = #expect(throws: OnnxError.self) { _ = try fixture.cache().open(environment, file: fixture.graph) }
        #expect(error?.code == .loadFailed)
        #expect(error?.message.hasPrefix("Cannot load product.onnx: ") == true)
    }

    @Test("what a killed process left behind is removed with the next entry")
    func packedAbandoned() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        let abandoned = fixture.cacheFolder + "/.abc.part"
        try FileManager.default.createDirectory(atPath: abandoned, withIntermediateDirectories: true)
        try Data(count: 100).write(to: URL(filePath: abandoned + "/graph.weights"))
        _ = try fixture.open(nil, environment)
        #expect(fixture.names.count == 1)
        #expect(!FileManager.default.fileExists(atPath: abandoned))
    }

    @Test("several at once make one entry, and every one gets a graph that works")
    func packedTogether() throws {
        let environment = try Self.makeEnvironment()
        let fixture = try PackedFixture()
        let values = Mutex<[Float]>([])
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            do {
                for _ in 0..<3 {
                    let value = try fixture.open(nil, environment).value
                    values.withLock { $0.append(value) }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(values.withLock { $0 } == [Float](repeating: 2, count: 12))
        #expect(fixture.names.count == 1)
        #expect(try fixture.open(nil, environment).origin == .found)
    }
}
