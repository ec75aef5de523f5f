internal import Foundation
internal import ParleyModels

/// The model store of this machine.
enum Store {
    private static var locations: StoreLocations {
        StoreLocations(environment: ProcessInfo.processInfo.environment, home: NSHomeDirectory())
    }

    /// Folder of the shared libraries.
    static var libraries: String { locations.libraries }

    /// Folder of an entry of the catalogue.
    /// - Throws: `ModelError`, whose message names the command that fetches it.
    static func folder(_ entry: String) throws -> URL {
        let store = ModelStore(locations: locations, environment: ProcessInfo.processInfo.environment)
        return URL(filePath: try store.path(of: entry))
    }
}
