internal import Foundation
internal import ParleyCore

/// What the exit code of `parley` means: BSD `sysexits.h`, and 128 plus the number of the signal that ended it.
package struct ExitCode: Sendable, Equatable {
    package let number: Int32
    /// What it says to the user, in a few words.
    package let meaning: String

    /// Stopped with Ctrl-C.
    package static let interrupted = ExitCode(number: 130, meaning: "stopped with Ctrl-C; nothing half-written is left")
    /// The reader of a pipe went away.
    package static let pipeClosed = ExitCode(number: 141, meaning: "the reader of the output went away")

    /// Every code there is, in order; shown by `parley help`.
    package static let all: [ExitCode] =
        [
            ExitCode(number: 0, meaning: "all is well"),
            ExitCode(FaultKind.usage, "the command line is wrong"),
            ExitCode(FaultKind.badData, "an input is not usable: not WAV, damaged, too long"),
            ExitCode(FaultKind.noInput, "an input does not exist"),
            ExitCode(FaultKind.unavailable, "something is missing: a model, a library, the network"),
            ExitCode(FaultKind.software, "a fault of Parley: please report it"),
            ExitCode(FaultKind.system, "the system refused memory, threads or files"),
            ExitCode(FaultKind.cannotCreate, "an output cannot be created"),
            ExitCode(FaultKind.ioFailure, "reading or writing failed half-way"),
            ExitCode(FaultKind.temporary, "busy: try again later"),
            ExitCode(FaultKind.noPermission, "not permitted"),
            ExitCode(FaultKind.configuration, "a setting is wrong"),
            interrupted, pipeClosed, ExitCode(number: 143, meaning: "ended by the system (SIGTERM)"),
        ]

    /// The table of `parley help`.
    package static let table: String = all.map { "  \($0.number)".padding(to: 7) + $0.meaning }.joined(separator: "\n")

    /// The code for a failure of a command.
    package static func number(of error: any Error) -> Int32 {
        switch error {
        case let fault as any Fault: fault.kind.rawValue
        case is CancellationError: interrupted.number
        case is OutputClosed: pipeClosed.number
        default: FaultKind.software.rawValue
        }
    }

    /// The sentence for a failure of a command.
    package static func message(of error: any Error) -> String {
        switch error {
        case let fault as any Fault: fault.message
        default: "Something failed that Parley did not expect: \(error). Please report it."
        }
    }

    private init(_ kind: FaultKind, _ meaning: String) {
        self.init(number: kind.rawValue, meaning: meaning)
    }

    private init(number: Int32, meaning: String) {
        self.number = number
        self.meaning = meaning
    }
}

/// Nobody reads standard output any more: the end of the work, but no failure to talk about.
struct OutputClosed: Error {}
