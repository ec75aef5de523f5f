/// All models that Parley knows. Embedded in the code, so that no file has to be found at run time.
package struct Catalogue: Sendable {
    package let entries: [CatalogueEntry]
    package let profiles: [Profile]

    package init(entries: [CatalogueEntry], profiles: [Profile]) {
        self.entries = entries
        self.profiles = profiles
    }

    /// The catalogue of this version of Parley.
    package static let standard = Catalogue(
        entries: [smolLM2, lfm2] + bundles + [whisperBase, hibariHeart, sileroVAD, smartTurn, moonshineRecordings],
        profiles: [
            Profile(name: "starter", thinker: smolLM2.id, audio: "audio-starter", buildSources: bundleSources),
            Profile(name: "lfm2", thinker: lfm2.id, audio: "audio-starter", buildSources: bundleSources),
        ])

    /// - Parameter name: id or alias of an entry.
    /// - Throws: `ModelError` with code `.unknownModel`; the message names the entries there are.
    package func entry(named name: String) throws(ModelError) -> CatalogueEntry {
        if let entry = entries.first(where: { $0.id == name || $0.aliases.contains(name) }) { return entry }
        let known = entries.map(\.id).sorted().joined(separator: ", ")
        throw ModelError(.unknownModel, "There is no model “\(name)” in the catalogue. It has: \(known).")
    }

    /// - Throws: `ModelError` with code `.unknownModel`; the message names the profiles there are.
    package func profile(named name: String) throws(ModelError) -> Profile {
        if let profile = profiles.first(where: { $0.name == name }) { return profile }
        let known = profiles.map(\.name).joined(separator: ", ")
        throw ModelError(.unknownModel, "There is no profile “\(name)”. Use one of: \(known).")
    }

    /// The entries meant by a name: an entry, or everything that a profile needs, sources of its bundle included.
    package func entries(named name: String) throws(ModelError) -> [CatalogueEntry] {
        guard let profile = profiles.first(where: { $0.name == name }) else { return [try entry(named: name)] }
        var found: [CatalogueEntry] = []
        for id in profile.buildSources + profile.requiredEntries { found.append(try entry(named: id)) }
        return found
    }

    /// Whether a word may name an entry or a file: it can then never leave the folder it is put in.
    package static func isSafeName(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= 128 else { return false }
        return name.utf8.allSatisfy {
            isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
