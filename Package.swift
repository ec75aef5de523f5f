// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "parley",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Parley", targets: ["Parley"]),
        .executable(name: "parley", targets: ["ParleyCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        // C libraries
        .target(name: "COnnxRuntime"),
        .systemLibrary(name: "CLlama", pkgConfig: "parley-llama"),
        .systemLibrary(name: "CSoxr", providers: [.apt(["libsoxr-dev"]), .brew(["libsoxr"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // Safe Swift over them
        target("OnnxRuntime", ["COnnxRuntime"]),
        target("LlamaRuntime", ["CLlama"]),

        // Values and contracts
        target("ParleyAudio"),
        target("ParleyCodecs", ["ParleyAudio", "CSoxr"]),
        target("ParleyCore", ["ParleyAudio"]),

        // Engines, one folder per model family
        target("ParleyVAD", ["ParleyCore", "ParleyAudio", "OnnxRuntime"]),
        target("ParleySTT", ["ParleyCore", "ParleyAudio", "OnnxRuntime"]),
        target("ParleyTTS", ["ParleyCore", "ParleyAudio", "OnnxRuntime"]),
        target("ParleyLLM", ["ParleyCore", "LlamaRuntime"]),

        // Files, budget, pool; turns and stages: neither knows an engine
        target("ParleyModels", ["ParleyCore", "CZlib", crypto]),
        target("ParleyPipeline", ["ParleyCore", "ParleyAudio"]),

        // The library: the only place that knows everything
        target(
            "Parley",
            [
                "ParleyAudio", "ParleyCodecs", "ParleyCore", "ParleyVAD", "ParleySTT", "ParleyTTS", "ParleyLLM",
                "ParleyModels", "ParleyPipeline", "OnnxRuntime", "LlamaRuntime",
            ]),

        // Programs
        target("ParleyCommands", ["Parley", "ParleyAudio", "ParleyCore", "ParleyModels", argumentParser]),
        .executableTarget(name: "ParleyCLI", dependencies: ["ParleyCommands"], swiftSettings: settings),
        .executableTarget(
            name: "ParleyBenchmarks",
            dependencies: [
                "Parley", "ParleyAudio", "ParleyCodecs", "ParleyCore", "ParleyModels", "ParleySTT", "OnnxRuntime",
                argumentParser,
            ],
            swiftSettings: settings),

        // The lines of the README, run by the tests
        .executableTarget(name: "AskExample", dependencies: ["Parley"], path: "Examples/Ask", swiftSettings: settings),

        // Tests: values and fakes, then real weights, then audio in and audio out
        target("ParleyTesting", ["ParleyCore", "ParleyAudio", "ParleyPipeline", "ParleyModels"]),
        tests("OnnxRuntimeTests", ["OnnxRuntime"]),
        tests("LlamaRuntimeTests", ["LlamaRuntime"]),
        tests("ParleyAudioTests", ["ParleyAudio"]),
        tests("ParleyCodecsTests", ["ParleyCodecs", "ParleyAudio"]),
        tests("ParleyCoreTests", ["ParleyCore", "ParleyTesting"]),
        tests("ParleySTTTests", ["ParleySTT", "ParleyCore", "ParleyAudio"]),
        tests("ParleyTTSTests", ["ParleyTTS", "ParleyCore", "ParleyAudio"]),
        tests("ParleyLLMTests", ["ParleyLLM", "ParleyCore"]),
        tests("ParleyModelsTests", ["ParleyModels", "ParleyCore", "ParleyTesting"]),
        tests("ParleyPipelineTests", ["ParleyPipeline", "ParleyCore", "ParleyAudio", "ParleyTesting"]),
        tests("ParleyCommandsTests", ["ParleyCommands", "ParleyAudio", "ParleyCore"]),
        tests("ParleyBenchmarksTests", ["ParleyBenchmarks"]),
        tests(
            "ModelTests",
            [
                "ParleyVAD", "ParleySTT", "ParleyTTS", "ParleyLLM", "ParleyModels", "ParleyCore", "ParleyAudio",
                "ParleyCodecs", "OnnxRuntime", "LlamaRuntime", "ParleyTesting", "Parley",
            ], resources: [.copy("Goldens")]),
        tests(
            "EndToEndTests", ["Parley", "OnnxRuntime", "ParleyAudio", "ParleyCore", "ParleyModels", "ParleyTesting"]),
    ]
)
