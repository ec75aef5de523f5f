internal import OnnxRuntime
internal import ParleyAudio
internal import ParleyCodecs

/// The shared libraries that Parley opens at run time: which are here.
package struct NativeLibraries: Sendable {
    package let name: String
    /// Version and place, or why it cannot be used.
    package let detail: String
    /// What to do; `nil` when the library is here.
    package let remedy: String?

    /// - Parameter folder: where the set-up puts libraries.
    package static func look(in folder: String) -> [NativeLibraries] {
        [onnxRuntime(folder), soxr()]
    }

    private static func onnxRuntime(_ folder: String) -> NativeLibraries {
        do {
            let library = try OnnxLibrary.open(searching: [folder])
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
}
