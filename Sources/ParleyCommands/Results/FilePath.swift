internal import Foundation
internal import ParleyAudio

/// Paths as users type them.
enum FilePath {
    static func url(_ path: String) -> URL { URL(fileURLWithPath: path) }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Finds mistakes before models are loaded. A pipe can be read only once and is left for then.
    static func checkAudio(_ paths: [String]) throws {
        for path in paths where !isPipe(path) { _ = try WAVReader(url(path)) }
    }

    /// Refuses to write over what is still to be read, or over something else that is written.
    static func checkTargets(_ targets: [String], apartFrom inputs: [String]) throws {
        var taken: [String: String] = [:]
        for input in inputs { taken[identity(input)] = "it is one of the inputs" }
        for target in targets where target != "/dev/null" {
            if let reason = taken.updateValue("another output has that name", forKey: identity(target)) {
                throw CommandError(.usage, "Cannot write \(target): \(reason). Choose another name.")
            }
        }
    }

    /// The same for all names of a file, so that links are seen through.
    private static func identity(_ path: String) -> String {
        let url = url(path).resolvingSymlinksInPath()
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
        if let file = attributes?[.systemFileNumber], let device = attributes?[.systemNumber] {
            return "\(device):\(file)"
        }
        let folder = url.deletingLastPathComponent().resolvingSymlinksInPath()
        return folder.appendingPathComponent(url.lastPathComponent).path
    }

    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AudioError(
                .cannotCreate, "Cannot create the folder \(path): \(error.localizedDescription)", cause: error)
        }
    }

    private static func isPipe(_ path: String) -> Bool {
        let type = try? FileManager.default.attributesOfItem(atPath: url(path).resolvingSymlinksInPath().path)[.type]
        guard let type = type as? FileAttributeType else { return path.hasPrefix("/dev/") }
        return type != .typeRegular && type != .typeDirectory
    }
}
