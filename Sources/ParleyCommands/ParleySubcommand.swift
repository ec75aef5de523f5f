package import ArgumentParser

/// A command that is told what it may know of the process, and can be cancelled.
package protocol ParleySubcommand: ParsableCommand {
    func run(in context: CommandContext) async throws
}

/// Form of a result on standard output.
package enum ResultFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    case text
    case json
}

/// `--quiet`, for every command that talks on standard error.
package struct QuietOption: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Leave out progress and remarks; results and errors stay.")
    package var quiet = false

    package init() {}
}

/// Options of the commands that compute.
package struct EngineOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Cores to compute with, at most those there are; by default at most 4.", valueName: "n"))
    package var threads: Int?

    package init() {}

    package func validate() throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads takes 1 to 256, not \(threads).")
        }
    }
}
