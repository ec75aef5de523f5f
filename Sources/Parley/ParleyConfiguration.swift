public import Foundation

/// What an engine is opened with.
public struct ParleyConfiguration: Sendable {
    /// Name of the set of models: `starter` (the default) or `lfm2`.
    public var profile: String
    /// Cores that all stages share, 1 or more. Two are what the published figures were taken with.
    public var threads: Int
    /// Folder that holds the models and the ONNX Runtime library; `nil` for `parley` in the user's data folder (XDG).
    public var dataFolder: URL?

    /// - Parameters:
    ///   - profile: name of the set of models.
    ///   - threads: cores to share; `nil` takes those of the machine, at most 4, since more does not make speech sooner.
    ///   - dataFolder: where models and libraries are; `nil` for the user's data folder.
    public init(profile: String = "starter", threads: Int? = nil, dataFolder: URL? = nil) {
        self.profile = profile
        self.threads = max(1, threads ?? min(4, ProcessInfo.processInfo.activeProcessorCount))
        self.dataFolder = dataFolder
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
