internal import OnnxRuntime
internal import ParleyCore

/// State of one audio stream: 64 samples of context and the graph's own numbers, in memory that is made once.
final class SileroSession: VADSession {
    let sampleRate = SileroModel.sampleRate
    let chunkLength = SileroModel.chunkLength

    /// Chunks of one run: 2 s of audio, about 4 ms of one core.
    private static let longestRun = 64
    /// Samples of a chunk as the graph takes it, context first.
    private static let rowLength = SileroModel.contextLength + SileroModel.chunkLength

    private let model: SileroModel
    private let environment: OnnxEnvironment
    private let states: OnnxMemory<Float>
    /// The graph reads one and writes the other; they change places after each run.
    private var state: OnnxTensor
    private var nextState: OnnxTensor
    /// Last samples of the chunk before.
    private var context = [Float](repeating: 0, count: SileroModel.contextLength)
    /// Rows and results of a run; grows with the longest one.
    private var rows = OnnxMemory<Float>(count: SileroSession.rowLength)
    private var scores = OnnxMemory<Float>(count: 1)

    init(_ model: SileroModel) throws(VADError) {
        environment = model.call.session.environment
        do {
            let shape = SileroModel.stateShape
            let count = shape.reduce(1, *)
            states = OnnxMemory<Float>(count: 2 * count)
            state = try OnnxTensor(environment, over: states, shape: shape)
            nextState = try OnnxTensor(environment, over: states, shape: shape, offset: count)
        } catch {
            throw VADError(.runFailed, error.message, cause: error)
        }
        self.model = model
    }

    func probabilities(of chunks: ArraySlice<Float>) throws -> [Float] {
        guard chunks.count.isMultiple(of: chunkLength) else {
            throw VADError(
                .wrongChunkSize,
                "The voice detector takes \(chunkLength) samples at a time and got \(chunks.count).")
        }
        var probabilities: [Float] = []
        var start = chunks.startIndex
        while start < chunks.endIndex {
            let end = min(chunks.endIndex, start + Self.longestRun * chunkLength)
            probabilities += try run(chunks[start..<end])
            start = end
        }
        return probabilities
    }

    private func run(_ chunks: ArraySlice<Float>) throws(VADError) -> [Float] {
        let count = chunks.count / chunkLength
        if scores.count < count {
            rows = OnnxMemory(count: count * Self.rowLength)
            scores = OnnxMemory(count: count)
        }
        rows.withMutableElements { rows in
            var position = 0
            for start in stride(from: chunks.startIndex, to: chunks.endIndex, by: chunkLength) {
                for sample in context { position = write(sample, rows, position) }
                for sample in chunks[start..<(start + chunkLength)] { position = write(sample, rows, position) }
                context = Array(rows[(position - context.count)..<position])
            }
        }
        do {
            let input = try OnnxTensor(environment, over: rows, shape: [count, Self.rowLength])
            let output = try OnnxTensor(environment, over: scores, shape: [count, 1])
            _ = try model.call.run([input, state], into: [0: output, 1: nextState])
        } catch {
            throw VADError(.runFailed, "The voice detector failed: \(error.message)", cause: error)
        }
        swap(&state, &nextState)
        return scores.withElements { Array($0.prefix(count)) }
    }

    /// What is not a number counts as silence.
    private func write(_ sample: Float, _ rows: UnsafeMutableBufferPointer<Float>, _ position: Int) -> Int {
        rows[position] = sample.isFinite ? sample : 0
        return position + 1
    }

    func reset() {
        context = [Float](repeating: 0, count: context.count)
        states.withMutableElements { $0.update(repeating: 0) }
    }
}
