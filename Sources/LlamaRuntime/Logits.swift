/// Scans over a row of scores, vectorised.
enum Logits {
    private typealias Vector = SIMD16<Float>

    /// The greatest score and the first index that has it; NaN never wins.
    static func maximum(_ row: UnsafeMutableBufferPointer<Float>) -> (index: Int, value: Float) {
        let values = UnsafeRawBufferPointer(row)
        let whole = row.count / Vector.scalarCount
        var best = Vector(repeating: -.infinity)
        for block in 0..<whole {
            let vector = values.loadUnaligned(fromByteOffset: block * MemoryLayout<Vector>.size, as: Vector.self)
            best.replace(with: vector, where: vector .> best)
        }
        var value = best.max()
        for index in (whole * Vector.scalarCount)..<row.count where row[index] > value { value = row[index] }
        var found = 0
        forEach(row, atLeast: value, stop: true) { index, _ in found = index }
        return (found, value)
    }

    /// Calls the body with every index whose score is not below the floor, in order.
    static func forEach(
        _ row: UnsafeMutableBufferPointer<Float>, atLeast floor: Float, stop: Bool = false, _ body: (Int, Float) -> Void
    ) {
        let values = UnsafeRawBufferPointer(row)
        let whole = row.count / Vector.scalarCount
        let limit = Vector(repeating: floor)
        for block in 0..<whole {
            let vector = values.loadUnaligned(fromByteOffset: block * MemoryLayout<Vector>.size, as: Vector.self)
            guard any(vector .>= limit) else { continue }
            for lane in 0..<Vector.scalarCount where vector[lane] >= floor {
                body(block * Vector.scalarCount + lane, vector[lane])
                if stop { return }
            }
        }
        for index in (whole * Vector.scalarCount)..<row.count where row[index] >= floor {
            body(index, row[index])
            if stop { return }
        }
    }
}
