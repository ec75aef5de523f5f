package import ArgumentParser
internal import ParleyModels

/// `parley models list`
package struct ModelsListCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the catalogue and what is on this machine.",
        discussion: """
            A state is present (complete and checked), unverified (complete, not checked since it changed), incomplete \
            or missing. JSON: an array of objects with id, title, aliases, roles, languages, licence, bytes, state, \
            folder and source.

            EXAMPLES:
              parley models list
              parley models list --format json | jq -r '.[] | select(.state == "missing") | .id'
            """,
        aliases: ["ls"])

    @Option(help: ArgumentHelp("Form of the result: text or json.", valueName: "form"))
    package var format = ResultFormat.text

    package init() {}

    package func run(in context: CommandContext) async throws {
        let entries = context.store().list()
        switch format {
        case .json: try context.console.result(try JSONText.line(entries))
        case .text:
            var table = TextTable(["NAME", "STATE", "SIZE", "LANGUAGES", "LICENCE", "ROLES"])
            for entry in entries {
                table.append([
                    entry.id, entry.state.rawValue, ByteCount.text(entry.bytes),
                    entry.languages.joined(separator: ","), entry.licence,
                    entry.roles.map(\.rawValue).joined(separator: ","),
                ])
            }
            for line in table.lines { try context.console.result(line) }
        }
    }
}
