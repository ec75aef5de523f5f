"""Whisper's tokens as bytes, its special tokens by meaning, and what it must not choose."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

#: Special tokens by their text in the published tokenizer.
_SPECIAL = {
    "startOfTranscript": "<|startoftranscript|>",
    "endOfText": "<|endoftext|>",
    "transcribe": "<|transcribe|>",
    "translate": "<|translate|>",
    "noTimestamps": "<|notimestamps|>",
    "previous": "<|startofprev|>",
    "noSpeech": "<|nocaptions|>",
    "startOfLanguageModel": "<|startoflm|>",
}


class VocabularyError(Exception):
    """The tokenizer files do not describe the Whisper vocabulary."""


def byte_of_character() -> dict[str, int]:
    """The byte behind each character of a byte-level BPE vocabulary.

    Printable Latin-1 characters stand for themselves; the other 68 bytes, in order, for U+0100 and up.
    Source: GPT-2, `encoder.py`, `bytes_to_unicode`.
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(byte): byte for byte in plain}
    for byte in range(256):
        if byte not in plain:
            table[chr(0x100 + len(table) - len(plain))] = byte
    return table


class Vocabulary:
    """Read from `tokenizer.json` and `config.json` of the model's package."""

    def __init__(self, folder: Path) -> None:
        tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self._config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._ids = {entry["content"]: entry["id"] for entry in tokenizer["added_tokens"]}
        self._text = {
            index: text for text, index in tokenizer["model"]["vocab"].items() if index not in self._ids.values()}

    def table(self, size: int) -> bytes:
        """The file `stt.vocabulary`: see FORMAT.md."""
        decode = byte_of_character()
        pieces = []
        for index in range(size):
            text = self._text.get(index, "")
            pieces.append(bytes(decode[character] for character in text))
        offsets = [0]
        for piece in pieces:
            offsets.append(offsets[-1] + len(piece))
        return struct.pack(f"<I{size + 1}I", size, *offsets) + b"".join(pieces)

    def section(self, size: int) -> dict[str, Any]:
        """Keys of the manifest that concern tokens."""
        tokens = {name: self._id(text) for name, text in _SPECIAL.items()}
        tokens["firstTimestamp"] = tokens["noTimestamps"] + 1
        if len(self._text) > tokens["endOfText"] or max(self._text) >= tokens["endOfText"]:
            raise VocabularyError("tokenizer.json has text tokens above the end of text. Use the multilingual model.")
        if not tokens["firstTimestamp"] < size:
            raise VocabularyError(f"tokenizer.json has more tokens than the model's {size}. Use files of one package.")
        by_id = {index: text for text, index in self._ids.items()}
        languages = {by_id[index][2:-2]: index for index in self._config["lang_ids"]}
        return {
            "languages": languages,
            "tokens": tokens,
            "textTokens": tokens["endOfText"],
            "suppressed": sorted(self._config["suppress_ids"]),
            "beginSuppressed": sorted(self._config["suppress_ids_begin"]),
        }

    def alignment_heads(self) -> list[tuple[int, int]]:
        """Layer and head, as the model's package gives them."""
        return [(layer, head) for layer, head in self._config["alignment_heads"]]

    def _id(self, text: str) -> int:
        if text not in self._ids:
            raise VocabularyError(f"tokenizer.json has no token {text}. Use the files of Whisper base, multilingual.")
        return self._ids[text]
