internal import Foundation
internal import OnnxRuntime
package import ParleyModels

/// The cache of packed weights on this machine, for `parley doctor`.
package struct PackedWeights: Sendable {
    package let folder: String
    /// Bytes of what is there.
    package let bytes: Int64
    /// Why nothing can be added, as a sentence without its full stop; `nil` when something can.
    package let obstacle: String?

    /// - Parameter locations: where the cache lies.
    package init(_ locations: StoreLocations) {
        folder = locations.packed
        bytes = Self.size(folder)
        obstacle = PackedGraphCache.obstacle(in: folder)
    }

    /// Bytes of the complete entries.
    private static func size(_ folder: String) -> Int64 {
        let files = FileManager.default.enumerator(
            at: URL(filePath: folder), includingPropertiesForKeys: [.fileSizeKey], options: [.skipsHiddenFiles])
        var bytes: Int64 = 0
        while let file = files?.nextObject() as? URL {
            bytes += Int64((try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0)
        }
        return bytes
    }
}
