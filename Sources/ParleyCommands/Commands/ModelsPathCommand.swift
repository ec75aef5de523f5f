package import ArgumentParser
internal import ParleyModels

/// `parley models path`
package struct ModelsPathCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Print the folder of a model, or the path of one of its files.",
        discussion: """
            JSON: an object with id and path.

            EXAMPLES:
              parley models path smollm2-135m-instruct-q4_1
              parley inspect "$(parley models path audio-starter stt.encoder.onnx)"
            """)

    @Argument(help: ArgumentHelp("An entry.", valueName: "name"))
    package var name: String

    @Argument(help: ArgumentHelp("One of its files.", valueName: "file"))
    package var file: String?

    @Option(help: ArgumentHelp("Form of the result: text or json.", valueName: "form"))
    package var format = ResultFormat.text

    package init() {}

    package func run(in context: CommandContext) async throws {
        let path = try context.store().path(of: name, file: file)
        switch format {
        case .text: try context.console.result(path)
        case .json: try context.console.result(try JSONText.line(["id": name, "path": path]))
        }
    }
}
