"""Golden files for the voice, made with the voice package itself (`pip install hibari-tts==0.2.1`).

    python -m parley_forge.voice_goldens phonemes SENTENCES OUT.tsv    sentence, tab, phonemes of the package
    python -m parley_forge.voice_goldens waveform OUT.pcm              0.3 s of the voice with the noise below
    python -m parley_forge.voice_goldens vocoder                       base64 of 12 invented frames

Samples are 16-bit little-endian, 32767 for 1.0. The noise is a formula instead of a random generator, so that any
program can make the same.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import numpy as np

BINS = 601
#: The clip of the waveform golden: phonemes, first sample, samples.
PHONEMES, START, LENGTH = "həlˈO ðˈɛɹ, ɡˈʊd mˈɔɹnɪŋ.", 7_200, 7_200


class FormulaNoise:
    """Stands in for numpy's generator in the package."""

    def standard_normal(self, shape: tuple[int, int], dtype: type) -> np.ndarray:
        bins, frames = np.meshgrid(np.arange(shape[0]), np.arange(shape[1] // 2), indexing="ij")
        noise = np.empty(shape, dtype)
        noise[:, 0::2] = 1.2 * np.sin(12.9898 * bins + 78.233 * frames)
        noise[:, 1::2] = 1.2 * np.cos(39.346 * bins + 11.135 * frames)
        return noise


def invented_frames(count: int) -> list[np.ndarray]:
    """Spectra and pitch by formulas, with an unvoiced stretch."""
    k, f = np.meshgrid(np.arange(BINS), np.arange(count), indexing="ij")
    spectra = [
        1.5 - 0.004 * k + 0.5 * np.sin(0.37 * f + 0.011 * k), np.sin(0.05 * k + 0.9 * f),
        -5 + np.cos(0.02 * k - f), -6 + np.sin(0.03 * k + f), 3 * np.sin(0.013 * k * f + 1)]
    index = np.arange(count)
    pitch = np.where((index == 5) | (index == 6), 0, 120 + 60 * np.sin(0.4 * index))
    return [spectrum.astype(np.float32) for spectrum in spectra] + [pitch.astype(np.float32)]


def pcm(samples: np.ndarray) -> bytes:
    return np.round(samples * 32767).astype("<i2").tobytes()


def main(arguments: list[str]) -> None:
    from hibari import Hibari, dsp

    kind, rest = arguments[0], arguments[1:]
    if kind == "vocoder":
        print(base64.b64encode(pcm(dsp.synth(*invented_frames(12), FormulaNoise()))).decode("ascii"))
        return
    voice = Hibari()
    if kind == "waveform":
        samples = voice.from_ids(voice.ids(PHONEMES), 1.0, FormulaNoise())
        Path(rest[0]).write_bytes(pcm(samples[START:START + LENGTH]))
    else:
        lines = Path(rest[0]).read_text(encoding="utf-8").splitlines()
        Path(rest[1]).write_text("".join(f"{line}\t{voice.g2p(line)}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
