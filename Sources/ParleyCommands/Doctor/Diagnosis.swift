internal import Foundation
internal import Parley
internal import ParleyModels

/// Looks at everything that Parley needs. Every check stands alone: what is missing never stops the next one.
struct Diagnosis {
    private let context: CommandContext
    private let profile: String

    /// Memory that the starter profile takes, rounded up, in bytes.
    private static let comfortableMemory: Int64 = 1_000_000_000

    init(_ context: CommandContext, profile: String) {
        self.context = context
        self.profile = profile
    }

    /// - Throws: `ModelError` with code `.unknownModel` for an unknown profile.
    func report() throws -> DoctorReport {
        let facts = Self.processorFacts()
        let native = libraries() + [llama(facts)]
        let checks = [processor(facts), memory()] + native + (try models()) + folders() + [packedWeights(), python()]
        return DoctorReport(version: ParleyVersion.current, checks: checks)
    }

    private static func processorFacts() -> ProcessorFacts {
        ProcessorFacts(processorInformation: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")
    }

    private func processor(_ facts: ProcessorFacts) -> DoctorReport.Check {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let detail = ["\(cores) cores", facts.name, facts.features.joined(separator: ", ")]
            .filter { !$0.isEmpty }.joined(separator: "; ")
        guard facts.isSlow else { return .init("processor", .ok, detail) }
        return .init(
            "processor", .warning, detail,
            remedy: "Without AVX2 answers take several times longer; use a newer processor.")
    }

    private func memory() -> DoctorReport.Check {
        let total = Int64(ProcessInfo.processInfo.physicalMemory)
        let information = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        guard let available = PeakMemory.kibibytes("MemAvailable", in: information).map({ $0 * 1_024 }) else {
            return .init("memory", .ok, "\(ByteCount.text(total)) in all")
        }
        let detail = "\(ByteCount.text(available)) free of \(ByteCount.text(total))"
        guard available < Self.comfortableMemory else { return .init("memory", .ok, detail) }
        return .init("memory", .warning, detail, remedy: "Close other programs: models may not fit.")
    }

    private func libraries() -> [DoctorReport.Check] {
        NativeLibraries.look(context.locations).map { library in
            guard let remedy = library.remedy else { return .init(library.name, .ok, library.detail) }
            return .init(library.name, .missing, library.detail, remedy: remedy)
        }
    }

    /// Linked into the program: always here, but perhaps built for another processor.
    private func llama(_ facts: ProcessorFacts) -> DoctorReport.Check {
        let built = NativeLibraries.llamaFeatures()
        let (absent, unused) = facts.difference(toBuild: built)
        let detail = "built for \(built.joined(separator: ", "))"
        if !absent.isEmpty {
            return .init(
                "llama.cpp", .missing,
                "built for \(absent.joined(separator: ", ")), which this processor does not have",
                remedy: "Run `scripts/bootstrap` on this machine.")
        }
        if !unused.isEmpty {
            return .init(
                "llama.cpp", .warning, "built without \(unused.joined(separator: ", ")), which this processor has",
                remedy: "Run `scripts/bootstrap` on this machine.")
        }
        return .init("llama.cpp", .ok, detail)
    }

    private func models() throws -> [DoctorReport.Check] {
        let store = context.store()
        return try store.catalogue.profile(named: profile).requiredEntries.map { id in
            let entry = try store.catalogue.entry(named: id)
            let status = store.status(of: entry)
            let detail = "\(status.state.rawValue), \(ByteCount.text(status.bytes)), \(status.folder)"
            switch status.state {
            case .present: return .init("model \(id)", .ok, detail)
            case .unverified:
                return .init("model \(id)", .warning, detail, remedy: "Run `parley models verify \(id)`.")
            case .incomplete, .missing:
                let command =
                    if case .built(let command, _) = entry.source { command } else { "parley models pull \(id)" }
                return .init("model \(id)", .missing, detail, remedy: "Run `\(command)`.")
            }
        }
    }

    private func folders() -> [DoctorReport.Check] {
        [("models folder", context.locations.models), ("cache folder", context.locations.downloads)].map { name, path in
            let existing = Self.existingPart(of: path)
            guard FileManager.default.isWritableFile(atPath: existing) else {
                return .init(
                    name, .warning, "\(path) cannot be written",
                    remedy: "Models can be used but not fetched; give this user the right to write \(existing).")
            }
            return .init(name, .ok, path)
        }
    }

    private func packedWeights() -> DoctorReport.Check {
        let packed = PackedWeights(context.locations)
        if packed.bytes > 0 {
            return .init("packed weights", .ok, "\(ByteCount.text(packed.bytes)), \(packed.folder)")
        }
        guard let obstacle = packed.obstacle else {
            return .init("packed weights", .ok, "made when speech is first recognised, \(packed.folder)")
        }
        return .init(
            "packed weights", .warning, obstacle,
            remedy: "Recognition works and takes 75 MB more memory; make room, or give this user the right to write.")
    }

    /// pip fetches models; it is looked for, not started.
    private func python() -> DoctorReport.Check {
        let path = (context.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
        let own = context.locations.forge + "/bin/python"
        guard let found = (path + [own]).first(where: FileManager.default.isExecutableFile(atPath:)) else {
            return .init(
                "python3", .warning, "not found",
                remedy: "Models cannot be fetched; install it with `sudo apt install python3 python3-pip`.")
        }
        return .init("python3", .ok, found)
    }

    /// The path itself, or the nearest folder above it that exists.
    private static func existingPart(of path: String) -> String {
        var path = path as NSString
        while path.length > 1 && !FileManager.default.fileExists(atPath: path as String) {
            path = path.deletingLastPathComponent as NSString
        }
        return path as String
    }
}
