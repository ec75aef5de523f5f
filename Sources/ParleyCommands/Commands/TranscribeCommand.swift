package import ArgumentParser
internal import Foundation
internal import Parley

/// `parley transcribe`: recordings in, words out.
package struct TranscribeCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "transcribe",
        abstract: "Write down what is said in recordings.",
        discussion: """
            Text: one line a file, after the file's name when there are several. JSON: one object a line and file, with \
            file, language, text, segments (start, end, text), audio_seconds and processing_ms.

            EXAMPLES:
              parley transcribe interview.wav
              parley transcribe --language es pregunta.wav
              parley transcribe --format json *.wav > words.jsonl
            """)

    @Argument(help: ArgumentHelp("WAV files, in order.", valueName: "file"))
    package var files: [String]

    @Option(help: ArgumentHelp("Form of the result: text or json.", valueName: "form"))
    package var format = ResultFormat.text

    @Option(
        help: ArgumentHelp("ISO 639-1 code of what is spoken: en, es …; detected by default.", valueName: "code"))
    package var language: String?

    @OptionGroup package var engine: EngineOptions
    @OptionGroup package var quiet: QuietOption

    package init() {}

    package func run(in context: CommandContext) async throws {
        let console = context.console
        if quiet.quiet { console.beQuiet() }
        try FilePath.checkAudio(files)
        console.progress(ProgressStep("Loading the models"))
        let opened = try await ParleyEngine.open(
            ParleyConfiguration(threads: engine.threads, environment: context.environment), capabilities: [.hearing])
        for file in files {
            console.progress(ProgressStep("Transcribing \(file)"))
            let transcription = try await opened.transcribe(FilePath.url(file), language: language) { share in
                console.progress(ProgressStep("Transcribing \(file)", share: share))
            }
            try Task.checkCancellation()
            try console.result(try line(transcription, file))
        }
    }

    private func line(_ transcription: Transcription, _ file: String) throws -> String {
        switch format {
        case .json: try JSONText.line(TranscriptionResult(transcription, file: file))
        case .text where files.count == 1: transcription.text.oneLine
        case .text: "\(file.oneLine): \(transcription.text.oneLine)"
        }
    }
}
