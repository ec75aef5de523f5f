package import ArgumentParser
internal import Foundation
internal import Parley
internal import ParleyAudio

/// `parley transcribe`: recordings in, words out.
package struct TranscribeCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "transcribe",
        abstract: "Write down what is said in recordings.",
        discussion: """
            Recordings may be hours long; words appear as they are recognised. Text: one line a file, after the file's \
            name when there are several. JSON: one object a line and file, with text, language, segments, times and \
            confidence. SRT and WebVTT: subtitles of one file, or with --output FOLDER/ of several.

            EXAMPLES:
              parley transcribe interview.wav
              parley transcribe --language es pregunta.wav
              parley transcribe --format json --words *.wav > words.jsonl
              parley transcribe --format srt film.wav --output film.srt
              parley transcribe --format vtt part*.wav --output subtitles/
            """)

    @Argument(help: ArgumentHelp("WAV files, in order.", valueName: "file"))
    package var files: [String]

    @Option(help: ArgumentHelp("Form of the result: text, json, srt or vtt.", valueName: "form"))
    package var format = TranscriptFormat.text

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("File for the result, which appears when it is complete, or folder.", valueName: "path"))
    package var output: String?

    @Option(
        help: ArgumentHelp(
            "ISO 639-1 code of what is spoken: en, es …; auto, the default, detects it.", valueName: "code"))
    package var language = "auto"

    @Flag(help: "List every word with its time and probability in JSON; this takes longer.")
    package var words = false

    @OptionGroup package var engine: EngineOptions
    @OptionGroup package var quiet: QuietOption

    package init() {}

    package func validate() throws {
        if words && format == .text {
            throw ValidationError("--words goes with --format json: text holds no times.")
        }
        if output == "" { throw ValidationError("--output takes the name of a file or a folder.") }
    }

    package func run(in context: CommandContext) async throws {
        let console = context.console
        if quiet.quiet { console.beQuiet() }
        let targets = try targets()
        console.progress(ProgressStep("Loading the models"))
        let opened = try await ParleyEngine.open(
            ParleyConfiguration(threads: engine.threads, warmsUp: false, environment: context.environment),
            capabilities: [.hearing])
        let shared = targets.count == files.count ? nil : try TranscriptOutput(targets.first, console: console)
        for (index, file) in files.enumerated() {
            let own = try shared ?? TranscriptOutput(targets[index], console: console)
            try await transcribe(file, opened, own, console)
            if shared == nil { try await own.commit() }
        }
        try await shared?.commit()
    }

    private func transcribe(
        _ file: String, _ engine: ParleyEngine, _ output: TranscriptOutput, _ console: Console
    ) async throws {
        let title = "Transcribing \((file as NSString).lastPathComponent)"
        console.progress(ProgressStep(title))
        await output.begin(
            TranscriptText(
                format, file: file, isTitled: files.count > 1,
                hasLines: self.output == nil && console.streams.isOutputTerminal, hasWords: words))
        do {
            let transcription = try await engine.transcribe(
                FilePath.url(file), language: language.lowercased() == "auto" ? nil : language,
                words: words || format.isSubtitles,
                progress: { console.progress(ProgressStep(title, $0)) },
                onSegment: { try await output.append($0) })
            try Task.checkCancellation()
            try await output.end(transcription)
            if transcription.text.isEmpty { console.remark("No words were recognised in \(file).") }
        } catch {
            await output.interrupt()
            throw error
        }
    }

    /// Finds mistakes before models are loaded.
    /// - Returns: no file for standard output, one for all recordings, or one each.
    private func targets() throws -> [String] {
        try FilePath.checkAudio(files)
        let isFolder = output.map { $0.hasSuffix("/") || FilePath.isFolder($0) } ?? false
        if format.isSubtitles, files.count > 1, !isFolder {
            throw CommandError(
                .usage,
                "Subtitles belong to one recording, and there are \(files.count): give a folder with `--output FOLDER/`, "
                    + "or one recording at a time.")
        }
        guard let output else { return [] }
        if output.hasSuffix("/") { try FilePath.makeFolder(output) }
        let targets = isFolder ? AnswerFiles.named(after: files, in: output, ending: format.ending) : [output]
        try FilePath.checkTargets(targets, apartFrom: files)
        for target in targets { try AtomicFile(FilePath.url(target)).discard() }
        return targets
    }
}

extension ProgressStep {
    fileprivate init(_ title: String, _ progress: TranscriptionProgress) {
        if let share = progress.share {
            self.init(title, share: share)
        } else {
            self.init(title, position: progress.done)
        }
    }
}
