internal import Foundation
internal import LlamaRuntime
internal import OnnxRuntime
internal import ParleyAudio
internal import ParleyCodecs
package import ParleyModels

/// The shared libraries that Parley opens at run time: which are here.
package struct NativeLibraries: Sendable {
    /// "onnxruntime"
    package let name: String
    /// Version and place, or why it cannot be used.
    package let detail: String
    /// What to do; `nil` when the library is here.
    package let remedy: String?

    /// - Parameter locations: where the set-up puts libraries.
    package static func look(_ locations: StoreLocations) -> [NativeLibraries] {
        [onnxRuntime(Composition.libraryFolders(locations)), soxr()]
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

    /// Instruction sets that llama.cpp, which is linked into the program, was built for: "AVX2", "AVX512_VNNI".
    package static func llamaFeatures() -> [String] {
        let parts = LlamaSystem.information.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return parts.filter { $0.hasSuffix(" = 1") }.map {
            String($0.dropLast(4).replacing("CPU : ", with: ""))
        }
    }
}
