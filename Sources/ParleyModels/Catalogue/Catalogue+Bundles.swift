/// The audio bundles that the forge builds from published weights. `BundleDigests.swift` holds what is in them.
extension Catalogue {
    static let bundleSources = [whisperBase.id, hibariHeart.id, sileroVAD.id, smartTurn.id]

    static let bundles = [
        bundle(
            id: "audio-starter", title: "Audio bundle “starter”, integer weights", command: "make bundle",
            files: BundleDigests.starter),
        bundle(
            id: "audio-starter-fp32", title: "Audio bundle “starter”, FP32 reference",
            command: "scripts/bootstrap --step reference", files: BundleDigests.starterFP32),
    ]

    private static func bundle(
        id: String, title: String, command: String, files: [CatalogueFile]
    ) -> CatalogueEntry {
        CatalogueEntry(
            id: id, title: title,
            roles: [.vad, .turn, .sttEncoder, .sttDecoder, .ttsEncoder, .ttsTalker, .ttsVocoder],
            languages: ["en", "es"],
            licence: Licence(
                "MIT AND Apache-2.0 AND BSD-2-Clause", holder: "OpenAI, Maureese Williams, Silero Team, Daily"),
            files: files, source: .built(command: command, from: bundleSources))
    }
}
