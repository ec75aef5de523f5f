internal import Foundation

/// What the processor is and can do.
package struct ProcessorFacts: Sendable, Equatable {
    /// "AMD EPYC 9B45"; empty when the system does not say.
    package let name: String
    /// Those that matter for inference, the oldest first.
    package let features: [String]

    /// Instruction sets that the kernels use, by their name in `/proc/cpuinfo`, for x86-64 and for arm64.
    private static let known: [(flag: String, name: String)] = [
        ("avx", "AVX"), ("avx2", "AVX2"), ("fma", "FMA"), ("f16c", "F16C"), ("avx_vnni", "AVX-VNNI"),
        ("avx512f", "AVX-512"), ("avx512_vnni", "AVX-512 VNNI"), ("avx512_bf16", "AVX-512 BF16"),
        ("amx_int8", "AMX INT8"), ("asimd", "NEON"), ("asimddp", "dot product"), ("i8mm", "I8MM"), ("sve", "SVE"),
    ]

    /// - Parameter text: content of Linux's `/proc/cpuinfo`.
    package init(processorInformation text: String) {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, values[parts[0]] == nil { values[parts[0]] = parts[1] }
        }
        name = values["model name"] ?? values["Processor"] ?? ""
        let flags = Set((values["flags"] ?? values["Features"] ?? "").split(separator: " ").map(String.init))
        features = Self.known.filter { flags.contains($0.flag) }.map(\.name)
    }

    /// Whether an x86-64 processor lacks what the kernels are fast with; others are taken as they are.
    package var isSlow: Bool { !features.contains("NEON") && !features.contains("AVX2") && !name.isEmpty }

    /// What a llama.cpp built for `built` means on this processor.
    /// - Parameter built: names of ggml: "AVX512_VNNI".
    /// - Returns: features that it uses and that are not here, then those that are here and that it does not use.
    package func difference(toBuild built: [String]) -> (absent: [String], unused: [String]) {
        let pairs = [
            ("AVX", "AVX"), ("AVX2", "AVX2"), ("FMA", "FMA"), ("F16C", "F16C"), ("AVX_VNNI", "AVX-VNNI"),
            ("AVX512", "AVX-512"), ("AVX512_VNNI", "AVX-512 VNNI"), ("AVX512_BF16", "AVX-512 BF16"),
        ]
        if features.isEmpty { return ([], []) }
        return (
            pairs.filter { built.contains($0.0) && !features.contains($0.1) }.map(\.1),
            pairs.filter { !built.contains($0.0) && features.contains($0.1) }.map(\.1)
        )
    }
}
