internal import Foundation
package import ParleyModels

/// What a command may know of the process: nothing is read from global state below.
package struct CommandContext: Sendable {
    package let environment: [String: String]
    /// Folder of the user.
    package let home: String
    package let console: Console

    package init(environment: [String: String], home: String, streams: Streams) {
        self.environment = environment
        self.home = home
        console = Console(streams)
    }

    /// That of the process.
    package static func process() -> CommandContext {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
        return CommandContext(environment: environment, home: home, streams: .process(environment: environment))
    }

    /// Where models and libraries are.
    package var locations: StoreLocations { StoreLocations(environment: environment, home: home) }

    package func store() -> ModelStore { ModelStore(locations: locations, environment: environment) }
}
