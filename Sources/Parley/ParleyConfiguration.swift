public import Foundation

/// What an engine is opened with.
public struct ParleyConfiguration: Sendable {
    /// Name of the set of models: `starter` (the default) or `lfm2`.
    public var profile: String
    /// Cores that all stages share, 1 or more; never more than the process may use, since stages wait for each other. Two are what the published figures were taken with.
    public var threads: Int
    /// Bytes that all models together may take.
    public var memoryBudget: Int64
    /// Whether models run once when they are loaded, so that the first answer is as fast as the next ones. Off where
    /// one recording is all there is to do: it is done sooner then.
    public var warmsUp: Bool
    /// Variables that say where the user's folders are: `XDG_DATA_HOME`, `XDG_CACHE_HOME`.
    public var environment: [String: String]

    /// - Parameters:
    ///   - profile: name of the set of models.
    ///   - threads: cores to share; `nil` takes those of the machine, at most 4, since more does not make speech sooner.
    ///   - memoryBudget: bytes that all models together may take; 840 MiB is what Parley promises to need at most.
    ///   - warmsUp: whether models run once when they are loaded.
    ///   - environment: variables that say where the user's folders are.
    public init(
        profile: String = "starter", threads: Int? = nil, memoryBudget: Int64 = 840 << 20, warmsUp: Bool = true,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.profile = profile
        self.threads = max(1, min(threads ?? 4, ProcessInfo.processInfo.activeProcessorCount))
        self.memoryBudget = memoryBudget
        self.warmsUp = warmsUp
        self.environment = environment
    }
}

/// What an engine can do; each needs other models.
public enum ParleyCapability: String, Sendable, CaseIterable {
    /// Finding speech in audio and recognising its words.
    case hearing
    /// Writing a reply.
    case thinking
    /// Speaking text.
    case speaking
}
