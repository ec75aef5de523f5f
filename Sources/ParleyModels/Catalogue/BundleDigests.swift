/// Size and SHA-256 of every file of the audio bundles, which the forge reproduces byte for byte.
/// Written by `scripts/bundle-digests --write`; run it after every change of the forge.
enum BundleDigests {
    static let starter: [CatalogueFile] = [
        CatalogueFile(
            "audio.weights", bytes: 100_425_728,
            sha256: "463f6390baeec81fa0ed920aaa836865c1687f8863c2cfae23e08b31c56498ef"),
        CatalogueFile(
            "bundle.json", bytes: 7_713,
            sha256: "a06d96b8b09b799f9d863c867086af553d1a4592c920f3a48aa0c1980c102064"),
        CatalogueFile(
            "stt.decoder.onnx", bytes: 34_849,
            sha256: "5f318b1ac68c5bc227bd2142a375c9f37e910fcd2181f8d0896da966a60b753d"),
        CatalogueFile(
            "stt.encoder.onnx", bytes: 27_690,
            sha256: "4694f4c06f536ee2c522a7202012f15323c712f8e16db695a84ac1c06289f342"),
        CatalogueFile(
            "stt.vocabulary", bytes: 514_525,
            sha256: "7b018e1e4f8ac16c37165610d6335469ab4d42bbe96aa96f538005446dd0b56e"),
        CatalogueFile(
            "tts.oov.onnx", bytes: 51_095,
            sha256: "e0878db663d1d6813be3cf7341687d8e3f119e9c1d393ce8344f991c8c1a0e47"),
        CatalogueFile(
            "tts.tables", bytes: 6_827_114,
            sha256: "d9b1391f647b5b69e4462522cfc2eea3f63683351281f45109cc5fc1019a3a38"),
        CatalogueFile(
            "tts.voice.onnx", bytes: 381_374,
            sha256: "f08850ab67f01e6a04b1bcb65aa5f43a35bf99d97b16533e5d0d87863ccb117b"),
        CatalogueFile(
            "turn.onnx", bytes: 95_081,
            sha256: "ab055d2e013beca2bd0de17168c0533d980d59b1f87c0390930e0210390bab52"),
        CatalogueFile(
            "vad.onnx", bytes: 53_648,
            sha256: "6847564c60b02184053da52488067bd2daa178ae5d4f0c9a025846dfe9fa75a6"),
    ]

    static let starterFP32: [CatalogueFile] = [
        CatalogueFile(
            "audio.weights", bytes: 307_793_920,
            sha256: "981391a48b222ac93fb3052aed8059edeeb6e3ca7a27d9995ab9d93bc9759cd7"),
        CatalogueFile(
            "bundle.json", bytes: 7_699,
            sha256: "da0859a0f8e74a3aac71b3124f3e804ea1c91e3a1ad1f76a0a9fe8304142c78e"),
        CatalogueFile(
            "stt.decoder.onnx", bytes: 28_427,
            sha256: "369210291b45c5fb25821de127f8ce4f63336967acd7186f6441251f0a26f782"),
        CatalogueFile(
            "stt.encoder.onnx", bytes: 22_314,
            sha256: "3e44544cc696283dfd704a9dc7026c1513693f71b9711a70646be3467321c046"),
        CatalogueFile(
            "stt.vocabulary", bytes: 514_525,
            sha256: "7b018e1e4f8ac16c37165610d6335469ab4d42bbe96aa96f538005446dd0b56e"),
        CatalogueFile(
            "tts.oov.onnx", bytes: 51_095,
            sha256: "e0878db663d1d6813be3cf7341687d8e3f119e9c1d393ce8344f991c8c1a0e47"),
        CatalogueFile(
            "tts.tables", bytes: 6_827_114,
            sha256: "d9b1391f647b5b69e4462522cfc2eea3f63683351281f45109cc5fc1019a3a38"),
        CatalogueFile(
            "tts.voice.onnx", bytes: 381_374,
            sha256: "f08850ab67f01e6a04b1bcb65aa5f43a35bf99d97b16533e5d0d87863ccb117b"),
        CatalogueFile(
            "turn.onnx", bytes: 95_081,
            sha256: "ab055d2e013beca2bd0de17168c0533d980d59b1f87c0390930e0210390bab52"),
        CatalogueFile(
            "vad.onnx", bytes: 53_648,
            sha256: "6847564c60b02184053da52488067bd2daa178ae5d4f0c9a025846dfe9fa75a6"),
    ]
}
