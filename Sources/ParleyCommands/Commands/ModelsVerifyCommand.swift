package import ArgumentParser
internal import ParleyModels

/// `parley models verify`
package struct ModelsVerifyCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hash the files of models and compare with the catalogue.",
        discussion: """
            Without names: every entry that is on this machine. JSON: an array of objects with id, folder and files \
            (name, finding, bytes, sha256). The exit code is 65 when a file is wrong or missing.

            EXAMPLES:
              parley models verify
              parley models verify starter
              parley models verify smollm2-135m-instruct-q4_1 --format json
            """)

    @Argument(help: ArgumentHelp("Entries or profiles; all that are there by default.", valueName: "name"))
    package var names: [String] = []

    @Option(help: ArgumentHelp("Form of the result: text or json.", valueName: "form"))
    package var format = ResultFormat.text

    @OptionGroup package var quiet: QuietOption

    package init() {}

    package func run(in context: CommandContext) async throws {
        let console = context.console
        if quiet.quiet { console.beQuiet() }
        let store = context.store()
        let entries = { (name: String) in (try? store.catalogue.profile(named: name).requiredEntries) ?? [name] }
        let wanted = names.isEmpty ? store.list().filter { $0.state != .missing }.map(\.id) : names.flatMap(entries)
        var reports: [VerifyReport] = []
        for name in wanted {
            let report = try await store.verify(name) { console.progress(ProgressStep($0)) }
            reports.append(report)
            if format == .text { try show(report, console) }
        }
        if format == .json { try console.result(try JSONText.line(reports)) }
        let wrong = reports.filter { !$0.isCorrect }.map(\.id)
        if wrong.isEmpty { return }
        let remedies = try wrong.map { id in
            if case .built(let command, _) = try store.catalogue.entry(named: id).source { return "`\(command)`" }
            return "`parley models remove \(id)` and `parley models pull \(id)`"
        }
        throw CommandError(
            .notVerified,
            "Files of \(wrong.joined(separator: ", ")) are not those of the catalogue; run "
                + "\(remedies.joined(separator: ", ")).")
    }

    private func show(_ report: VerifyReport, _ console: Console) throws {
        if report.isCorrect { return try console.result("\(report.id): correct") }
        for file in report.files where file.finding != .correct {
            let finding =
                switch file.finding {
                case .missing: "missing"
                case .wrongSize: "wrong size"
                default: "wrong digest"
                }
            try console.result("\(report.id): \(file.name): \(finding)")
        }
    }
}
