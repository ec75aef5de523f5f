/// Size and SHA-256 of every file of the audio bundles, which the forge reproduces byte for byte.
/// Written by `scripts/bundle-digests --write`; run it after every change of the forge.
enum BundleDigests {
    static let starter: [CatalogueFile] = [
        CatalogueFile(
            "audio.weights", bytes: 90_255_360,
            sha256: "5dcc574218eb26cee7fa6db53b0968eee5cf58c78a6cfa6d2a14ddf4cd5218d8"),
        CatalogueFile(
            "bundle.json", bytes: 7_711,
            sha256: "41d30629a96eef548ed7f0fb6b971b53b28b2ca3da24437823be326c64c1ad3e"),
        CatalogueFile(
            "stt.decoder.onnx", bytes: 36_805,
            sha256: "2ef30a60aa90acfb7ff337849d930277b7c199454a740e4c010e737bcc7f2a3f"),
        CatalogueFile(
            "stt.encoder.onnx", bytes: 30_665,
            sha256: "6dec19bdc4a5e12b2f151fca5cda70f9e851dfd405fcd20b6fd5b8ab0c343629"),
        CatalogueFile(
            "stt.vocabulary", bytes: 514_525,
            sha256: "7b018e1e4f8ac16c37165610d6335469ab4d42bbe96aa96f538005446dd0b56e"),
        CatalogueFile(
            "tts.oov.onnx", bytes: 57_737,
            sha256: "da8738fe9fa37a993f53b17f2aa0746d32d1fd6345afbdd8de40ffecafbd726d"),
        CatalogueFile(
            "tts.tables", bytes: 6_827_114,
            sha256: "d9b1391f647b5b69e4462522cfc2eea3f63683351281f45109cc5fc1019a3a38"),
        CatalogueFile(
            "tts.voice.onnx", bytes: 386_809,
            sha256: "6935bbdebb262bc2878cf66b6948f9680b7bd090fd6063e8dd7b488264a0f8a2"),
        CatalogueFile(
            "turn.onnx", bytes: 95_081,
            sha256: "ab055d2e013beca2bd0de17168c0533d980d59b1f87c0390930e0210390bab52"),
        CatalogueFile(
            "vad.onnx", bytes: 4_999,
            sha256: "172c9467b0938131e73d62f131e7d816267cbbc81c4b70e688e90844d330b82e"),
    ]

    static let starterFP32: [CatalogueFile] = [
        CatalogueFile(
            "audio.weights", bytes: 305_795_072,
            sha256: "1834b852d53288a0dd7bf697d9fe0e70d71a6e3d1dadd2397bcbdf7510c2a44c"),
        CatalogueFile(
            "bundle.json", bytes: 7_698,
            sha256: "70367536753c7c0eb3f3a9f7cf5a925379845e97886a555cd32015e38a996241"),
        CatalogueFile(
            "stt.decoder.onnx", bytes: 28_427,
            sha256: "c1b3b1f5ac03bc04facfbcc6543d5e1e3c91d5023f3994ce699f344eb77d240b"),
        CatalogueFile(
            "stt.encoder.onnx", bytes: 24_371,
            sha256: "a584dd7b399742a2900ec49821977b61490dc79c7b3b0dc96ff607ee069bf34e"),
        CatalogueFile(
            "stt.vocabulary", bytes: 514_525,
            sha256: "7b018e1e4f8ac16c37165610d6335469ab4d42bbe96aa96f538005446dd0b56e"),
        CatalogueFile(
            "tts.oov.onnx", bytes: 57_737,
            sha256: "da8738fe9fa37a993f53b17f2aa0746d32d1fd6345afbdd8de40ffecafbd726d"),
        CatalogueFile(
            "tts.tables", bytes: 6_827_114,
            sha256: "d9b1391f647b5b69e4462522cfc2eea3f63683351281f45109cc5fc1019a3a38"),
        CatalogueFile(
            "tts.voice.onnx", bytes: 386_809,
            sha256: "6935bbdebb262bc2878cf66b6948f9680b7bd090fd6063e8dd7b488264a0f8a2"),
        CatalogueFile(
            "turn.onnx", bytes: 95_081,
            sha256: "ab055d2e013beca2bd0de17168c0533d980d59b1f87c0390930e0210390bab52"),
        CatalogueFile(
            "vad.onnx", bytes: 4_999,
            sha256: "172c9467b0938131e73d62f131e7d816267cbbc81c4b70e688e90844d330b82e"),
    ]
}
