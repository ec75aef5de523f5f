/// What kind of failure an error is; decides the exit code of the command line and the status of the server.
/// The values are those of BSD `sysexits.h`.
package enum FaultKind: Int32, Sendable {
    /// The request is malformed: unknown option, value out of range.
    case usage = 64
    /// The input was read but its content is not usable.
    case badData = 65
    /// An input does not exist or cannot be opened.
    case noInput = 66
    /// Something needed is missing here: a model, a library, the network.
    case unavailable = 69
    /// An internal failure: report it.
    case software = 70
    /// The operating system refused something: memory, threads, files.
    case system = 71
    /// An output cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed half-way.
    case ioFailure = 74
    /// Busy now; the same request may work later.
    case temporary = 75
    /// Not permitted.
    case noPermission = 77
    /// A configuration value is wrong.
    case configuration = 78
}

/// An error that can be shown to a person: every target has one struct of this shape.
package protocol Fault: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    var kind: FaultKind { get }
    /// Stable name of the failure for programs, in kebab case: `wav-unsupported-encoding`.
    var codeName: String { get }
    /// One sentence: what failed, on what, why, and what to do.
    var message: String { get }
    /// What lies beneath, when something does.
    var cause: (any Error)? { get }
}

extension Fault {
    package var description: String { message }
}
