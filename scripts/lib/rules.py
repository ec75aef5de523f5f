"""The rules of scripts/check. Each takes the files as {path: text} and yields (path, line, sentence)."""
import os
import re

from swiftsource import code_only, functions

FILE_LIMIT = 500
FUNCTION_LIMIT = 60
BYTES_LIMIT = 1_500_000

# Who may import what: docs/architecture.md, "Targets and what each may import".
ENGINE = {"ParleyCore", "ParleyAudio", "OnnxRuntime"}
LAYERS = {
    "COnnxRuntime": set(),
    "OnnxRuntime": {"COnnxRuntime"},
    "LlamaRuntime": {"CLlama"},
    "ParleyAudio": set(),
    "ParleyCodecs": {"ParleyAudio", "CSndfile", "CSoxr"},
    "ParleyDevices": {"ParleyAudio", "CALSA", "CSpeexDSP"},
    "ParleyCore": {"ParleyAudio"},
    "ParleyVAD": ENGINE,
    "ParleySTT": ENGINE,
    "ParleyTTS": ENGINE,
    "ParleyLLM": {"ParleyCore", "LlamaRuntime"},
    "ParleyModels": {"ParleyCore", "CZlib", "Crypto"},
    "ParleyPipeline": {"ParleyCore", "ParleyAudio", "Logging"},
    "Parley": {
        "ParleyAudio", "ParleyCodecs", "ParleyDevices", "ParleyCore", "ParleyVAD", "ParleySTT", "ParleyTTS",
        "ParleyLLM", "ParleyModels", "ParleyPipeline", "OnnxRuntime", "LlamaRuntime", "Logging",
    },
    "ParleyServer": {"Parley", "Logging"},
    "ParleyCommands": {"Parley", "ParleyServer", "ParleyAudio", "ParleyCore", "ParleyModels", "ArgumentParser"},
    "ParleyCLI": {"ParleyCommands"},
    "ParleyBenchmarks": {
        "Parley", "ParleyAudio", "ParleyCodecs", "ParleyCore", "ParleyModels", "ParleySTT", "OnnxRuntime", "ArgumentParser",
    },
    "AskExample": {"Parley"},
    "ParleyTesting": {"ParleyCore", "ParleyAudio", "ParleyPipeline", "ParleyModels"},
}
SYSTEM = {"Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin", "Accelerate"}
PROGRAMS = ("ParleyCommands", "ParleyCLI", "ParleyBenchmarks")
IMPORT = re.compile(r"^\s*(?:@\w+\s+)?(?:public |package |internal |fileprivate |private )?import (?:(?:struct|class|enum|func|protocol|var|let|typealias) )?(\w+)", re.M)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def swift(files, *folders):
    return ((p, t) for p, t in sorted(files.items()) if p.endswith(".swift") and p.startswith(folders or ("Sources/", "Tests/", "Examples/")))


def layers(files):
    for path, text in swift(files, "Sources/"):
        target = path.split("/")[1]
        if target not in LAYERS:
            yield path, 1, f"target {target} is missing from the table of layers in scripts/lib/rules.py"
            continue
        for match in IMPORT.finditer(code_only(text)):
            if match.group(1) not in LAYERS[target] | SYSTEM:
                yield path, line_of(text, match.start(1)), f"{target} may not import {match.group(1)}"
    yield from manifest_layers(files.get("Package.swift", ""))


def manifest_layers(manifest):
    """The same table against the dependencies that the manifest declares."""
    declaration = re.compile(r'(?<!\w)(?:target|\.target|\.executableTarget)\(\s*(?:name:\s*)?"(\w+)"\s*,?\s*(?:dependencies:\s*)?(\[[^\]]*\])?')
    spelled = {"logging": "Logging", "crypto": "Crypto", "argumentParser": "ArgumentParser"}
    for match in declaration.finditer(manifest):
        target, declared = match.group(1), re.sub(r"//[^\n]*", "", match.group(2) or "")
        names = re.findall(r'"(\w+)"', declared) + [spelled.get(w, w) for w in re.findall(r"(?<![\w\".])([a-z]\w*)\b(?!\")", declared)]
        for name in names:
            if name not in LAYERS.get(target, set()):
                yield "Package.swift", line_of(manifest, match.start()), f"{target} may not depend on {name}"


def safe_because(files):
    for path, text in swift(files):
        lines, code = text.split("\n"), code_only(text).split("\n")
        for number, line in enumerate(code):
            if re.search(r"@unchecked Sendable|nonisolated\(unsafe\)|@preconcurrency", line):
                first = number
                while first > 0 and lines[first - 1].strip().startswith(("//", "@")):
                    first -= 1
                if "// Safe because" not in "\n".join(lines[first:number + 2]):
                    yield path, number + 1, "no line `// Safe because …` beside an unchecked claim of safety"


def sizes(files):
    for path, text in swift(files):
        count = text.count("\n")
        if count > FILE_LIMIT:
            yield path, FILE_LIMIT, f"{count} lines; the limit is {FILE_LIMIT}"
        for name, line, length in functions(text):
            if length > FUNCTION_LIMIT:
                yield path, line, f"{name} has {length} lines; the limit is {FUNCTION_LIMIT}"


def traps(files):
    for path, text in swift(files, "Sources/"):
        code = code_only(text)
        for match in re.finditer(r"\bfatalError\b|\btry!|\bas!", code):
            yield path, line_of(code, match.start()), f"`{match.group()}` ends the process instead of throwing"
        target = path.split("/")[1]
        if target in PROGRAMS:
            continue
        for match in re.finditer(r"(?<![\w.])(?:print|debugPrint|dump)\(", code):
            yield path, line_of(code, match.start()), "a library does not print"
        if target != "Parley":
            for match in re.finditer(r"\bgetenv\b|\bprocessInfo\.environment\b", code):
                yield path, line_of(code, match.start()), "the environment is read by the program and the composition root only"


def skips(files):
    for path, text in swift(files, "Tests/"):
        for match in re.finditer(r"\.disabled\(|\.enabled\(if:|\bXCTSkip|\bwithKnownIssue\b", code_only(text)):
            yield path, line_of(text, match.start()), f"`{match.group()}`: a test may not skip itself; fail with the command that helps"


OWN = ("scripts/lib/rules.py", "scripts/lib/test_rules.py")


def words(files):
    home = re.compile(r"(?<![\w.~$}])/(?:work|root|farm|home/\w+|Users/\w+)/\w|/tmp/(?:wt|p|h\d)/")
    hosts = re.compile(r"pypi\.org|pythonhosted\.org|debian\.org/debian|registry\.npmjs|crates\.io|proxy\.golang")
    todo = re.compile(r"\b(?:TODO|FIXME|XXX)\b(?!.{0,12}#\d)")
    for path, text in sorted(files.items()):
        if path in OWN:
            continue
        for pattern, sentence in (
            (home, "a path of one machine"), (hosts, "the host of a package registry"),
            (todo, "a note to do without an issue number"),
        ):
            for match in pattern.finditer(text):
                yield path, line_of(text, match.start()), f"{sentence}: {match.group().strip()}"


def links(files, exists=os.path.exists):
    for path, text in sorted(files.items()):
        if not path.endswith(".md"):
            continue
        prose = re.sub(r"```.*?```|`[^`\n]*`", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
        for match in re.finditer(r"\]\(([^)\s]+)\)", prose):
            target = match.group(1).split("#")[0]
            if not target or re.match(r"[a-z]+:", target):
                continue
            if not exists(os.path.normpath(os.path.join(os.path.dirname(path), target))):
                yield path, line_of(prose, match.start()), f"the link leads nowhere: {target}"


SNIPPET = "Examples/Ask/main.swift"


def snippet(files):
    """The Swift of the README is the program that the tests compile and run."""
    readme = re.search(r"```swift\n(.*?)```", files.get("README.md", ""), re.S)
    if not readme or SNIPPET not in files:
        yield "README.md", 1, f"the README shows {SNIPPET} in a ```swift block: one of the two is missing"
    elif readme.group(1) != files[SNIPPET]:
        yield "README.md", line_of(files["README.md"], readme.start()), f"the Swift block differs from {SNIPPET}"


def large(sizes_by_path):
    for path, size in sorted(sizes_by_path.items()):
        if size > BYTES_LIMIT:
            yield path, 1, f"{size} bytes; models and binaries are fetched, not committed"


RULES = (layers, safe_because, sizes, traps, skips, words, links, snippet)
