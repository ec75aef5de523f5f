import Foundation
import ParleyCore
import ParleyLLM
import Testing

/// What Jinja 3.1.6 renders; Tests/Fixtures/templates/make.py writes it. Tolerance: none.
private struct Golden: Decodable, CustomTestStringConvertible {
    var template: String
    var conversation: [[String]]
    var tools: Bool
    var expected: String

    var testDescription: String { String(template.prefix(60)) }

    static func all() -> [Golden] {
        guard let data = try? Data(contentsOf: fixture("templates/goldens.json")) else { return [] }
        return (try? JSONDecoder().decode([Golden].self, from: data)) ?? []
    }
}

@Suite("Chat templates")
struct ChatTemplateTests {
    @Test("the goldens are there")
    func goldensExist() { #expect(Golden.all().count > 40) }

    @Test("renders as Jinja does", arguments: Golden.all())
    fileprivate func golden(golden: Golden) throws {
        let messages = golden.conversation.map { pair in
            TemplateValue.dictionary(TemplateDictionary([("role", .string(pair[0])), ("content", .string(pair[1]))]))
        }
        var values: [String: TemplateValue] = [
            "messages": .list(messages), "add_generation_prompt": true, "bos_token": "<s>", "eos_token": "</s>",
        ]
        if golden.tools {
            let arguments = TemplateDictionary([("zone", "UTC"), ("hours", 24)])
            let tool = TemplateDictionary([("name", "time"), ("arguments", .dictionary(arguments))])
            values["tools"] = .list([.dictionary(tool), "plain"])
        }
        #expect(try ChatTemplate(golden.template).render(values) == golden.expected)
    }

    @Test("messages and the request for a reply reach the template")
    func conversation() throws {
        let template = try ChatTemplate(
            "{{ bos_token }}{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}{% if add_generation_prompt %}>{% endif %}"
        )
        let messages = [ChatMessage(.system, "s"), ChatMessage(.user, "u"), ChatMessage(.assistant, "a")]
        #expect(try template.render(messages, asksForReply: true, beginning: "^") == "^system:s;user:u;assistant:a;>")
        #expect(try template.render(messages, asksForReply: false) == "system:s;user:u;assistant:a;")
    }

    @Test(
        "what is not supported is named",
        arguments: [
            ("{% include 'x' %}", "include"), ("{{ 'x' | xmlattr }}", "xmlattr"), ("{{ 'x'.encode() }}", "encode"),
            ("{{ lipsum() }}", "lipsum"), ("{{ 1 is prime }}", "prime"), ("{{ 'a %s' % 1 }}", "%"),
            ("{% for a in [1] recursive %}{% endfor %}", "recursive"),
        ])
    func unsupported(source: String, name: String) {
        let error = #expect(throws: LLMError.self) { try ChatTemplate(source).render([:]) }
        #expect(error?.code == .templateUnsupported)
        #expect(error?.message.contains(name) == true)
        #expect(error?.message.contains("line 1") == true)
    }

    @Test(
        "a broken template is refused with its line",
        arguments: [
            "{% if x %}\n", "a\n{{ 1 +", "{% endfor %}", "{{ 'open }}", "{{ a b }}", "{% set = 1 %}", "{# open",
            "{{ (1, }}", "{% for x %}{% endfor %}", "{{ 99999999999999999999 }}",
        ])
    func invalid(source: String) {
        let error = #expect(throws: LLMError.self) { try ChatTemplate(source) }
        #expect(error?.code == .templateInvalid)
        #expect(error?.message.contains("line ") == true)
        #expect(error?.kind == .badData)
    }

    @Test("a template's own refusal is passed on")
    func refusal() {
        let error = #expect(throws: LLMError.self) {
            try ChatTemplate("{{ raise_exception('no system role') }}").render([:])
        }
        #expect(error?.code == .templateRefused)
        #expect(error?.message.contains("no system role") == true)
    }

    @Test(
        "a template cannot run, write or nest without end",
        arguments: [
            "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
            "{{ 'x' * 999999999999 }}", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "{{ range(99999999) }}",
            "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        ])
    func limits(source: String) {
        let error = #expect(throws: LLMError.self) { try ChatTemplate(source).render([:]) }
        #expect(error?.code == .templateLimit)
    }

    @Test("nesting too deep for the stack is refused while reading")
    func nesting() {
        let brackets = "{{ " + String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000) + " }}"
        #expect(throws: LLMError.self) { try ChatTemplate(brackets) }
        let blocks = String(repeating: "{% if 1 %}", count: 5000) + String(repeating: "{% endif %}", count: 5000)
        #expect(throws: LLMError.self) { try ChatTemplate(blocks) }
    }

    @Test("a value of the wrong kind is an error, not a guess")
    func wrongKinds() {
        for source in ["{{ x.y }}", "{{ 1 + 'a' }}", "{{ 1 < 'a' }}", "{% for i in 5 %}{% endfor %}", "{{ 1 // 0 }}"] {
            let error = #expect(throws: LLMError.self) { try ChatTemplate(source).render([:]) }
            #expect(error?.code == .templateInvalid, "\(source)")
        }
    }
}
