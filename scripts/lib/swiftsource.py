"""Just enough of Swift's lexical structure for the checks: where code is, where comments are, how long functions are."""
import functools
import re

START = re.compile(r'//|/\*|#*"')
FUNCTION = re.compile(r"\b(func\s+[^\s(<]+|init[?]?\s*[(<]|deinit\b|subscript\s*[(<])")


@functools.lru_cache(maxsize=None)
def code_only(text):
    """The text with comments and string literals blanked; line numbers and columns stay."""
    out = []
    i, n = 0, len(text)
    while i < n:
        end = _literal_end(text, i)
        if end is None:
            following = START.search(text, i + 1)
            end = following.start() if following else n
            out.append(text[i:end])
        else:
            out.append(re.sub(r"[^\n]", " ", text[i:end]))
        i = end
    return "".join(out)


def _literal_end(text, i):
    """The end of the comment or string that begins at i, or None."""
    if text.startswith("//", i):
        end = text.find("\n", i)
        return len(text) if end < 0 else end
    if text.startswith("/*", i):
        return _block_comment_end(text, i)
    opening = re.compile(r'(#*)("""|")').match(text, i)
    if opening:
        return _string_end(text, opening.end(), opening.group(1), opening.group(2))
    return None


def _block_comment_end(text, i):
    depth, j = 0, i
    while j < len(text):
        if text.startswith("/*", j):
            depth, j = depth + 1, j + 2
        elif text.startswith("*/", j):
            depth, j = depth - 1, j + 2
            if depth == 0:
                return j
        else:
            j += 1
    return j


def _string_end(text, j, hashes, quote):
    """Skips escapes, and follows interpolations, which may hold strings of their own."""
    escape = "\\" + hashes
    while j < len(text):
        if text.startswith(quote + hashes, j):
            return j + len(quote) + len(hashes)
        if text.startswith(escape + "(", j):
            j = _interpolation_end(text, j + len(escape) + 1)
        elif text.startswith(escape, j):
            j += len(escape) + 1
        elif quote == '"' and text[j] == "\n":
            return j
        else:
            j += 1
    return j


def _interpolation_end(text, j):
    depth = 1
    while j < len(text) and depth:
        end = _literal_end(text, j)
        if end is not None:
            j = end
            continue
        depth += {"(": 1, ")": -1}.get(text[j], 0)
        j += 1
    return j


def functions(text):
    """(name, first line, number of lines of the body between its braces) of every function with a body."""
    code = code_only(text)
    for match in FUNCTION.finditer(code):
        before = code[:match.start()].rstrip()
        if before.endswith((".", "#")):
            continue
        opening = _body_start(code, match.end() - (1 if match.group().endswith(("(", "<")) else 0))
        if opening is None:
            continue
        closing = _matching_brace(code, opening)
        first = code.count("\n", 0, match.start()) + 1
        yield match.group(1).strip(" (<"), first, max(0, code.count("\n", opening, closing) - 1)


def _body_start(code, i):
    """The `{` of a declaration: after its parentheses, before the next declaration or closing brace."""
    depth = 0
    while i < len(code):
        c = code[i]
        if c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0:
            if c == "{":
                return i
            if c == "}" or re.match(r"\b(func|var|let|init|case|struct|class|enum|extension|actor)\b", code[i:i + 10]):
                if c == "}" or not code[i - 1:i].isalnum():
                    return None
        i += 1
    return None


def _matching_brace(code, i):
    depth = 0
    for j in range(i, len(code)):
        depth += {"{": 1, "}": -1}.get(code[j], 0)
        if depth == 0:
            return j
    return len(code)
