package import ArgumentParser

/// `parley doctor`: is everything here?
package struct DoctorCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check that everything is there, and say what to do when it is not.",
        discussion: """
            Looks at processor, memory, libraries, models, folders and Python. The exit code is 69 when something that \
            is needed is missing. JSON: an object with version, healthy and checks (name, status, detail, remedy).

            EXAMPLES:
              parley doctor
              parley doctor --format json | jq -r '.checks[] | select(.status != "ok") | .remedy'
            """)

    @Option(help: ArgumentHelp("Form of the result: text or json.", valueName: "form"))
    package var format = ResultFormat.text

    @Option(help: ArgumentHelp("Set of models that is wanted: starter or lfm2.", valueName: "name"))
    package var profile = "starter"

    package init() {}

    package func run(in context: CommandContext) async throws {
        let report = try Diagnosis(context, profile: profile).report()
        switch format {
        case .json: try context.console.result(try JSONText.line(report))
        case .text:
            let streams = context.console.streams
            let colour = Colour(isOn: streams.isOutputTerminal && streams.allowsColour)
            for line in report.lines(colour) { try context.console.result(line) }
        }
        let missing = report.checks.filter { $0.status == .missing }.map(\.name)
        if !missing.isEmpty {
            throw CommandError(
                .notReady,
                "Missing: \(missing.joined(separator: ", ")); follow the advice above, or run `scripts/bootstrap`.")
        }
    }
}
