package import ArgumentParser
internal import Foundation

/// The process: arguments in, exit code out.
package enum ParleyProgram {
    /// Runs the process's command and ends it.
    package static func main() async -> Never {
        let interruption = Interruption()
        let context = CommandContext.process()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let work = Task { await run(arguments, context) }
        interruption.start { work.cancel() }
        let code = await work.value
        // What failed after the signal, failed because of it.
        exit(interruption.signalNumber == 0 ? code : 128 + interruption.signalNumber)
    }

    /// Runs one command.
    /// - Parameter arguments: without the name of the program.
    /// - Returns: the exit code.
    package static func run(_ arguments: [String], _ context: CommandContext) async -> Int32 {
        do {
            var command = try parse(arguments)
            if let command = command as? any ParleySubcommand {
                try await command.run(in: context)
            } else {
                try command.run()
            }
            context.console.endProgress()
            return 0
        } catch {
            return report(error, arguments, context.console)
        }
    }

    /// - Throws: what ArgumentParser throws for wrong arguments and for requests of help.
    package static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        try ParleyCommand.parseAsRoot(arguments)
    }

    /// Says what happened, where it belongs.
    /// - Returns: the exit code.
    private static func report(_ error: any Error, _ arguments: [String], _ console: Console) -> Int32 {
        switch ParleyCommand.exitCode(for: error) {
        case .success:
            return answer(error, console)
        case .validationFailure:
            let message = ParleyCommand.message(for: error)
            let end = message.last.map { ".!?".contains($0) } ?? true ? "" : "."
            console.failure("\(message)\(end) See `\(helpCommand(arguments))`.")
            return ArgumentParser.ExitCode.validationFailure.rawValue
        default:
            console.endProgress()
            let number = ExitCode.number(of: error)
            let isSilent = number == ExitCode.interrupted.number || number == ExitCode.pipeClosed.number
            if !isSilent { console.failure(ExitCode.message(of: error)) }
            return number
        }
    }

    /// Help and version are results.
    private static func answer(_ error: any Error, _ console: Console) -> Int32 {
        let columns = console.streams.isOutputTerminal ? console.streams.columns : 80
        let text = ParleyCommand.fullMessage(for: error, columns: columns)
        do {
            try console.result(text.trimmingCharacters(in: .newlines))
            return 0
        } catch {
            return ExitCode.number(of: error)
        }
    }

    /// The help that belongs to wrong arguments: that of the command they name.
    private static func helpCommand(_ arguments: [String]) -> String {
        var names = ["parley"]
        var commands = ParleyCommand.configuration.subcommands
        for argument in arguments {
            guard let command = commands.first(where: { $0._commandName == argument }) else { break }
            names.append(argument)
            commands = command.configuration.subcommands
        }
        return (names + ["--help"]).joined(separator: " ")
    }
}
