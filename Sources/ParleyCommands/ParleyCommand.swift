package import ArgumentParser

/// The command line of Parley.
package struct ParleyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "A spoken question in, a spoken answer out, on this machine alone.",
        discussion: """
            EXAMPLES:
              parley talk question.wav
              parley transcribe interview.wav > interview.txt
              parley speak "Good morning." --output morning.wav
              parley doctor

            Results go to standard output, progress and errors to standard error.

            EXIT CODES:
            \(ExitCode.table)
            """,
        version: "parley \(ParleyVersion.current)",
        subcommands: [
            TalkCommand.self, TranscribeCommand.self, SpeakCommand.self, ModelsCommand.self, InspectCommand.self,
            DoctorCommand.self,
        ])

    package init() {}
}

/// The version of this source.
package enum ParleyVersion {
    /// Semantic version, as in CHANGELOG.md.
    package static let current = "0.1.0"
}
