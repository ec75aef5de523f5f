internal import Foundation
internal import OnnxRuntime
internal import ParleyAudio
internal import ParleyModels

/// Files of the store on this machine. What is missing is an error that names the command to run.
enum TestModels {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static let locations = StoreLocations(environment: ProcessInfo.processInfo.environment, home: NSHomeDirectory())

    /// Folder of the programs that were built with the tests.
    static var products: URL {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        if !folder.path.hasPrefix("/") { folder = URL(filePath: FileManager.default.currentDirectoryPath) }
        return folder
    }

    /// Folder of an entry of the catalogue.
    static func folder(_ entry: String) throws -> URL {
        let folder = URL(fileURLWithPath: locations.models).appendingPathComponent(entry)
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw Missing(description: "\(folder.path) is missing. Run `parley models pull \(entry)`.")
        }
        return folder
    }

    /// File of an entry of the catalogue.
    static func file(_ entry: String, _ name: String) throws -> URL {
        let file = try folder(entry).appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw Missing(description: "\(file.path) is missing. Run `parley models pull \(entry)`.")
        }
        return file
    }

    /// ONNX Runtime with two threads, as every test of this target uses it.
    static func environment() throws -> OnnxEnvironment {
        try OnnxEnvironment(
            library: try OnnxLibrary.open(searching: [locations.libraries]),
            options: OnnxEnvironmentOptions(threads: 2))
    }

    /// Samples of a test recording at its own rate.
    static func recording(_ name: String) throws -> [Float] {
        let reader = try WAVReader(try file("moonshine-recordings", name))
        var samples: [Float] = []
        while true {
            let block = try reader.read(65_536)
            if block.isEmpty { return samples }
            samples += block
        }
    }

    /// Text of a golden.
    static func golden(_ name: String) throws -> String {
        guard let folder = Bundle.module.url(forResource: "Goldens", withExtension: nil) else {
            throw Missing(description: "The goldens are not beside the tests. Build the tests again.")
        }
        return try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
}
