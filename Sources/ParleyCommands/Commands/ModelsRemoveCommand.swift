package import ArgumentParser
internal import ParleyModels

/// `parley models remove`
package struct ModelsRemoveCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove models from this machine.",
        discussion: """
            A model that a running Parley uses stays. JSON: an array of objects with id and bytes.

            EXAMPLES:
              parley models remove whisper-base-ct2
            """,
        aliases: ["rm"])

    private struct Removed: Encodable {
        let id: String
        let bytes: Int64
    }

    @Argument(help: ArgumentHelp("Entries.", valueName: "name"))
    package var names: [String]

    @Option(help: ArgumentHelp("Form of the result: text or json.", valueName: "form"))
    package var format = ResultFormat.text

    package init() {}

    package func run(in context: CommandContext) async throws {
        let store = context.store()
        // A wrong name is found before anything is removed.
        for name in names { _ = try store.catalogue.entry(named: name) }
        var removed: [Removed] = []
        for name in names {
            let bytes = try await store.remove(name)
            removed.append(Removed(id: name, bytes: bytes))
            if format == .text { try context.console.result("\(name): \(ByteCount.text(bytes)) freed") }
        }
        if format == .json { try context.console.result(try JSONText.line(removed)) }
    }
}
