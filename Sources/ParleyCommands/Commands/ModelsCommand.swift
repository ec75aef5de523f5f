package import ArgumentParser

/// `parley models`: what is in the store.
package struct ModelsCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Fetch, check and remove models.",
        discussion: """
            Models lie in ${XDG_DATA_HOME:-~/.local/share}/parley/models, one folder each. Nothing appears there before \
            it is complete and its SHA-256 is that of the catalogue.

            EXAMPLES:
              parley models list
              parley models pull starter
              parley models pull lfm2-1.2b-q4_0 --from ~/Downloads/LFM2-1.2B-Q4_0.gguf
              parley models verify
            """,
        subcommands: [
            ModelsListCommand.self, ModelsPullCommand.self, ModelsVerifyCommand.self, ModelsPathCommand.self,
            ModelsRemoveCommand.self,
        ])

    package init() {}
}
