internal import Foundation

/// What loading the recogniser and transcribing one recording took in a process of its own.
struct FirstTranscript: Codable, Sendable {
    /// Seconds until the models were loaded.
    var loading: Double
    /// Seconds from nothing loaded to the words.
    var total: Double
    var text: String
    /// Memory of the process when nothing was loaded.
    var before: MemoryUse
    /// Memory after the transcript, models and one session alive.
    var after: MemoryUse

    /// Runs this very program once more, as `load`.
    /// - Throws: `BenchmarkError` with code `.toolFailed`.
    static func measure(_ question: Question, threads: Int) throws -> FirstTranscript {
        guard let program = Bundle.main.executableURL else {
            throw BenchmarkError(.toolFailed, "The system does not say where this program lies.")
        }
        let arguments = ["load", question.file.path, "--language", question.language, "--threads", "\(threads)"]
        let output = try Program.output(program, arguments)
        do {
            return try JSONDecoder().decode(FirstTranscript.self, from: output)
        } catch {
            throw BenchmarkError(.toolFailed, "`load` printed no result that can be read.", cause: error)
        }
    }
}
