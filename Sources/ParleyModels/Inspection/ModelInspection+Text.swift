extension ModelInspection {
    /// The inspection for people, a fact a line.
    package var text: String {
        var lines = ["format        \(format.rawValue) \(version)"]
        if let architecture { lines.append("architecture  \(Self.printable(architecture))") }
        if let producer { lines.append("producer      \(Self.printable(producer))") }
        lines.append("file          \(fileBytes) bytes")
        lines.append("parameters    \(parameters) in \(tensors) tensors, \(weightBytes) bytes")
        if !operatorSets.isEmpty {
            lines.append(
                "opset         " + operatorSets.map { "\(Self.printable($0.name)) \($0.count)" }.joined(separator: ", ")
            )
        }
        lines += section("inputs", inputs.map(\.text))
        lines += section("outputs", outputs.map(\.text))
        lines += section("operators", operators.map { "\($0.count) × \(Self.printable($0.name))" })
        lines += section(
            "weights",
            weights.map { "\($0.type): \($0.tensors) tensors, \($0.parameters) parameters, \($0.bytes) bytes" })
        lines += section(
            "external files",
            externalFiles.map {
                "\($0.name): \($0.usedBytes) bytes used of \($0.bytes.map(String.init) ?? "a missing file")"
            })
        lines += section(
            "metadata", metadata.map { "\(Self.printable($0.key)) (\($0.type)): \(Self.printable($0.value))" })
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["\(title):"] + lines.map { "  " + $0 }
    }

    /// On one line, without control characters: the text comes from a file that anyone may have made.
    fileprivate static func printable(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(200).map { scalar in
            scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return shown.joined() + (text.unicodeScalars.count > 200 ? "…" : "")
    }
}

extension ModelInspection.Value {
    fileprivate var text: String {
        let sizes = shape.map { "[" + $0.map(ModelInspection.printable).joined(separator: ", ") + "]" } ?? ""
        return "\(ModelInspection.printable(name)): \(type)\(sizes)"
    }
}
