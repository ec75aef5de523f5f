internal import CLlama
internal import Synchronization

/// Keeps llama.cpp from writing to standard error, and its last error lines for error messages.
///
/// llama.cpp has one logger for the process; so has this.
enum LlamaLog {
    /// Error lines kept.
    private static let limit = 8
    private static let lines = Mutex<[String]>([])

    /// Starts the library and takes over its log, once for the process.
    static let ready: Bool = {
        llama_log_set({ level, text, _ in LlamaLog.receive(level, text) }, nil)
        llama_backend_init()
        return true
    }()

    /// Forgets the lines of earlier calls.
    static func clear() { lines.withLock { $0 = [] } }

    /// The error lines since `clear()`, for the end of a sentence: ` (line; line)`, or nothing.
    static func reason() -> String {
        let kept = lines.withLock { $0 }
        return kept.isEmpty ? "" : " (\(kept.joined(separator: "; ")))"
    }

    private static func receive(_ level: ggml_log_level, _ text: UnsafePointer<CChar>?) {
        guard level == GGML_LOG_LEVEL_ERROR, let text else { return }
        var line = String(cString: text)
        while line.last?.isWhitespace == true { line.removeLast() }
        guard !line.isEmpty else { return }
        lines.withLock { lines in
            lines.append(line)
            if lines.count > limit { lines.removeFirst() }
        }
    }
}
