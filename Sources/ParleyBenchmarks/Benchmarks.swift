internal import ArgumentParser

@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ParleyBenchmarks", abstract: "Accuracy and speed of Parley.",
        subcommands: [EvalCommand.self, CompareCommand.self, ClaimsCommand.self, BenchCommand.self, LoadCommand.self])
}
