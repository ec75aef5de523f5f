internal import Foundation

/// Decides where the answers of `talk` are written.
package enum AnswerFiles {
    /// - Parameters:
    ///   - questions: files as given, in order.
    ///   - output: `--output` as given.
    ///   - isFolder: whether a path is an existing folder.
    /// - Returns: one path a question, all different.
    ///
    /// Without `--output`: `NAME.answer.wav` in the current folder. A folder: the same names in it. A file: that file
    /// for one question, `FILE-1.wav`, `FILE-2.wav` … for several.
    package static func paths(
        for questions: [String], output: String?, isFolder: (String) -> Bool
    ) -> [String] {
        guard let output else { return named(after: questions, in: nil) }
        if output.hasSuffix("/") || isFolder(output) { return named(after: questions, in: output) }
        if questions.count == 1 { return [output] }
        let path = output as NSString
        let ending = path.pathExtension.isEmpty ? "wav" : path.pathExtension
        return (1...questions.count).map { "\(path.deletingPathExtension)-\($0).\(ending)" }
    }

    /// - Parameter ending: what takes the place of `.wav`.
    /// - Returns: a name for each file, all different, in the folder or in the current one.
    package static func named(after questions: [String], in folder: String?, ending: String = "answer.wav") -> [String]
    {
        var taken: Set<String> = []
        return questions.map { question in
            let stem = ((question as NSString).lastPathComponent as NSString).deletingPathExtension
            var name = "\(stem).\(ending)"
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(stem)-\(number).\(ending)"
                number += 1
            }
            return folder.map { ($0 as NSString).appendingPathComponent(name) } ?? name
        }
    }
}
