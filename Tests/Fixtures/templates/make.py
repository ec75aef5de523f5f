"""Writes goldens.json: what Jinja renders for the constructs that chat templates use.

python3 -m pip install jinja2==3.1.6 && python3 make.py
"""

import json
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment

CONVERSATIONS = {
    "question": [("user", "What is 1 < 2 & \"x\"?")],
    "system": [("system", "You are Parley."), ("user", "Hi")],
    "turns": [("system", " Be short. \n"), ("user", "  Hello  "), ("assistant", "¡Hola! "), ("user", "日本 🎉")],
}

# The forms of published chat templates, in our own words.
WITH_DEFAULT_SYSTEM = """{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
You are somebody<|im_end|>
' }}{% endif %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}"""

WITH_NAMESPACE = """{{- bos_token -}}
{%- set ns = namespace(system="", tools=[]) -%}
{%- if messages[0]["role"] == "system" -%}
    {%- set ns.system = messages[0]["content"] -%}
    {%- set messages = messages[1:] -%}
{%- endif -%}
{%- if tools -%}
    {%- set ns.system = ns.system + ("\\n" if ns.system else "") + "Tools: [" -%}
    {%- for tool in tools -%}
        {%- if tool is not string -%}{%- set tool = tool | tojson -%}{%- endif -%}
        {%- set ns.system = ns.system + tool -%}
        {%- if not loop.last -%}{%- set ns.system = ns.system + ", " -%}{%- endif -%}
    {%- endfor -%}
    {%- set ns.system = ns.system + "]" -%}
{%- endif -%}
{%- if ns.system -%}
    {{- "<|im_start|>system\\n" + ns.system + "<|im_end|>\\n" -}}
{%- endif -%}
{%- for message in messages -%}
    {{- "<|im_start|>" + message["role"] + "\\n" -}}
    {%- set content = message["content"] -%}
    {%- if content is not string -%}{%- set content = content | tojson -%}{%- endif -%}
    {{- content + "<|im_end|>\\n" -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- "<|im_start|>assistant\\n" -}}
{%- endif -%}
"""

WITH_BLOCKS = """{# a comment #}
{% if messages[0].role == 'system' %}
    {% set system = messages[0].content | trim %}
    {% set rest = messages[1:] %}
{% else %}
    {% set system = none %}
    {% set rest = messages %}
{% endif %}
{{ bos_token }}
{% for message in rest %}
    {% if (message.role == 'user') != (loop.index0 % 2 == 0) %}
        {{ raise_exception('roles must alternate') }}
    {% endif %}
    {% if loop.first and system is not none %}
[INST] {{ system }}

    {% elif message.role == 'user' %}
[INST] {% endif %}
{{ message.content | trim }}{% if message.role == 'user' %} [/INST]{% else %}{{ eos_token }}{% endif +%}
{% endfor %}
"""

SNIPPETS = [
    "{{ 1 + 2 * 3 - 4 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 1 / 2 }} {{ 3 * 1.5 }}",
    "{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 3 }} {{ [1] + [2, 'x'] }}",
    "{{ 1 < 2 < 3 }} {{ 'a' in 'cat' }} {{ 'k' in {'k': 1} }} {{ 3 not in [1, 2] }} {{ not 1 == 2 }}",
    "{{ x is defined }} {{ x is not defined }} {{ none is none }} {{ 'a' is string }} {{ 3 is odd }} {{ 4 is divisibleby 2 }}",
    "{{ x | default('d') }} {{ '' | default('e', true) }} {{ x }}|{{ 'yes' if x else 'no' }}|{{ 'only' if x }}|",
    "{{ '  a b '.strip() }}|{{ ' a'.lstrip() }}|{{ 'a '.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ ' t ' | trim }}|",
    "{{ 'a,b,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1)[-1] }} {{ 'a</think>b'.split('</think>')[-1] }}",
    "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith('bc') }} {{ 'abc'.upper() }} {{ 'aBc' | lower }} {{ 'abc def' | capitalize }}",
    "{{ 'a-b-c'.replace('-', '+') }} {{ 'a-b-c' | replace('-', '', 1) }} {{ 'abc'.find('c') }} {{ 'aXbX'.count('X') }}",
    "{{ [1, 2, 3] | join(', ') }} {{ ['b', 'a'] | first }} {{ [1, 2] | last }} {{ [1, 2, 3] | length }} {{ 'añ🎉' | length }}",
    "{{ 'abcdef'[1:4] }} {{ 'abcdef'[-2:] }} {{ 'abcdef'[::2] }} {{ [1, 2, 3][::-1] }} {{ [1, 2, 3][-1] }} {{ [1][5:] }}",
    "{{ {'a': 1, 'b': [true, none, 1.5, 'ü\"\\n']} | tojson }} {{ [] | tojson }} {{ {'a': {'b': []}} | tojson(indent=2) }}",
    "{{ {'a': 1} }} {{ ['it\\'s', 'b'] }} {{ (1, 2) | list }} {{ 2.0 }} {{ 'x' 'y' }}",
    "{% for i in range(3) %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }}{% if not loop.last %},{% endif %}{% endfor %}",
    "{% for i in [1, 2, 3, 4] if i is even %}{{ i }}{% else %}none{% endfor %}{% for i in [] %}x{% else %}empty{% endfor %}",
    "{% for i in [1, 2, 3] %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% if i == 3 %}{% break %}{% endif %}{% endfor %}",
    "{% set x = 1 %}{% for i in [1, 2] %}{% set x = 9 %}{% endfor %}{{ x }}{% set n = namespace(x=1) %}{% for i in [1] %}{% set n.x = 5 %}{% endfor %}{{ n.x }}",
    "{% set block %}in {{ 1 + 1 }}{% endset %}[{{ block }}]{% set a, b = [1, 2] %}{{ a }}{{ b }}",
    "{% macro greet(name, mark='!') %}Hi {{ name }}{{ mark }}{% endmacro %}{{ greet('A') }} {{ greet('B', mark='?') }}",
    "a  {%- if true -%}  b  {%- endif -%}  c\n{{- ' d ' -}}\n e",
    "line\n    {% if true %}\n    kept\n    {% endif %}\nend\n",
    "x\n  {# gone #}\ny {{ 'a' }}\n\n{{ 'b' }}\n",
    "{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | list }}",
    "{{ messages | rejectattr('role', 'equalto', 'user') | list | length }} {{ messages | map(attribute='role') | unique | join('/') }}",
    "{{ 'a\\nb\\n\\nc' | indent(2) }} {{ '5' | int + 1 }} {{ '2.5' | float }} {{ -3 | abs }} {{ 7 | string + 'x' }}",
    "{{ messages[0]['content'] | upper }} {{ messages[-1].role }} {{ messages[0].missing is defined }} {{ messages[0].get('role', 'r') }}",
    "{% filter upper %}abc {{ 'd' }}{% endfilter %}",
    "{{ 'yes' if 1 is eq 1 and not (2 > 3 or false) else 'no' }} {{ true and 'v' or 'w' }} {{ 2 ** 3 if false else '-' }}",
]

TOOLS = [{"name": "time", "arguments": {"zone": "UTC", "hours": 24}}, "plain"]


def fail(reason):
    raise ValueError(reason)


def main():
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
    environment.globals["raise_exception"] = fail
    environment.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    goldens = []
    jobs = [(WITH_DEFAULT_SYSTEM, name) for name in CONVERSATIONS]
    jobs += [(WITH_NAMESPACE, name) for name in CONVERSATIONS] + [(WITH_BLOCKS, name) for name in CONVERSATIONS]
    jobs += [(snippet, "turns") for snippet in SNIPPETS]
    for source, name in jobs:
        for tools in [False, True] if source is WITH_NAMESPACE else [False]:
            values = {
                "messages": [{"role": role, "content": content} for role, content in CONVERSATIONS[name]],
                "add_generation_prompt": True, "bos_token": "<s>", "eos_token": "</s>",
            }
            if tools:
                values["tools"] = TOOLS
            goldens.append({
                "template": source, "conversation": [list(pair) for pair in CONVERSATIONS[name]], "tools": tools,
                "expected": environment.from_string(source).render(**values),
            })
    path = Path(__file__).parent / "goldens.json"
    path.write_text(json.dumps(goldens, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
