#!/usr/bin/env python3
"""Word times of `parley transcribe --words` against a forced alignment, as two lines of JSON.

    word_times.py PARLEY SPEECH

SPEECH is a folder with a manifest.jsonl. Its English recordings of kind `read` that are WAV files are aligned with their
transcripts by pocketsphinx; words that both have, in order, are compared.
"""
import argparse
import difflib
import json
import pathlib
import re
import statistics
import subprocess
import sys

import numpy as np
from faster_whisper.audio import decode_audio
from pocketsphinx import Decoder

RATE = 16000
FRAMES = 100


def letters(text):
    return re.sub(r"[^a-z']", "", text.lower())


def aligned(samples, text):
    """[(word, start, end)] in seconds; nothing where the dictionary lacks a word or the alignment fails."""
    decoder = Decoder(lm=None, loglevel="FATAL")
    words = re.sub(r"[^a-z' ]", " ", text.lower()).split()
    if any(decoder.lookup_word(word) is None for word in words):
        return []
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    return [
        (re.sub(r"\(\d+\)", "", part.word), part.start_frame / FRAMES, (part.end_frame + 1) / FRAMES)
        for part in decoder.seg() if re.match(r"[a-z']", part.word)]


def heard(parley, file):
    """[(word, start, end)] in seconds."""
    command = [parley, "transcribe", "--quiet", "--language", "en", "--words", "--format", "json", str(file)]
    result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return [
        (letters(word["text"]), word["start"], word["end"]) for part in result["segments"] for word in part["words"]]


def pairs(reference, found):
    matcher = difflib.SequenceMatcher(a=[word[0] for word in reference], b=[word[0] for word in found], autojunk=False)
    for block in matcher.get_matching_blocks():
        for index in range(block.size):
            yield reference[block.a + index], found[block.b + index]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parley")
    parser.add_argument("speech", type=pathlib.Path)
    arguments = parser.parse_args()
    starts, ends, files = [], [], 0
    for line in (arguments.speech / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry.get("kind") != "read" or entry.get("lang") != "en" or not entry["file"].endswith(".wav"):
            continue
        file = arguments.speech / entry["file"]
        reference = aligned(decode_audio(str(file), sampling_rate=RATE), entry["text"])
        files += bool(reference)
        for expected, found in pairs(reference, heard(arguments.parley, file)):
            starts.append(abs(found[1] - expected[1]) * 1000)
            ends.append(abs(found[2] - expected[2]) * 1000)
    if not starts:
        sys.exit(f"{arguments.speech} has no English WAV recording of kind read that can be aligned.")
    print(f"{len(starts)} words of {files} recordings", file=sys.stderr)
    for name, errors in (("word_start_error_median", starts), ("word_end_error_median", ends)):
        print(json.dumps({
            "metric": name, "value": round(statistics.median(errors), 1), "unit": "ms", "must": 80, "aim": None,
            "command": "make words SPEECH=FOLDER"}))


if __name__ == "__main__":
    main()
