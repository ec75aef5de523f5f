"""Goldens of every graph of a bundle, made with onnxruntime 1.31.1 on a processor with VNNI (`pip install onnxruntime`).

    python -m parley_forge.graph_goldens BUNDLE OUT.txt

Inputs are formulas of whole numbers, so that any program makes the same. A line of the file: role, output, then up to
64 of its values at equal distances.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

SAMPLES = 64
LAYERS = range(6)


def noise(count: int, amplitude: float, seed: int) -> np.ndarray:
    """Evenly spread values from -amplitude / 2 to amplitude / 2; constants of the generator: Numerical Recipes."""
    values = np.empty(count, np.float32)
    state = seed
    for index in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[index] = ((state >> 8) / 2**24 - 0.5) * amplitude
    return values


def buzz(count: int) -> np.ndarray:
    """A saw tooth of 100 Hz at 16 kHz that swells two and a half times a second, over a little noise."""
    index = np.arange(count)
    return (0.6 * (index % 160 / 160 - 0.5) * (index % 6400 / 6400)).astype(np.float32) + noise(count, 0.02, 1)


def inputs() -> dict[str, dict[str, np.ndarray]]:
    tokens, past, frames = 2, 3, 32
    decoder = {"embeddings": noise(tokens * 512, 0.4, 10).reshape(1, tokens, 512)}
    for layer in LAYERS:
        for kind, seed in (("key", 20), ("value", 30)):
            decoder[f"self_{kind}_{layer}"] = noise(8 * past * 64, 2, seed + layer).reshape(1, 8, past, 64)
        decoder[f"cross_key_{layer}"] = noise(8 * 64 * frames, 4, 40 + layer).reshape(1, 8, 64, frames)
        decoder[f"cross_value_{layer}"] = noise(8 * frames * 64, 2, 50 + layer).reshape(1, 8, frames, 64)
    phonemes = [0, 50, 83, 54, 156, 57, 16, 81, 156, 87, 123, 4, 0]
    return {
        "vad": {"input": buzz(3 * 576).reshape(3, 576), "state": np.zeros((2, 1, 128), np.float32)},
        "turn": {"input_features": noise(80 * 800, 3, 2).reshape(1, 80, 800)},
        "stt.encoder": {"audio": buzz(20480).reshape(1, 20480)},
        "stt.decoder": decoder,
        "tts.oov": {"chars": np.array([[18, 3, 20, 14, 7, 27, 5, 11]])},
        "tts.voice": {"ids": np.array([phonemes]), "speed": np.ones(1, np.float32)},
    }


def main(arguments: list[str]) -> None:
    import onnxruntime

    bundle, output = Path(arguments[0]), Path(arguments[1])
    lines = [
        f"# Origin: python -m parley_forge.graph_goldens, onnxruntime {onnxruntime.__version__}, AVX-512 VNNI.",
        "# Tolerances: GraphGoldenTests.swift."]
    for role, feeds in inputs().items():
        session = onnxruntime.InferenceSession(str(bundle / f"{role}.onnx"), providers=["CPUExecutionProvider"])
        results = session.run(None, {port.name: feeds[port.name] for port in session.get_inputs()})
        for port, values in zip(session.get_outputs(), results):
            flat = values.reshape(-1)
            picked = flat[::max(1, flat.size // SAMPLES)][:SAMPLES]
            lines.append(" ".join([role, port.name, *(f"{value:.6g}" for value in picked)]))
    output.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
