internal import ArgumentParser
internal import Foundation

/// Where faster-whisper, its script and the weights for it lie.
struct PeerSetup {
    var python: URL
    var script: URL
    var model: URL

    /// - Throws: `BenchmarkError` with code `.peerMissing`, which names the command to run.
    init(python: String?, script: String) throws {
        guard let python, FileManager.default.isExecutableFile(atPath: python) else {
            throw BenchmarkError(
                .peerMissing,
                "faster-whisper is needed to compare with and is not at \(python ?? "--peer PYTHON"). "
                    + "Run `scripts/bootstrap --step peer`; `scripts/bootstrap --print peer` says where it lies.")
        }
        guard FileManager.default.fileExists(atPath: script) else {
            throw BenchmarkError(.peerMissing, "\(script) is not there. Run this from the folder of the repository.")
        }
        self.python = URL(filePath: python)
        self.script = URL(filePath: script)
        model = try Store.folder("whisper-base-ct2")
    }
}

/// The options by which faster-whisper is found.
struct PeerOptions: ParsableArguments {
    @Option(help: "The Python of `scripts/bootstrap --step peer`; `scripts/bootstrap --print peer` says where it is.")
    var peer: String?

    @Option(help: "The script that it runs.")
    var peerScript = "scripts/peer/recognise.py"

    func setup() throws -> PeerSetup { try PeerSetup(python: peer, script: peerScript) }
}
