internal import Foundation

/// A kind of file that is not read, and what turns it into one that is.
struct ForeignFormat {
    enum Tool {
        /// Reads uncompressed audio, FLAC, Ogg and MP3.
        case sox
        /// Reads everything, video too.
        case ffmpeg
        /// Nothing does: the file is not audio.
        case none
    }

    /// "FLAC"
    let what: String
    let tool: Tool

    /// Names a file by its first bytes.
    /// - Parameter start: up to 64 bytes.
    static func refusal(start: [UInt8], name: String) -> AudioError {
        if start.isEmpty {
            return AudioError(.unsupportedFormat, "\(name) is empty; give a WAV file.")
        }
        return (container(start) ?? ForeignFormat(what: "not audio that Parley knows", tool: .none)).refusal(name: name)
    }

    /// "question.flac is FLAC, … `sox question.flac -b 16 question.wav`."
    func refusal(name: String) -> AudioError {
        let target = Self.quoted(Self.convertedName(name))
        let source = Self.quoted(name)
        let reads = "only WAV with 16-bit PCM or float samples is read"
        let message =
            switch tool {
            case .sox: "\(name) is \(what), and \(reads); convert it with `sox \(source) -b 16 \(target)`."
            case .ffmpeg:
                "\(name) is \(what), and \(reads); convert it with `ffmpeg -i \(source) -c:a pcm_s16le \(target)`."
            case .none: "\(name) is \(what): \(reads)."
            }
        return AudioError(.unsupportedFormat, message)
    }

    private static func container(_ start: [UInt8]) -> ForeignFormat? {
        if start.matches("RIFF", at: 0) {
            if start.count < 12 { return ForeignFormat(what: "cut off after \(start.count) bytes", tool: .none) }
            if start.matches("AVI ", at: 8) { return ForeignFormat(what: "AVI video", tool: .ffmpeg) }
            return ForeignFormat(what: "RIFF, but not WAV", tool: .ffmpeg)
        }
        if start.matches("OggS", at: 0) { return ForeignFormat(what: ogg(start), tool: .ffmpeg) }
        if start.matches("ftyp", at: 4) { return ForeignFormat(what: "MP4 or M4A", tool: .ffmpeg) }
        for (letters, what, tool) in signatures where start.matches(letters, at: 0) {
            return ForeignFormat(what: what, tool: tool)
        }
        if start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            return ForeignFormat(what: "WebM or Matroska", tool: .ffmpeg)
        }
        if start.starts(with: [0x30, 0x26, 0xB2, 0x75]) { return ForeignFormat(what: "WMA", tool: .ffmpeg) }
        return mpeg(start)
    }

    private static let signatures: [(String, String, Tool)] = [
        ("fLaC", "FLAC", .sox), ("ID3", "MP3", .ffmpeg), ("RIFX", "big-endian WAV (RIFX)", .sox),
        ("RF64", "RF64", .ffmpeg), ("BW64", "BW64", .ffmpeg), ("riff", "Wave64", .ffmpeg), ("FORM", "AIFF", .sox),
        (".snd", "AU", .sox), ("caff", "CAF", .ffmpeg), ("#!AMR", "AMR", .ffmpeg),
    ]

    private static func ogg(_ start: [UInt8]) -> String {
        if start.matches("OpusHead", at: 28) { return "Ogg Opus" }
        if start.matches("vorbis", at: 29) { return "Ogg Vorbis" }
        return "Ogg"
    }

    /// Frames without a header before them: eleven bits set, then the layer. ADTS AAC has layer 0.
    private static func mpeg(_ start: [UInt8]) -> ForeignFormat? {
        guard start.count >= 2, start[0] == 0xFF, start[1] & 0xE0 == 0xE0 else { return nil }
        return ForeignFormat(what: start[1] & 0x06 == 0 ? "AAC" : "MP3", tool: .ffmpeg)
    }

    /// `a/b.flac` becomes `a/b.wav`, `a/b.wav` becomes `a/b-16.wav`.
    private static func convertedName(_ name: String) -> String {
        let path = name as NSString
        let stem = path.deletingPathExtension
        return path.pathExtension.lowercased() == "wav" ? stem + "-16.wav" : stem + ".wav"
    }

    /// For a shell.
    private static func quoted(_ name: String) -> String {
        let plain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
        }
        return plain ? name : "'" + name.replacing("'", with: "'\\''") + "'"
    }
}
