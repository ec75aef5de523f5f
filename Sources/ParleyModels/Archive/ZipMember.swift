/// One entry of a ZIP archive's directory.
package struct ZipMember: Sendable, Equatable {
    package enum Method: UInt16, Sendable {
        case stored = 0
        case deflated = 8
    }

    package let name: String
    package let method: Method
    package let crc32: UInt32
    package let compressedBytes: Int64
    package let bytes: Int64
    /// Where the member's local header starts in the file.
    package let headerOffset: Int64
}
