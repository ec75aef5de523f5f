package import ArgumentParser
internal import ParleyModels

/// `parley models pull`
package struct ModelsPullCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch models, or take over files that you have.",
        discussion: """
            A name is an entry of `parley models list`, or a profile: everything that it needs and that can be fetched. \
            What is there already is left alone. Prints the name and the folder of each entry.

            EXAMPLES:
              parley models pull starter
              parley models pull lfm2-1.2b-q4_0 --from ~/Downloads/LFM2-1.2B-Q4_0.gguf
            """)

    @Argument(help: ArgumentHelp("Entries or profiles.", valueName: "name"))
    package var names: [String]

    @Option(
        help: ArgumentHelp("Take the entry from this file, or from this folder with all its files.", valueName: "file"))
    package var from: String?

    @OptionGroup package var quiet: QuietOption

    package init() {}

    package func validate() throws {
        if from != nil && names.count != 1 { throw ValidationError("--from takes exactly one name.") }
    }

    package func run(in context: CommandContext) async throws {
        let console = context.console
        if quiet.quiet { console.beQuiet() }
        let store = context.store()
        for entry in try entries(in: store.catalogue, console) {
            _ = try await store.pull(entry.id, from: from) { console.progress(ProgressStep($0)) }
            try console.result("\(entry.id)\t\(store.locations.folder(of: entry))")
        }
    }

    /// What a profile needs can be built from what is fetched: that is said, not tried.
    private func entries(in catalogue: Catalogue, _ console: Console) throws -> [CatalogueEntry] {
        var found: [CatalogueEntry] = []
        for name in names {
            let isProfile = catalogue.profiles.contains { $0.name == name }
            for entry in try catalogue.entries(named: name) where !found.contains(entry) {
                if isProfile, case .built(let command, _) = entry.source {
                    console.remark("\(entry.id) is built on this machine: \(command)")
                } else {
                    found.append(entry)
                }
            }
        }
        return found
    }
}

extension ProgressStep {
    /// The store's progress in words.
    init(_ progress: PullProgress) {
        let what =
            switch progress.phase {
            case .waiting(let process): process.map { "waiting for process \($0)" } ?? "waiting for another process"
            case .downloading: "downloading"
            case .extracting: "unpacking"
            case .copying: "copying"
            case .verifying: "checking"
            }
        let isWaiting = if case .waiting = progress.phase { true } else { false }
        self.init("\(progress.entry): \(what)", done: progress.bytes, total: isWaiting ? 0 : progress.total)
    }
}
