internal import Foundation

/// Output of the programs here: whole lines, written at once.
enum Terminal {
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

extension Duration {
    /// As a number of seconds, for figures and JSON.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
    /// As a number of milliseconds, for figures and JSON.
    var inMilliseconds: Double { inSeconds * 1000 }
}
