internal import COnnxRuntime

/// A tensor over memory of ours or of ONNX Runtime. Not Sendable: it belongs to one session's actor.
package final class OnnxTensor {
    let handle: OpaquePointer
    package let elementType: OnnxElementType
    /// Extent of each dimension; empty for a scalar.
    package let shape: [Int]
    /// Elements in all.
    package let count: Int

    private let data: UnsafeMutableRawPointer
    /// Outlives the handle: the memory for tensors of ours.
    private let memory: AnyObject?
    private let environment: OnnxEnvironment

    /// A tensor over a part of memory of ours.
    /// - Parameter offset: index of its first element in the memory.
    /// - Throws: `.tensorMismatch` when the shape does not fit into the memory.
    package init<Element: OnnxElement>(
        _ environment: OnnxEnvironment, over memory: OnnxMemory<Element>, shape: [Int], offset: Int = 0
    ) throws(OnnxError) {
        let count = shape.reduce(1, *)
        guard shape.allSatisfy({ $0 >= 0 }), offset >= 0, offset + count <= memory.count else {
            throw OnnxError(
                .tensorMismatch, "A tensor of shape \(shape) at \(offset) does not fit into \(memory.count) elements.")
        }
        let data = UnsafeMutableRawPointer(memory.base + offset)
        let dimensions = shape.map(Int64.init)
        handle = try makeHandle(environment.library, "Cannot make a tensor of shape \(shape)") {
            environment.library.api.CreateTensorWithDataAsOrtValue(
                environment.memoryInfo, data, count * MemoryLayout<Element>.stride, dimensions, dimensions.count,
                Element.elementType.rawValue, &$0)
        }
        self.elementType = Element.elementType
        self.shape = shape
        self.count = count
        self.data = data
        self.memory = memory
        self.environment = environment
        OnnxHandles.opened(.tensor)
    }

    /// A tensor with memory of its own, holding these values in row-major order.
    package convenience init<Element: OnnxElement>(
        _ environment: OnnxEnvironment, _ values: [Element], shape: [Int]
    ) throws(OnnxError) {
        let memory = OnnxMemory<Element>(count: values.count)
        memory.withMutableElements { _ = $0.update(from: values) }
        guard shape.reduce(1, *) == values.count else {
            throw OnnxError(.tensorMismatch, "\(values.count) values do not fill a tensor of shape \(shape).")
        }
        try self.init(environment, over: memory, shape: shape)
    }

    /// A tensor of zeros with memory of its own.
    package convenience init<Element: OnnxElement>(
        _ environment: OnnxEnvironment, zerosOf type: Element.Type, shape: [Int]
    ) throws(OnnxError) {
        try self.init(environment, over: OnnxMemory<Element>(count: shape.reduce(1, *)), shape: shape)
    }

    /// Takes over a value that the library made; releases it when it cannot be used.
    init(taking handle: OpaquePointer, _ environment: OnnxEnvironment) throws(OnnxError) {
        do throws(OnnxError) {
            let library = environment.library
            var isTensor: Int32 = 0
            try library.check(library.api.IsTensor(handle, &isTensor), "Cannot inspect an output")
            guard isTensor != 0 else {
                throw OnnxError(.tensorMismatch, "An output is not a tensor, which Parley cannot read.")
            }
            let info = try makeHandle(library, "Cannot read the shape of an output") {
                library.api.GetTensorTypeAndShape(handle, &$0)
            }
            defer { library.api.ReleaseTensorTypeAndShapeInfo(info) }
            (elementType, shape) = try library.describe(info)
            var data: UnsafeMutableRawPointer?
            try library.check(library.api.GetTensorMutableData(handle, &data), "Cannot read an output")
            // An empty tensor may have no memory; nothing is read from the address then.
            self.data = data ?? UnsafeMutableRawPointer(handle)
        } catch {
            environment.library.api.ReleaseValue(handle)
            throw error
        }
        self.handle = handle
        count = shape.reduce(1, *)
        memory = nil
        self.environment = environment
        OnnxHandles.opened(.tensor)
    }

    deinit {
        environment.library.api.ReleaseValue(handle)
        OnnxHandles.closed(.tensor)
    }

    /// Reads the elements in place, in row-major order. The buffer must not leave the closure.
    /// - Throws: `.tensorMismatch` when the elements are of another type, or what `body` throws.
    package func withElements<Element: OnnxElement, Result>(
        of type: Element.Type = Element.self, _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) throws -> Result {
        try requireType(Element.elementType)
        return try body(UnsafeBufferPointer(start: data.assumingMemoryBound(to: Element.self), count: count))
    }

    /// Changes the elements in place. The buffer must not leave the closure.
    /// - Throws: `.tensorMismatch` when the elements are of another type, or what `body` throws.
    package func withMutableElements<Element: OnnxElement, Result>(
        of type: Element.Type = Element.self, _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
    ) throws -> Result {
        try requireType(Element.elementType)
        return try body(UnsafeMutableBufferPointer(start: data.assumingMemoryBound(to: Element.self), count: count))
    }

    /// A copy of the elements.
    package func elements<Element: OnnxElement>(of type: Element.Type = Element.self) throws -> [Element] {
        try withElements(of: type) { Array($0) }
    }

    private func requireType(_ wanted: OnnxElementType) throws(OnnxError) {
        guard wanted == elementType else {
            throw OnnxError(.tensorMismatch, "A tensor of \(elementType) cannot be read as \(wanted).")
        }
    }
}

extension OnnxLibrary {
    /// Element type and extents from a description; free dimensions are -1.
    func describe(_ info: OpaquePointer) throws(OnnxError) -> (OnnxElementType, [Int]) {
        var type: Int32 = 0
        var rank = 0
        try check(api.GetTensorElementType(info, &type), "Cannot read an element type")
        try check(api.GetDimensionsCount(info, &rank), "Cannot read a rank")
        var dimensions = [Int64](repeating: 0, count: rank)
        try check(api.GetDimensions(info, &dimensions, rank), "Cannot read a shape")
        return (OnnxElementType(rawValue: type), dimensions.map(Int.init))
    }
}
