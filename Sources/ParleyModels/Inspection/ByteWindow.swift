/// Bytes of a file by position, through a window of 64 KiB: headers are walked without loading the file.
final class ByteWindow {
    static let size = 1 << 16

    let path: String
    let count: Int64
    /// Nil when all bytes are in the window.
    private let file: RandomAccessFile?
    private var start: Int64 = 0
    private var bytes: [UInt8] = []

    init(_ file: RandomAccessFile) {
        self.file = file
        path = file.path
        count = file.size
    }

    /// Bytes that are in memory already, as if they were the file of that path.
    init(bytes: [UInt8], path: String) {
        file = nil
        self.path = path
        self.bytes = bytes
        count = Int64(bytes.count)
    }

    func invalid(_ why: String) -> ModelError {
        ModelError(
            .headerInvalid, "\(path) is not a valid model file: \(why). It may be cut or damaged; fetch it again.")
    }

    func byte(_ position: Int64) throws(ModelError) -> UInt8 {
        if position >= start, position < start &+ Int64(bytes.count) { return bytes[Int(position - start)] }
        guard let file, position >= 0, position < count else { throw invalid("it ends in the middle of its header") }
        bytes = try file.read(at: position, count: Self.size)
        start = position
        guard let first = bytes.first else { throw invalid("it became shorter while it was read") }
        return first
    }

    /// At most `limit` bytes of a range as text; invalid UTF-8 is replaced, a cut is marked.
    func text(_ range: Range<Int64>, limit: Int64 = 16 << 10) throws(ModelError) -> String {
        guard range.lowerBound >= 0, range.upperBound <= count else { throw invalid("a text lies outside the file") }
        let length = range.upperBound - range.lowerBound
        let wanted = Int(min(length, limit))
        let kept =
            if let file { try file.read(at: range.lowerBound, count: wanted)[...] } else {
                bytes[Int(range.lowerBound)..<Int(range.lowerBound) + wanted]
            }
        let text = String(decoding: kept, as: UTF8.self)
        return length > limit ? text + "… (\(length) bytes)" : text
    }
}

/// Sums that fail instead of wrapping or trapping: every number of a header is hostile until shown otherwise.
extension Int64 {
    func plus(_ other: Int64) -> Int64? {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? nil : sum
    }

    func times(_ other: Int64) -> Int64? {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : product
    }
}
