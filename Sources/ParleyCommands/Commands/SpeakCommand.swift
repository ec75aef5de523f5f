package import ArgumentParser
internal import Foundation
internal import Parley
internal import ParleyAudio

/// `parley speak`: text in, speech out.
package struct SpeakCommand: ParleySubcommand {
    package static let configuration = CommandConfiguration(
        commandName: "speak",
        abstract: "Speak a text.",
        discussion: """
            The words after the command are the text; - reads it from standard input. The same text, voice, speed and \
            seed give the same file. Prints the name of the file.

            EXAMPLES:
              parley speak "The train leaves at 9:45."
              parley speak "Slowly, please." --speed 0.8 --output slow.wav
              fortune | parley speak - --output fortune.wav
              parley speak Good morning -o /dev/stdout | aplay
            """)

    @Argument(help: ArgumentHelp("What to say, or - for standard input.", valueName: "text"))
    package var text: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("WAV file to write.", valueName: "file.wav"))
    package var output = "speech.wav"

    @Option(help: ArgumentHelp("Name of a voice.", valueName: "name"))
    package var voice: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("0.5 (slow) to 2 (fast).", valueName: "x"))
    package var speed = 1.0

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Number that fixes what is random in the voice.", valueName: "n"))
    package var seed: UInt64 = 0

    @OptionGroup package var engine: EngineOptions
    @OptionGroup package var quiet: QuietOption

    package init() {}

    package func validate() throws {
        if !(0.5...2).contains(speed) { throw ValidationError("--speed takes 0.5 to 2, not \(speed).") }
        if output.hasSuffix("/") { throw ValidationError("--output takes the name of a file, not of a folder.") }
        if output == "-" { throw ValidationError("--output takes the name of a file; /dev/stdout writes to a pipe.") }
    }

    package func run(in context: CommandContext) async throws {
        let console = context.console
        if quiet.quiet { console.beQuiet() }
        let words = try await spokenText(context)
        let target = FilePath.url(output)
        try AtomicFile(target).discard()
        console.progress(ProgressStep("Loading the voice"))
        let opened = try await ParleyEngine.open(
            ParleyConfiguration(threads: engine.threads, environment: context.environment), capabilities: [.speaking])
        let style = SpeechStyle(voice: voice, speed: speed, seed: seed)
        let speech = try await opened.speak(words, style: style)
        try Task.checkCancellation()
        try speech.write(to: target)
        // The sound itself may be on its way through standard output.
        if !output.hasPrefix("/dev/") { try console.result(output) }
        let first = Int(speech.firstAudio.roundedMilliseconds.rounded())
        console.remark("\(speech.duration.roundedSeconds) s of speech, the first sound after \(first) ms")
    }

    private func spokenText(_ context: CommandContext) async throws -> String {
        guard text == ["-"] else { return text.joined(separator: " ") }
        let input = try await context.console.streams.readInput()
        guard let read = String(data: input, encoding: .utf8) else {
            throw CommandError(.inputNotText, "Standard input is not UTF-8 text; convert it with `iconv -t UTF-8`.")
        }
        return read
    }
}
