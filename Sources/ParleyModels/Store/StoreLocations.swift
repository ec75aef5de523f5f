internal import Foundation

/// Where things are on this machine, by the XDG rules.
package struct StoreLocations: Sendable, Equatable {
    /// Models, one folder an entry.
    package let models: String
    /// Shared libraries put there by the set-up: ONNX Runtime.
    package let libraries: String
    /// Archives on their way into the store; can be deleted at any time.
    package let downloads: String
    /// Native libraries built for this CPU.
    package let native: String
    /// Weights as the kernels for this CPU want them; can be deleted at any time.
    package let packed: String
    /// Python environment of the forge, whose pip serves when the system has none.
    package let forge: String

    /// - Parameters:
    ///   - environment: `XDG_DATA_HOME` and `XDG_CACHE_HOME` count when they are absolute; the specification says that
    ///     relative ones are to be ignored. `HOME` is the folder under which the defaults lie.
    ///   - home: the user's folder where `HOME` does not say. Foundation's own answer comes from the password file and
    ///     ignores `HOME`.
    package init(environment: [String: String], home: String) {
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
        func folder(_ variable: String, _ standard: String) -> String {
            if let value = environment[variable], value.hasPrefix("/") { return value + "/parley" }
            return home + "/" + standard + "/parley"
        }
        let data = folder("XDG_DATA_HOME", ".local/share")
        let cache = folder("XDG_CACHE_HOME", ".cache")
        models = data + "/models"
        libraries = data + "/lib"
        downloads = cache + "/downloads"
        native = cache + "/native"
        packed = cache + "/prepacked"
        forge = cache + "/venv-forge"
    }

    /// The folder of an entry.
    package func folder(of entry: CatalogueEntry) -> String { models + "/" + entry.id }

    /// Files of an entry that are not complete yet; on the same file system as `models`, so that a rename suffices.
    func staging(of entry: CatalogueEntry) -> String { models + "/.staging/" + entry.id }
    func lock(of entry: CatalogueEntry) -> String { models + "/.locks/" + entry.id + ".lock" }
    func download(of entry: CatalogueEntry) -> String { downloads + "/" + entry.id }
}
