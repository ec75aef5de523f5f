"""What a choice of precision does to Whisper, measured on recordings (`pip install onnxruntime==1.31.1`).

    python -m parley_forge.trials --models DIR --speech FOLDER encoder|decoder

FOLDER has a manifest.jsonl (file, lang, text); its 16-bit mono recordings at 16 kHz of up to 9 s in English and Spanish
are heard. FP32 writes each one's text; every recipe is then asked for the probabilities of that text's tokens.
Columns: error of the cross-attention keys (RMS against FP32); mean Kullback-Leibler divergence from FP32 in
thousandths and tokens whose first choice changes, English and Spanish; time against FP32 (encoder: 4.8 s of audio,
decoder: one token), median of neighbouring pairs.
"""

from __future__ import annotations

import argparse
import json
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from . import ct2, whisper
from .precision import Precision, Recipe
from .quantize import dequantize_blocks, quantize_blocks
from .vocabulary import Vocabulary

RATE, LONGEST, MARGIN = 16_000, 9, 1.92
FLOATS = Recipe({"encoder": Precision(32), "decoder": Precision(32)})
BLOCKS, ROWS, DYNAMIC = Precision(8, 128), Precision(0, by_row=True), Precision(0)
SHIPPED = {
    "encoder": DYNAMIC, "encoder/ffn/linear_1": ROWS, "encoder/conv2": ROWS, "decoder": BLOCKS,
    "decoder/self_attention/linear_0": Precision(4, 64), "decoder/attention/linear_1": DYNAMIC}
EIGHT = {**SHIPPED, "decoder/self_attention/linear_0": BLOCKS}
SEVEN = Precision(0, limit=63)
TRIALS: dict[str, dict[str, dict[str, Precision]]] = {
    "encoder": {
        "shipped": SHIPPED,
        "ffn 2 and conv 2 in blocks of 128": {**SHIPPED, "encoder/ffn/linear_1": BLOCKS, "encoder/conv2": BLOCKS},
        "the same with 7-bit weights": {
            **SHIPPED, "encoder": SEVEN, "decoder/attention/linear_1": SEVEN, "encoder/ffn/linear_1": BLOCKS,
            "encoder/conv2": BLOCKS},
        "everything dynamic with one scale": {**SHIPPED, "encoder/ffn/linear_1": DYNAMIC, "encoder/conv2": DYNAMIC},
        "ffn 2 in blocks of 256": {**SHIPPED, "encoder/ffn/linear_1": Precision(8, 256)},
        "self-attention in blocks of 128 too": {
            **SHIPPED, "encoder/self_attention": BLOCKS, "encoder/ffn/linear_1": BLOCKS, "encoder/conv2": BLOCKS},
        "everything in blocks of 128": {"encoder": BLOCKS, "decoder": BLOCKS},
        "everything in blocks of 256": {"encoder": Precision(8, 256), "decoder": Precision(8, 256)},
    },
    "decoder": {
        "shipped": SHIPPED,
        "8 bits, block 128": EIGHT,
        "8 bits, block 256": {**EIGHT, "decoder": Precision(8, 256), "decoder/embeddings": BLOCKS},
        "embedding block 256": {**EIGHT, "decoder/embeddings": Precision(8, 256)},
        "4 bits, block 32: query, key, value": {**EIGHT, "decoder/self_attention/linear_0": Precision(4, 32)},
        "4 bits, block 64: self-attention output": {**EIGHT, "decoder/self_attention/linear_1": Precision(4, 64)},
        "4 bits, block 64: cross query": {**EIGHT, "decoder/attention/linear_0": Precision(4, 64)},
        "4 bits, block 64: cross output": {**EIGHT, "decoder/attention/linear_2": Precision(4, 64)},
        "4 bits, block 64: ffn 1": {**EIGHT, "decoder/ffn/linear_0": Precision(4, 64)},
        "4 bits, block 32: ffn 2": {**EIGHT, "decoder/ffn/linear_1": Precision(4, 32)},
    },
}


class Host:
    """Runs the graphs of a recipe."""

    def __init__(self, models: Path) -> None:
        self.weights = ct2.read(models / "whisper-base-ct2" / "model.bin")
        self.shape = whisper.Shape.of(self.weights)
        vocabulary = Vocabulary(models / "whisper-base-ct2")
        self.section = vocabulary.section(self.shape.vocabulary)
        self.heads = vocabulary.alignment_heads()
        layers = range(self.shape.layers)
        self.cross = [f"cross_{kind}_{layer}" for kind in ("key", "value") for layer in layers]
        self.past = [f"self_{kind}_{layer}" for kind in ("key", "value") for layer in layers]

    def encoder(self, recipe: Recipe) -> Any:
        return _session(whisper.encoder(self.weights, recipe))

    def decoder(self, recipe: Recipe) -> tuple[Any, np.ndarray]:
        """The session and the token rows that its host would feed."""
        table, precision = self.weights["decoder/embeddings/weight"], recipe.precision("decoder/embeddings")
        head = None if precision.bits == 32 else quantize_blocks(table, precision.bits, precision.block)
        rows = table.astype(np.float32) if head is None else dequantize_blocks(head)
        return _session(whisper.decoder(self.weights, recipe, head, self.heads)), rows

    def hear(self, encoder: Any, samples: np.ndarray) -> dict[str, np.ndarray]:
        return dict(zip(self.cross, encoder.run(self.cross, {"audio": samples})))

    def feeds(self, rows: np.ndarray, tokens: list[int], memory: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        empty = np.zeros((1, self.shape.heads, 0, whisper.HEAD_SIZE), np.float32)
        return {"embeddings": rows[tokens][None], **{name: empty for name in self.past}, **memory}

    def scores(self, decoder: Any, rows: np.ndarray, memory: dict[str, np.ndarray], prompt: list[int], text: list[int]):
        """Log probabilities of text tokens and of the end, after the prompt and after each token of the text."""
        logits = decoder.run(["logits"], self.feeds(rows, prompt + text, memory))[0][0, len(prompt) - 1:]
        end = self.section["tokens"]["endOfText"]
        logits = logits[:, :end + 1].astype(np.float64)
        logits[:, [token for token in self.section["suppressed"] if token <= end]] = -1e9
        logits -= logits.max(axis=1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    def write(self, decoder: Any, rows: np.ndarray, memory: dict[str, np.ndarray], prompt: list[int], limit: int):
        """The likeliest text, token by token."""
        text: list[int] = []
        while len(text) < limit:
            token = int(self.scores(decoder, rows, memory, prompt, text)[-1].argmax())
            if token == self.section["tokens"]["endOfText"]:
                break
            text.append(token)
        return text


def _session(model: Any) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 2, 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def recordings(folder: Path, each: int) -> list[tuple[str, np.ndarray]]:
    """Language and samples with silence behind them, at most `each` of a language."""
    found: dict[str, list[np.ndarray]] = {"en": [], "es": []}
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        name, language = entry["file"], entry["lang"]
        if language not in found or not entry.get("text") or entry["seconds"] > LONGEST or not name.endswith(".wav"):
            continue
        try:
            with wave.open(str(folder / name)) as file:
                if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                    continue
                samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        except (wave.Error, EOFError):
            continue
        window = -(-(len(samples) + int(MARGIN * RATE)) // 5120) * 5120
        found[language].append(np.pad(samples, (0, window - len(samples)))[None])
    return [(language, samples) for language, clips in found.items() for samples in clips[:each]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="parley_forge.trials", description=__doc__)
    parser.add_argument("part", choices=sorted(TRIALS))
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--each", type=int, default=15, help="recordings of each language")
    options = parser.parse_args()
    host = Host(options.models)
    encoder, (decoder, rows) = host.encoder(FLOATS), host.decoder(FLOATS)
    tokens = host.section["tokens"]
    clips = []
    for language, samples in recordings(options.speech, options.each):
        prompt = [tokens["startOfTranscript"], host.section["languages"][language], tokens["transcribe"], tokens["noTimestamps"]]
        memory = host.hear(encoder, samples)
        text = host.write(decoder, rows, memory, prompt, limit=60)
        clips.append((language, samples, prompt, text, memory, host.scores(decoder, rows, memory, prompt, text)))
    audio = np.resize(clips[0][1], (1, int(4.8 * RATE)))
    step = host.feeds(rows, clips[0][2][:1], clips[0][4])
    for name, rules in TRIALS[options.part].items():
        recipe = Recipe(rules)
        if options.part == "encoder":
            trial = host.encoder(recipe)
            ratio = _ratio(lambda: trial.run(host.cross, {"audio": audio}), lambda: encoder.run(host.cross, {"audio": audio}))
            print(name, _compare(host, clips, decoder, rows, trial), f"time {ratio:.2f}", sep=" | ", flush=True)
        else:
            trial, own = host.decoder(recipe)
            ratio = _ratio(lambda: trial.run(["logits"], step), lambda: decoder.run(["logits"], step))
            print(name, _compare(host, clips, trial, own, None), f"time {ratio:.2f}", sep=" | ", flush=True)


def _compare(host: Host, clips: list[tuple], decoder: Any, rows: np.ndarray, encoder: Any) -> str:
    errors, divergences, flips = [], {"en": [], "es": []}, {"en": 0, "es": 0}
    for language, samples, prompt, text, memory, wanted in clips:
        heard = memory if encoder is None else host.hear(encoder, samples)
        keys = [(memory[name] - heard[name], memory[name]) for name in host.cross if "key" in name]
        errors.append(np.sqrt(sum((a ** 2).mean() for a, _ in keys) / sum((b ** 2).mean() for _, b in keys)))
        found = host.scores(decoder, rows, heard, prompt, text)
        divergences[language] += list((np.exp(wanted) * (wanted - found)).sum(axis=1))
        flips[language] += int((wanted.argmax(axis=1) != found.argmax(axis=1)).sum())
    parts = [f"error {100 * np.mean(errors):.1f} %"]
    for language, values in divergences.items():
        if values:
            parts.append(f"{language} KL {1000 * np.mean(values):.2f}, {flips[language]} of {len(values)}")
    return " | ".join(parts)


def _ratio(trial: Any, reference: Any, pairs: int = 9) -> float:
    def seconds(run: Any) -> float:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    return float(np.median([seconds(trial) / seconds(reference) for _ in range(pairs)]))


if __name__ == "__main__":
    main()
