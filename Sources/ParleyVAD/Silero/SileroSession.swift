internal import OnnxRuntime
internal import ParleyCore

/// State of one audio stream: 64 samples of context and the graph's own numbers, in memory that is made once.
final class SileroSession: VADSession {
    let sampleRate = SileroModel.sampleRate
    let chunkLength = SileroModel.chunkLength

    private let model: SileroModel
    private let samples = OnnxMemory<Float>(count: SileroModel.contextLength + SileroModel.chunkLength)
    private let input: OnnxTensor
    private let output: OnnxTensor
    private let rate: [OnnxTensor]
    private let states: OnnxMemory<Float>
    /// The graph reads one and writes the other; they change places after each call.
    private var state: OnnxTensor
    private var nextState: OnnxTensor

    init(_ model: SileroModel) throws(VADError) {
        let environment = model.call.session.environment
        do {
            input = try OnnxTensor(environment, over: samples, shape: [1, samples.count])
            rate = model.takesRate ? [try OnnxTensor(environment, [Int64(sampleRate)], shape: [])] : []
            output = try OnnxTensor(environment, zerosOf: Float.self, shape: [1, 1])
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

    func probability(of chunk: ArraySlice<Float>) throws -> Float {
        guard chunk.count == chunkLength else {
            throw VADError(
                .wrongChunkSize, "The voice detector takes \(chunkLength) samples at a time and got \(chunk.count).")
        }
        samples.withMutableElements { samples in
            let context = SileroModel.contextLength
            for index in 0..<context { samples[index] = samples[index + chunkLength] }
            for (index, sample) in zip(context..., chunk) { samples[index] = sample.isFinite ? sample : 0 }
        }
        do {
            _ = try model.call.run([input, state] + rate, into: [0: output, 1: nextState])
            swap(&state, &nextState)
            return try output.withElements { $0[0] }
        } catch {
            throw VADError(.runFailed, "The voice detector failed: \(error)", cause: error)
        }
    }

    func reset() {
        samples.withMutableElements { $0.update(repeating: 0) }
        states.withMutableElements { $0.update(repeating: 0) }
    }
}
