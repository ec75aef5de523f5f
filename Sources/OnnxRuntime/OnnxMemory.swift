/// A block of zeroed memory that tensors of different shapes may view, so that a session allocates once.
package final class OnnxMemory<Element: OnnxElement> {
    let base: UnsafeMutablePointer<Element>
    /// Elements it holds.
    package let count: Int

    /// Alignment of the block in bytes: one line of the cache, and the widest vector register.
    private static var alignment: Int { 64 }

    package init(count: Int) {
        precondition(count >= 0, "a block of memory cannot have a negative size")
        let bytes = max(1, count) * MemoryLayout<Element>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
        base = raw.initializeMemory(as: Element.self, repeating: .zero, count: max(1, count))
        self.count = count
        OnnxHandles.opened(.memory)
    }

    deinit {
        UnsafeMutableRawPointer(base).deallocate()
        OnnxHandles.closed(.memory)
    }

    /// Reads the elements in place.
    package func withElements<Result>(_ body: (UnsafeBufferPointer<Element>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// Changes the elements in place; tensors over this memory see it.
    package func withMutableElements<Result>(
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        try body(UnsafeMutableBufferPointer(start: base, count: count))
    }
}
