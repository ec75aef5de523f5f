"""Proves of every rule that it can fail, and that it leaves good code alone."""
import unittest

import rules
from swiftsource import code_only, functions


def found(rule, **files):
    return [(path, line) for path, line, _ in rule({p.replace("__", "/").replace("_swift", ".swift"): t for p, t in files.items()})]


class Rules(unittest.TestCase):
    def test_an_engine_may_not_import_another(self):
        self.assertEqual(found(rules.layers, Sources__ParleySTT__A_swift="internal import ParleyLLM\n"), [("Sources/ParleySTT/A.swift", 1)])
        self.assertEqual(found(rules.layers, Sources__ParleySTT__A_swift="package import ParleyCore\n// import ParleyLLM\n"), [])

    def test_an_unknown_target_is_reported(self):
        self.assertEqual(len(found(rules.layers, Sources__Speech__A_swift="\n")), 1)

    def test_the_manifest_obeys_the_table(self):
        bad = {"Package.swift": 'targets: [\n target("ParleyCore", ["ParleyAudio", "ParleySTT"]),\n'}
        self.assertEqual([f[:2] for f in rules.layers(bad)], [("Package.swift", 2)])
        good = {"Package.swift": 'targets: [ target("ParleyPipeline", ["ParleyCore", logging]), .executableTarget(name: "ParleyCLI", dependencies: ["ParleyCommands"]) ]'}
        self.assertEqual(list(rules.layers(good)), [])
        wrong = {"Package.swift": '.executableTarget(name: "ParleyCLI", dependencies: [crypto])'}
        self.assertEqual(len(list(rules.layers(wrong))), 1)

    def test_an_unchecked_claim_needs_its_reason(self):
        self.assertEqual(len(found(rules.safe_because, Sources__ParleyCore__A_swift="final class A: @unchecked Sendable {}\n")), 1)
        self.assertEqual(found(rules.safe_because, Sources__ParleyCore__A_swift="// Safe because of the lock.\nfinal class A: @unchecked Sendable {}\n"), [])
        self.assertEqual(len(found(rules.safe_because, Sources__ParleyCore__A_swift="nonisolated(unsafe) var a = 1\n")), 1)

    def test_long_files_and_functions(self):
        self.assertEqual(len(found(rules.sizes, Sources__ParleyCore__A_swift="\n" * 501)), 1)
        body = "func long(a: [Int]) -> Int {\n%s}\n" % ("    work()\n" * 61)
        self.assertEqual(found(rules.sizes, Sources__ParleyCore__A_swift=body), [("Sources/ParleyCore/A.swift", 1)])
        self.assertEqual(found(rules.sizes, Sources__ParleyCore__A_swift=body.replace("    work()\n", "", 1)), [])

    def test_traps_prints_and_environment(self):
        for line in ("fatalError()", "let a = try! b()", "let a = b as! C", 'print("a")', "getenv(name)"):
            self.assertEqual(len(found(rules.traps, Sources__ParleyCore__A_swift=line + "\n")), 1, line)
        self.assertEqual(found(rules.traps, Sources__ParleyCore__A_swift='log("fatalError") // try! print(\n'), [])
        self.assertEqual(found(rules.traps, Sources__ParleyCommands__A_swift='print("a")\n'), [])

    def test_a_test_may_not_skip_itself(self):
        for line in ("@Test(.disabled(because))", "throw XCTSkip()", "@Test(.enabled(if: there))"):
            self.assertEqual(len(found(rules.skips, Tests__ParleyCoreTests__A_swift=line + "\n")), 1, line)

    def test_machine_paths_hosts_and_notes(self):
        for text in ("see /ro" + "ot/models", "at /home/anna/x", "https://pypi" + ".org/simple", "TO" + "DO later", "/Users/anna/x"):
            self.assertEqual(len(found(rules.words, **{"docs__a.md": text})), 1, text)
        for text in ("~/.cache/parley", "/usr/lib", "TO" + "DO(#12)", "docs/work/a"):
            self.assertEqual(found(rules.words, **{"docs__a.md": text}), [], text)

    def test_links_lead_somewhere(self):
        files = {"docs/a.md": "[there](b.md#x) [not](c.md) `[code](d.md)` [web](https://example.org)"}
        self.assertEqual([f[:2] for f in rules.links(files, exists=lambda p: p == "docs/b.md")], [("docs/a.md", 1)])

    def test_the_snippet_of_the_readme_is_the_compiled_one(self):
        readme = "text\n```swift\nlet a = 1\n```\n"
        self.assertEqual(list(rules.snippet({"README.md": readme, rules.SNIPPET: "let a = 1\n"})), [])
        self.assertEqual(len(list(rules.snippet({"README.md": readme, rules.SNIPPET: "let a = 2\n"}))), 1)
        self.assertEqual(len(list(rules.snippet({"README.md": "no code"}))), 1)

    def test_large_files(self):
        self.assertEqual(len(list(rules.large({"a": 1_500_001, "b": 10}))), 1)


class Source(unittest.TestCase):
    def test_strings_and_comments_are_blanked(self):
        text = 'let a = "x \\(b("inner")) y" // c\nlet d = #"raw " quote"# /* e /* f */ g */ + h\n'
        code = code_only(text)
        self.assertEqual(code.count("\n"), 2)
        for word in ("inner", "quote", "c", "raw", "e /*", "g"):
            self.assertNotIn(word, code.replace("let", ""))
        self.assertIn("+ h", code)

    def test_functions_are_measured(self):
        text = "protocol P {\n  func none()\n  var a: Int { get }\n}\nfunc one() {\n  x()\n}\ninit(a: Int) { b() }\n"
        self.assertEqual(list(functions(text)), [("func one", 5, 1), ("init", 8, 0)])


if __name__ == "__main__":
    unittest.main()
