internal import Foundation
internal import LlamaRuntime
internal import OnnxRuntime
internal import ParleyAudio
internal import ParleyCodecs
package import ParleyModels

/// The native libraries that Parley uses: which are here.
package struct NativeLibraries: Sendable {
    /// "onnxruntime"
    package let name: String
    /// Version and place, or why it cannot be used.
    package let detail: String
    /// What to do; `nil` when the library is here.
    package let remedy: String?

    /// - Parameter locations: where the set-up puts libraries.
    package static func look(_ locations: StoreLocations) -> [NativeLibraries] {
        [onnxRuntime(Composition.libraryFolders(locations)), soxr(), llama()]
    }

    private static func onnxRuntime(_ folders: [String]) -> NativeLibraries {
        do {
            let library = try OnnxLibrary.open(searching: folders)
            return NativeLibraries(name: "onnxruntime", detail: "\(library.version), \(library.path)", remedy: nil)
        } catch {
            return NativeLibraries(name: "onnxruntime", detail: error.message, remedy: "Run `scripts/bootstrap`.")
        }
    }

    private static func soxr() -> NativeLibraries {
        do {
            return NativeLibraries(name: "libsoxr", detail: try SoxrLibrary.shared().version, remedy: nil)
        } catch {
            return NativeLibraries(name: "libsoxr", detail: error.message, remedy: "Run `sudo apt install libsoxr0`.")
        }
    }

    /// Linked into the program: always here, but perhaps built for less than this processor can do.
    private static func llama() -> NativeLibraries {
        let parts = LlamaSystem.information.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        let features = parts.filter { $0.hasSuffix("= 1") }.map { $0.dropLast(4).replacing("CPU : ", with: "") }
        return NativeLibraries(name: "llama.cpp", detail: features.joined(separator: ", "), remedy: nil)
    }
}
