import Foundation
import ParleyAudio
import ParleyCommands
import Testing

/// Commands that need no model, in a home where there is nothing.
@Suite("Commands")
struct CommandTests {
    @Test("mistakes in files are found before a model is loaded")
    func missingFile() async throws {
        for command in ["talk", "transcribe"] {
            let recorder = try Recorder()
            #expect(await recorder.run([command, "/nowhere/q.wav"]) == 66)
            #expect(recorder.errorText == "parley: There is no file /nowhere/q.wav.\n")
            let folder = try Recorder()
            #expect(await folder.run([command, folder.home.path]) == 66)
            #expect(folder.errorText.hasSuffix("is a folder; give the audio files in it.\n"))
        }
    }

    @Test("another format is named with the way out")
    func foreignFormat() async throws {
        let recorder = try Recorder()
        let file = recorder.home.appending(path: "song.flac")
        try Data("fLaC00000000".utf8).write(to: file)
        #expect(await recorder.run(["transcribe", file.path]) == 65)
        #expect(recorder.errorText.contains("is FLAC,"))
        #expect(recorder.errorText.contains("convert it with `sox "))
    }

    @Test("an output that cannot be created is found before a model is loaded")
    func output() async throws {
        let recorder = try Recorder()
        #expect(await recorder.run(["speak", "hi", "--output", "/nowhere/a.wav"]) == 73)
        #expect(
            recorder.errorText
                == "parley: Cannot create /nowhere/a.wav: the folder /nowhere does not exist; create it first.\n")
    }

    @Test("an answer is never written over a question, whatever name the question has")
    func overwriting() async throws {
        let recorder = try Recorder()
        let question = recorder.home.appending(path: "question.wav")
        let sound = AudioChunk(samples: [Float](repeating: 0.1, count: 1600), sampleRate: 16_000)
        try WAVWriter.write(sound, to: question)
        let link = recorder.home.appending(path: "link.wav")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: question)
        let before = try Data(contentsOf: question)
        let inputs = [
            [question.path, "--output", question.path], [question.path, "--output", link.path],
            [link.path, "--output", question.path], [question.path, "--report", question.path],
        ]
        for arguments in inputs {
            #expect(await recorder.run(["talk"] + arguments) == 64)
            #expect(recorder.errorText.hasSuffix(": it is one of the inputs. Choose another name.\n"))
        }
        let both = recorder.home.appending(path: "a.wav").path
        #expect(await recorder.run(["talk", question.path, "--output", both, "--report", both]) == 64)
        #expect(try Data(contentsOf: question) == before)
    }

    @Test("a missing model is named with the command that fetches it")
    func missingModel() async throws {
        let recorder = try Recorder()
        let target = recorder.home.appending(path: "a.wav").path
        #expect(await recorder.run(["speak", "hi", "--quiet", "--output", target]) == 69)
        #expect(recorder.errorText.hasPrefix("parley: ") && recorder.errorText.contains("Run `"))
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test("standard input that is not text is refused")
    func notText() async throws {
        let recorder = try Recorder(input: Data([0xFF, 0xFE, 0x00]))
        #expect(await recorder.run(["speak", "-"]) == 65)
        #expect(recorder.errorText.contains("is not UTF-8 text"))
    }

    @Test("models list names every entry, as a table and as JSON")
    func list() async throws {
        let table = try Recorder()
        #expect(await table.run(["models", "list"]) == 0)
        #expect(table.outputText.hasPrefix("NAME "))
        #expect(table.outputText.contains("audio-starter  "))
        #expect(!table.outputText.contains(" \n"))
        let json = try Recorder()
        #expect(await json.run(["models", "list", "--format", "json"]) == 0)
        let parsed = try JSONSerialization.jsonObject(with: Data(json.outputText.utf8))
        let entries = try #require(parsed as? [[String: Any]])
        #expect(entries.count >= 7)
        let keys: Set = [
            "id", "title", "aliases", "roles", "languages", "licence", "bytes", "state", "folder", "source",
        ]
        #expect(entries.allSatisfy { Set($0.keys) == keys && $0["state"] as? String == "missing" })
    }

    @Test("a model that is not there has no path, an unknown one is named")
    func path() async throws {
        let missing = try Recorder()
        #expect(await missing.run(["models", "path", "smollm2-135m-instruct-q4_1"]) == 69)
        #expect(missing.errorText.contains("parley models pull smollm2-135m-instruct-q4_1"))
        let unknown = try Recorder()
        #expect(await unknown.run(["models", "path", "nope"]) == 64)
        #expect(unknown.errorText.contains("audio-starter"))
    }

    @Test("a profile can be verified as a whole")
    func verifyProfile() async throws {
        let recorder = try Recorder()
        #expect(await recorder.run(["models", "verify", "starter"]) == 69)
        #expect(recorder.errorText.contains("audio-starter"))
    }

    @Test("doctor starts without anything, says what is missing and what to do")
    func doctor() async throws {
        let text = try Recorder()
        #expect(await text.run(["doctor"]) == 69)
        #expect(text.outputText.contains("missing  model audio-starter"))
        #expect(text.outputText.contains("Run `parley models pull smollm2-135m-instruct-q4_1`."))
        #expect(text.errorText.hasPrefix("parley: Missing: "))
        let json = try Recorder()
        #expect(await json.run(["doctor", "--format", "json"]) == 69)
        let report = try JSONDecoder().decode(DoctorReport.self, from: Data(json.outputText.utf8))
        #expect(!report.healthy && report.version == ParleyVersion.current)
        #expect(report.checks.filter { $0.status != .ok }.allSatisfy { $0.remedy?.isEmpty == false })
        for name in ["processor", "memory", "onnxruntime", "libsoxr", "llama.cpp", "models folder", "cache folder"] {
            #expect(report.checks.contains { $0.name == name }, "doctor does not look at \(name)")
        }
    }

    @Test("an unknown profile is refused everywhere")
    func profile() async throws {
        let recorder = try Recorder()
        #expect(await recorder.run(["doctor", "--profile", "nope"]) == 64)
        #expect(recorder.errorText.contains("Use one of: starter"))
    }
}

@Suite("Processor")
struct ProcessorTests {
    @Test("features are read from Linux's file, for both families")
    func features() {
        let x86 = ProcessorFacts(
            processorInformation: """
                processor\t: 0
                model name\t: AMD EPYC 9B45
                flags\t\t: fpu sse2 avx avx2 fma avx512f avx512_vnni

                processor\t: 1
                model name\t: another
                """)
        #expect(x86.name == "AMD EPYC 9B45" && x86.features == ["AVX", "AVX2", "FMA", "AVX-512", "AVX-512 VNNI"])
        #expect(!x86.isSlow)
        let old = ProcessorFacts(processorInformation: "model name : Old\nflags : sse2 avx")
        #expect(old.isSlow)
        let arm = ProcessorFacts(processorInformation: "Features\t: fp asimd asimddp i8mm")
        #expect(arm.features == ["NEON", "dot product", "I8MM"] && !arm.isSlow)
        #expect(ProcessorFacts(processorInformation: "").features == [])
    }

    @Test("a llama.cpp built for another processor is noticed, in both directions")
    func build() {
        let facts = ProcessorFacts(processorInformation: "model name : x\nflags : avx avx2 fma f16c avx512f")
        let more = facts.difference(toBuild: ["SSE3", "AVX", "AVX2", "FMA", "F16C", "AVX512", "AVX512_VNNI", "REPACK"])
        #expect(more.absent == ["AVX-512 VNNI"] && more.unused == [])
        let less = facts.difference(toBuild: ["AVX", "AVX2", "FMA", "F16C"])
        #expect(less.absent == [] && less.unused == ["AVX-512"])
        let unknown = ProcessorFacts(processorInformation: "").difference(toBuild: ["AVX"])
        #expect(unknown.absent == [] && unknown.unused == [])
    }
}

@Suite("Inspect")
struct InspectTests {
    /// The smallest GGUF file: version 3, no tensor, one value `general.architecture` = "x".
    private static let gguf: [UInt8] =
        Array("GGUF".utf8) + [3, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 0, 0]
        + [20, 0, 0, 0, 0, 0, 0, 0] + Array("general.architecture".utf8) + [8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        + Array("x".utf8)

    @Test("a GGUF file is shown as text and as JSON in snake case")
    func gguf() async throws {
        let text = try Recorder()
        let file = text.home.appending(path: "m.gguf")
        try Data(Self.gguf).write(to: file)
        #expect(await text.run(["inspect", file.path]) == 0, "\(text.errorText)")
        #expect(text.outputText.hasPrefix("format        gguf 3\narchitecture  x\n"))
        let json = try Recorder()
        #expect(await json.run(["inspect", file.path, "--format", "json"]) == 0)
        #expect(json.outputText.contains(#""architecture":"x""#) && json.outputText.contains(#""file_bytes":"#))
    }

    @Test("what is no model is refused, and a missing file is named")
    func refused() async throws {
        let recorder = try Recorder()
        #expect(await recorder.run(["inspect", "/nowhere/m.onnx"]) == 66)
        #expect(recorder.errorText.contains("/nowhere/m.onnx"))
        let file = recorder.home.appending(path: "letter.txt")
        try Data("Dear Sir or Madam,".utf8).write(to: file)
        #expect(await recorder.run(["inspect", file.path]) == 65)
    }
}
