package import ArgumentParser
internal import Foundation
internal import Parley
internal import ParleyAudio
internal import ParleyCore

/// `parley talk`: recorded questions in, spoken answers out.
package struct TalkCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "talk",
        abstract: "Answer spoken questions aloud.",
        discussion: """
            Several files are the turns of one conversation: each answer knows what was said before. Every turn prints \
            what was heard, what was answered, and the file of the spoken answer.

            Without --output an answer is written to NAME.answer.wav in the current folder. With several files \
            --output answer.wav gives answer-1.wav, answer-2.wav and so on; --output FOLDER/ keeps the names.

            The profile starter understands and speaks English only.

            EXAMPLES:
              parley talk question.wav
              parley talk question.wav --output answer.wav --report answer.json
              parley talk hello.wav and-then.wav --output answers/
              parley talk question.wav --system "You are a pirate. Answer in one sentence."
            """)

    @Argument(help: ArgumentHelp("WAV files with questions, in order.", valueName: "file"))
    package var files: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("File or folder for the spoken answers.", valueName: "path"))
    package var output: String?

    @Option(help: ArgumentHelp("Write words, times, memory and models as JSON.", valueName: "file.json"))
    package var report: String?

    @Option(help: ArgumentHelp("What the language model is told before the first question.", valueName: "text"))
    package var system: String?

    @Option(help: ArgumentHelp("Set of models: starter or lfm2.", valueName: "name"))
    package var profile = "starter"

    @OptionGroup package var engine: EngineOptions
    @OptionGroup package var quiet: QuietOption

    package init() {}

    package func run(in context: CommandContext) async throws {
        let console = context.console
        if quiet.quiet { console.beQuiet() }
        let answers = AnswerFiles.paths(for: files, output: output, isFolder: FilePath.isFolder)
        try check(answers)
        console.progress(ProgressStep("Loading the models"))
        let opened = try await ParleyEngine.open(
            ParleyConfiguration(profile: profile, threads: engine.threads, environment: context.environment))
        let conversation = try await opened.conversation(system: system)
        var turns: [TalkReport.Turn] = []
        do {
            for (question, target) in zip(files, answers) {
                console.progress(ProgressStep("Answering \(question)"))
                let answer = try await conversation.ask(FilePath.url(question))
                try Task.checkCancellation()
                try answer.write(to: FilePath.url(target))
                turns.append(TalkReport.Turn(answer))
                try show(answer, target, console)
            }
        } catch let error as any Fault {
            // The turns before a bad file are answered: their report is not lost.
            if !turns.isEmpty { try await write(turns, opened) }
            throw error
        }
        try await write(turns, opened)
    }

    /// Finds mistakes before models are loaded.
    private func check(_ answers: [String]) throws {
        try FilePath.checkAudio(files)
        if let output, output.hasSuffix("/") { try FilePath.makeFolder(output) }
        let targets = answers + [report].compactMap(\.self)
        try FilePath.checkTargets(targets, apartFrom: files)
        for target in targets { try AtomicFile(FilePath.url(target)).discard() }
    }

    private func show(_ answer: Answer, _ target: String, _ console: Console) throws {
        try console.result("You: \(answer.transcript.oneLine)")
        try console.result("Parley: \(answer.reply.oneLine)")
        try console.result("Answer: \(target)")
        let first = Int(answer.latency.firstAudio.roundedMilliseconds.rounded())
        console.remark("\(answer.speech.duration.roundedSeconds) s of speech, the first sound after \(first) ms")
    }

    private func write(_ turns: [TalkReport.Turn], _ engine: ParleyEngine) async throws {
        guard let report else { return }
        let models = try await engine.models().map(TalkReport.Model.init(_:))
        let memory = TalkReport.Memory(peakResidentBytes: PeakMemory.bytes())
        let file = try AtomicFile(FilePath.url(report))
        try file.append(try JSONText.document(TalkReport(turns: turns, memory: memory, models: models)))
        try file.commit()
    }
}
