"""One bundle from the folders of published weights: the steps, their order, and the folder that appears at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

import numpy as np
import onnx

from . import ct2, frontend, vad, voice, whisper
from .bundle import BundleWriter, file_digest
from .precision import Precision, Recipe
from .quantize import BlockWeights, quantize_blocks
from .vocabulary import Vocabulary

WHISPER, VOICE, VAD, TURN = "whisper-base-ct2", "hibari-heart", "silero-vad", "smart-turn-v3.2"
VAD_FILE, TURN_FILE = "silero_vad_16k_op15.onnx", "smart-turn-v3.2-cpu.onnx"
SOURCES = {
    WHISPER: ["model.bin", "tokenizer.json", "vocabulary.txt", "config.json"],
    VOICE: [
        "hibari.onnx", "oov.onnx", "oov.json", "vocab.json", "normalize.json", "tokenizer_exceptions.json",
        "lexicon_us_gold.json.gz", "lexicon_us_silver.json.gz", "tagger.json.gz"],
    VAD: [VAD_FILE],
    TURN: [TURN_FILE],
}

Report = Callable[[str], None]


class BuildError(Exception):
    """The bundle cannot be built; the text says what, why and what to do."""


RECIPES = {
    "int8": Recipe({
        "encoder": Precision(0),
        "encoder/ffn/linear_1": Precision(0, by_row=True),
        "encoder/conv2": Precision(0, by_row=True),
        "decoder": Precision(8, 128),
        "decoder/self_attention/linear_0": Precision(4, 64),
        "decoder/attention/linear_1": Precision(0),
    }),
    "fp32": Recipe({"encoder": Precision(32), "decoder": Precision(32)}),
}


def build(variant: str, models: Path, output: Path, report: Report) -> dict[str, Any]:
    """Builds `output` from the sources in `models`; the folder appears, or is replaced, only when complete.

    Returns the manifest. Raises `BuildError` when a source is missing.
    """
    _require_sources(models)
    output = output.absolute()
    output.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        work.chmod(0o755)
        manifest = _fill(BundleWriter(work, variant), RECIPES[variant], models, report)
        _replace(work, output)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _fill(bundle: BundleWriter, recipe: Recipe, models: Path, report: Report) -> dict[str, Any]:
    with _step(report, "digests of the sources"):
        bundle.metadata("sources", _describe_sources(models))
    with _step(report, "voice activity and end of turn"):
        bundle.add_graph("vad", vad.graph(onnx.load(models / VAD / VAD_FILE)))
        bundle.add_graph("turn", onnx.load(models / TURN / TURN_FILE))
    with _step(report, "voice, lexicons, tagger"):
        voice.add_to(bundle, models / VOICE)
    with _step(report, "reading Whisper base"):
        weights = ct2.read(models / WHISPER / "model.bin")
        vocabulary = Vocabulary(models / WHISPER)
        shape = whisper.Shape.of(weights)
    with _step(report, "embedding"):
        head, embedding = _embedding(bundle, weights["decoder/embeddings/weight"], recipe.precision("decoder/embeddings"))
    with _step(report, "encoder graph"):
        bundle.add_graph("stt.encoder", whisper.encoder(weights, recipe))
    heads = vocabulary.alignment_heads()
    with _step(report, "decoder graph"):
        bundle.add_graph("stt.decoder", whisper.decoder(weights, recipe, head, heads))
    bundle.add_file("stt.vocabulary", vocabulary.table(shape.vocabulary))
    bundle.metadata("stt", _stt_section(shape, vocabulary, embedding, heads))
    with _step(report, "digests of the bundle"):
        return bundle.finish()


def _embedding(
    bundle: BundleWriter, table: np.ndarray, precision: Precision
) -> tuple[BlockWeights | None, dict[str, Any]]:
    """Stores the token rows once; the output layer of the decoder shares the bytes."""
    rows, columns = table.shape
    if precision.bits == 32:
        reference = bundle.add_weight(np.ascontiguousarray(table, dtype="<f4").tobytes())
        layout = {"bits": 32, "block": 0, "scalesOffset": 0, "scalesBytes": 0, "zeroPoint": 0}
        return None, {**reference, "rows": rows, "columns": columns, **layout}
    blocks = quantize_blocks(table, precision.bits, precision.block)
    reference = bundle.add_weight(blocks.packed.tobytes())
    scales = bundle.add_weight(blocks.scales.tobytes())
    layout = {
        "bits": blocks.bits, "block": blocks.block, "zeroPoint": blocks.zero_point,
        "scalesOffset": scales["offset"], "scalesBytes": scales["bytes"]}
    return blocks, {**reference, "rows": rows, "columns": columns, **layout}


def _stt_section(
    shape: whisper.Shape, vocabulary: Vocabulary, embedding: dict[str, Any], heads: list[tuple[int, int]]
) -> dict[str, Any]:
    return {
        **vocabulary.section(shape.vocabulary),
        "alignmentHeads": [list(pair) for pair in heads],
        "embedding": embedding,
        "family": "whisper",
        "headSize": whisper.HEAD_SIZE,
        "heads": shape.heads,
        "layers": shape.layers,
        "maximumSamples": shape.frames * whisper.SAMPLES_PER_FRAME,
        "maximumTokens": shape.tokens,
        "sampleRate": frontend.SAMPLE_RATE,
        "samplesPerFrame": whisper.SAMPLES_PER_FRAME,
        "vocabulary": "stt.vocabulary",
        "vocabularySize": shape.vocabulary,
        "width": shape.width,
    }


def _require_sources(models: Path) -> None:
    for entry, names in SOURCES.items():
        for name in names:
            if not (models / entry / name).is_file():
                raise BuildError(f"{entry}/{name} is missing in {models}. Run `parley models pull {entry}`.")


def _describe_sources(models: Path) -> list[dict[str, Any]]:
    described = []
    for entry, names in sorted(SOURCES.items()):
        for name in sorted(names):
            path = models / entry / name
            described.append(
                {"id": entry, "file": name, "bytes": path.stat().st_size, "sha256": file_digest(path)})
    return described


def _replace(work: Path, output: Path) -> None:
    if output.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{output.name}.old.", dir=output.parent))
        os.rename(output, old / "bundle")
        os.rename(work, output)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.rename(work, output)


@contextmanager
def _step(report: Report, name: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    report(f"{name}: {time.monotonic() - start:.1f} s")
