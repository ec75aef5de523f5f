internal import Foundation

/// llama.cpp's own benchmark, from the same build, on the same file.
struct LlamaBench {
    var program: URL
    var model: URL
    var threads: Int

    private struct Result: Decodable {
        var avgTs: Double
    }

    /// Tokens per second of generation.
    /// - Parameters:
    ///   - tokens: how many are generated.
    ///   - depth: how many tokens the context holds before.
    /// - Throws: `BenchmarkError` with code `.toolFailed`.
    func decode(tokens: Int, depth: Int) throws -> Double {
        let output = try Program.output(
            program,
            [
                "-m", model.path, "-t", "\(threads)", "-p", "0", "-n", "\(tokens)", "-d", "\(depth)", "-r", "1",
                "-o", "json",
            ])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let result = try? decoder.decode([Result].self, from: output).first else {
            throw BenchmarkError(.toolFailed, "\(program.path) printed no result for \(model.path).")
        }
        return result.avgTs
    }
}

/// Programs run by the benchmark.
enum Program {
    /// Standard output of a program that succeeded.
    /// - Throws: `BenchmarkError` with code `.toolFailed`.
    static func output(_ program: URL, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            throw BenchmarkError(.toolFailed, "Cannot run \(program.path).", cause: error)
        }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let line = ([program.path] + arguments).joined(separator: " ")
            throw BenchmarkError(.toolFailed, "\(line) ended with \(process.terminationStatus).")
        }
        return output
    }
}
