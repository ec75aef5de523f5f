/// Who needs cores first. Higher values win.
package enum ComputePriority: Int, Sendable, Comparable, CaseIterable {
    /// Work nobody waits for: warm-up, summaries.
    case background
    /// The language model: it has slack while a clause plays.
    case thinking
    /// Recognition: it has a cadence to keep.
    case recognition
    /// The voice: a late chunk is heard as a gap.
    case playback

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Decides who may compute: a value without clocks, threads or tasks.
///
/// A request is granted when its cores are free and nobody of higher priority, or of the same priority and earlier, waits.
package struct CoreLedger: Sendable {
    package typealias Ticket = UInt64

    package struct Waiter: Sendable, Equatable {
        package let ticket: Ticket
        package let cores: Int
        package let priority: ComputePriority
    }

    /// Cores there are.
    package let cores: Int
    /// Cores nobody holds.
    package private(set) var free: Int
    /// Highest priority first, then order of arrival.
    package private(set) var waiting: [Waiter] = []
    private var nextTicket: Ticket = 0

    package init(cores: Int) {
        precondition(cores > 0, "a machine has at least one core")
        self.cores = cores
        self.free = cores
    }

    /// Takes the cores at once, when that is fair.
    /// - Returns: how many cores were taken, `nil` when the caller must wait.
    package mutating func take(_ wanted: Int, _ priority: ComputePriority) -> Int? {
        let wanted = clamp(wanted)
        guard wanted <= free, !waiting.contains(where: { $0.priority >= priority }) else { return nil }
        free -= wanted
        return wanted
    }

    /// Queues a request that `take` could not grant.
    package mutating func wait(_ wanted: Int, _ priority: ComputePriority) -> Ticket {
        nextTicket += 1
        let waiter = Waiter(ticket: nextTicket, cores: clamp(wanted), priority: priority)
        let index = waiting.firstIndex { $0.priority < priority } ?? waiting.endIndex
        waiting.insert(waiter, at: index)
        return nextTicket
    }

    /// Gives cores back.
    /// - Returns: the waiters that now hold theirs.
    package mutating func release(_ count: Int) -> [Waiter] {
        free = min(cores, free + count)
        return grant()
    }

    /// Removes a waiter that gave up.
    /// - Returns: whether it was still waiting, and the waiters that now hold their cores.
    package mutating func abandon(_ ticket: Ticket) -> (wasWaiting: Bool, granted: [Waiter]) {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return (false, []) }
        waiting.remove(at: index)
        return (true, grant())
    }

    private mutating func grant() -> [Waiter] {
        var granted: [Waiter] = []
        while let first = waiting.first, first.cores <= free {
            free -= first.cores
            granted.append(waiting.removeFirst())
        }
        return granted
    }

    private func clamp(_ wanted: Int) -> Int { max(1, min(wanted, cores)) }
}
