package import ArgumentParser
internal import ParleyModels

/// `parley inspect`: what is in a model file.
package struct InspectCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what an ONNX or GGUF file holds, without loading it.",
        discussion: """
            Prints inputs, outputs, shapes, element types, operator types, parameters and metadata. JSON: one object with \
            the same facts.

            EXAMPLES:
              parley inspect model.gguf
              parley inspect stt.encoder.onnx --format json | jq .inputs
            """)

    @Argument(help: ArgumentHelp("ONNX or GGUF file.", valueName: "file"))
    package var file: String

    @Option(help: ArgumentHelp("Form of the result: text or json.", valueName: "form"))
    package var format = ResultFormat.text

    package init() {}

    package func run(in context: CommandContext) async throws {
        let inspection = try ModelInspection(path: file)
        switch format {
        case .text: try context.console.result(inspection.text)
        case .json: try context.console.result(try JSONText.line(inspection))
        }
    }
}
