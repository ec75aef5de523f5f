import Foundation
import ParleyModels
import Testing

@Suite("What stays on the machine")
struct PrivacyTests {
    /// The library's authors count its users by a file in the cache folder, beside a queue of events to send.
    @Test("speaking and hearing leave nothing in the user's folders but packed weights")
    func nothingIsWritten() async throws {
        try await TestEngine.withFolder { folder in
            let environment = ProcessInfo.processInfo.environment
            let models = StoreLocations(environment: environment, home: NSHomeDirectory()).models
            let data = URL(filePath: models).deletingLastPathComponent().deletingLastPathComponent().path
            let home = folder.appending(path: "home")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            let moved: [String: String?] = [
                "HOME": home.path, "XDG_DATA_HOME": data, "XDG_CACHE_HOME": nil, "XDG_CONFIG_HOME": nil,
                "XDG_STATE_HOME": nil, "ORT_DISABLE_TELEMETRY": nil,
            ]
            for arguments in [["speak", "Hello there.", "--output", "a.wav"], ["transcribe", "a.wav"]] {
                let outcome = try CommandLineProcess.run(arguments, in: folder, environment: moved)
                #expect(outcome.code == 0, "\(outcome)")
            }
            let left = FileManager.default.enumerator(atPath: home.path)?.allObjects.map { "\($0)" } ?? []
            let packed = left.filter { $0.hasPrefix(".cache/parley/prepacked/") }
            #expect(
                Set(left).subtracting(packed).subtracting([".cache", ".cache/parley", ".cache/parley/prepacked"]) == [])
            #expect(
                Set(
                    packed.map { ($0 as NSString).lastPathComponent }.filter {
                        $0.contains(".") && !$0.hasPrefix("audio-")
                    })
                    == ["graph.onnx", "graph.weights", "entry.json"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.wav", "home"])
        }
    }
}
