internal import Foundation
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Turns Ctrl-C and SIGTERM into the cancellation of a task. The second signal, or five seconds without an end, ends
/// the process at once: what is unfinished has no name yet, so that nothing half-written stays.
package final class Interruption: Sendable {
    /// Reading and writing end. A constant: the handler may not touch anything that is being made.
    private static let pipeEnds: (read: Int32, write: Int32) = {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }()

    private let received = Atomic<Int32>(0)

    /// How long the work may take to end by itself.
    private static let patience: TimeInterval = 5

    /// Signals count from now on; what to do about them is said by `start`.
    package init() {
        // A handler and not "ignore": programs that are started from here get the default back.
        for signal in [SIGINT, SIGTERM] { Self.install(signal) { Interruption.note($0) } }
        // Writing to a closed pipe is then an error of that write, and not the silent end of the process.
        Self.install(SIGPIPE) { _ in }
    }

    /// The signal that asked for the end; 0 when none did.
    package var signalNumber: Int32 { received.load(ordering: .acquiring) }

    /// - Parameter cancel: called at the first signal, also one that came before, on a thread of its own.
    package func start(_ cancel: @escaping @Sendable () -> Void) {
        let descriptor = Self.pipeEnds.read
        Thread.detachNewThread { [self] in
            while true {
                var number: UInt8 = 0
                guard read(descriptor, &number, 1) == 1 else { continue }
                let code = 128 + Int32(number)
                if received.exchange(Int32(number), ordering: .acquiringAndReleasing) != 0 { _exit(code) }
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: Self.patience)
                    _exit(code)
                }
                cancel()
            }
        }
    }

    private static func note(_ signal: Int32) {
        // Only what POSIX allows in a signal handler.
        let before = errno
        var number = UInt8(truncatingIfNeeded: signal)
        _ = write(pipeEnds.write, &number, 1)
        errno = before
    }

    private static func install(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = handler
        #else
            action.__sigaction_handler.sa_handler = handler
        #endif
        action.sa_flags = SA_RESTART
        sigaction(signal, &action, nil)
    }
}
