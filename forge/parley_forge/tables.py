"""Tables of the text front end: sorted records in one file that is mapped and searched, never loaded.

The byte format is described in FORMAT.md, section "tts.tables".
"""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path
from typing import Any, Iterable, Mapping

MAGIC = b"PRLYTBL\x01"
NAME_BYTES = 16
ALIGNMENT = 64
#: Marks a lexicon value that depends on the part of speech. No phoneme has this id.
VARIANTS = 255


class TableError(Exception):
    """The tables cannot be written; the text says what, why and what to do."""


def records(entries: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """One section: the count, the offsets, then each record as key length, key, value, sorted by key bytes."""
    pairs = sorted((key.encode("utf-8"), value) for key, value in dict(entries).items())
    offsets, body = [0], bytearray()
    for key, value in pairs:
        if len(key) > 255:
            raise TableError(f"The key {key[:20]!r}… has {len(key)} bytes. Keys have at most 255: shorten it.")
        body += bytes([len(key)]) + key + value
        offsets.append(len(body))
    return struct.pack(f"<I{len(offsets)}I", len(pairs), *offsets) + bytes(body)


def write(sections: Mapping[str, bytes]) -> bytes:
    """The whole file: header, directory, then each section on a multiple of 64 bytes."""
    directory, body = bytearray(), bytearray()
    start = len(MAGIC) + 8 + len(sections) * (NAME_BYTES + 16)
    for name, data in sections.items():
        if len(name.encode("ascii")) > NAME_BYTES:
            raise TableError(f"The section name {name} is longer than {NAME_BYTES} bytes. Choose a shorter one.")
        body += bytes(-(start + len(body)) % ALIGNMENT)
        directory += struct.pack(f"<{NAME_BYTES}sQQ", name.encode("ascii"), start + len(body), len(data))
        body += data
    return MAGIC + struct.pack("<II", len(sections), 0) + bytes(directory) + bytes(body)


def phoneme_ids(text: str, alphabet: Mapping[str, int]) -> bytes:
    """Phonemes as the ids of the voice, one byte each."""
    missing = sorted({symbol for symbol in text if symbol not in alphabet})
    if missing:
        raise TableError(f"The phonemes {missing} of {text!r} are not in the alphabet. Check the source files.")
    return bytes(alphabet[symbol] for symbol in text)


def lexicon(words: Mapping[str, Any], alphabet: Mapping[str, int]) -> bytes:
    """Word to phonemes; a word with readings by part of speech has a list of them."""
    entries: dict[str, bytes] = {}
    for word, value in words.items():
        if isinstance(value, str):
            entries[word] = phoneme_ids(value, alphabet)
            continue
        packed = bytearray([VARIANTS, len(value)])
        for tag in sorted(value):
            reading = value[tag]
            ids = b"" if reading is None else phoneme_ids(reading, alphabet)
            name = tag.encode("ascii")
            packed += bytes([len(name)]) + name + bytes([255 if reading is None else len(ids)]) + ids
        entries[word] = bytes(packed)
    return records(entries)


def tagger(model: Mapping[str, Any]) -> dict[str, bytes]:
    """The perceptron: tag names, words with one tag, known words, and the weights in tenths."""
    tags = sorted(model["tags"])
    number = {tag: index for index, tag in enumerate(tags)}
    weights = {
        feature: b"".join(
            struct.pack("<Bh", number[tag], round(weight * 10)) for tag, weight in sorted(by_tag.items()))
        for feature, by_tag in model["weights"].items()}
    return {
        "tagger.tags": records({tag: bytes([index]) for tag, index in number.items()}),
        "tagger.words": records({word: bytes([number[tag]]) for word, tag in model["tagdict"].items()}),
        "tagger.known": records({word: b"" for word in model["vocab"]}),
        "tagger.weights": records(weights),
    }


def texts(values: Mapping[str, str]) -> bytes:
    return records({key: value.encode("utf-8") for key, value in values.items()})


def lists(values: Mapping[str, Iterable[str]]) -> bytes:
    """Values of several texts, separated by a zero byte."""
    return records({key: "\0".join(parts).encode("utf-8") for key, parts in values.items()})


def build(folder: Path) -> bytes:
    """All tables of the English voice from the files of the voice package."""
    alphabet = _read(folder, "vocab.json")
    normalisation = _read(folder, "normalize.json")
    unknown = _read(folder, "oov.json")
    sections = {
        "alphabet": records({symbol: bytes([number]) for symbol, number in alphabet.items()}),
        "lexicon.gold": lexicon(_read(folder, "lexicon_us_gold.json.gz"), alphabet),
        "lexicon.silver": lexicon(_read(folder, "lexicon_us_silver.json.gz"), alphabet),
        **tagger(_read(folder, "tagger.json.gz")),
        "tokens": lists(_read(folder, "tokenizer_exceptions.json")),
        "oov.letters": records({c: struct.pack("<H", i + 1) for i, c in enumerate(unknown["in"])}),
        "oov.phonemes": records({c: bytes([i + 1]) for i, c in enumerate(unknown["out"])}),
        "oov.limits": records({"letters": struct.pack("<H", unknown["maxlen"])}),
        "months": texts(normalisation["months"]),
        "titles": texts(normalisation["titles"]),
        "abbreviations": texts(normalisation["abbreviations"]),
        "units": lists(normalisation["units"]),
        "symbols": texts(normalisation["symbols"]),
        "currencies": lists(normalisation["currency"]),
        "roman.cardinal": lists({word: [] for word in normalisation["roman_cardinal"]}),
        "roman.ordinal": lists({word: [] for word in normalisation["roman_ordinal"]}),
    }
    return write(sections)


def _read(folder: Path, name: str) -> Any:
    path = Path(folder) / name
    if not path.is_file():
        raise TableError(f"{name} is missing in {folder}. Run `parley models pull hibari-heart`.")
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
