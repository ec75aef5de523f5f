/// Size and SHA-256 of every file of the audio bundles, which the forge reproduces byte for byte.
/// Written by `scripts/bundle-digests --write`; run it after every change of the forge.
enum BundleDigests {
    static let starter: [CatalogueFile] = []

    static let starterFP32: [CatalogueFile] = []
}
