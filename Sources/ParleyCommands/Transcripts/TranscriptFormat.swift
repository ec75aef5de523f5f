internal import ArgumentParser

/// Form in which `parley transcribe` writes words down.
package enum TranscriptFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case srt
    case vtt

    /// Whether it is a form of subtitles: one recording a file.
    package var isSubtitles: Bool { self == .srt || self == .vtt }

    /// How names of its files end.
    package var ending: String { self == .text ? "txt" : rawValue }
}
