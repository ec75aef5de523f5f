"""Tables of Whisper's log-mel front end, the same bits on every machine.

Sines, logarithms and powers come from `decimal` with 40 digits, so no vector library decides a last bit; what follows
is elementwise arithmetic in float64 (exact by IEEE 754) and one rounding to float32.
Source of the constants: Whisper, `whisper/audio.py`; mel scale: Slaney's Auditory Toolbox as used there.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np

SAMPLE_RATE = 16000
WINDOW = 400
HOP = 160
MEL_BANDS = 80
BINS = WINDOW // 2 + 1

_DIGITS = 40
_PI = Decimal("3.1415926535897932384626433832795028841971693993751")


def cosine_table(period: int) -> np.ndarray:
    """cos(2 pi n / period) for n in 0 ..< period; float64, each value correctly rounded. `period` divides by 4."""
    quarter = [float(_cosine(index, period)) for index in range(period // 4)] + [0.0]
    values = np.empty(period)
    for index in range(period):
        folded = min(index, period - index)
        mirrored = period // 2 - folded
        values[index] = quarter[folded] if folded <= period // 4 else -quarter[mirrored]
    return values


def _cosine(index: int, period: int) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        square = (2 * _PI * index / period) ** 2
        term = total = Decimal(1)
        step = 0
        while abs(term) > Decimal(10) ** -_DIGITS:
            step += 2
            term = -term * square / (step * (step - 1))
            total += term
        return total


def transform_kernel() -> np.ndarray:
    """Windowed Fourier transform as a convolution kernel, [2 * 201, 1, 400] float32: real parts, then imaginary parts.

    The window is the periodic Hann window.
    """
    cosine = cosine_table(WINDOW)
    window = 0.5 - 0.5 * cosine
    phase = (np.arange(BINS)[:, None] * np.arange(WINDOW)[None, :]) % WINDOW
    real = cosine[phase] * window
    imaginary = cosine[(phase + WINDOW // 4) % WINDOW] * window
    return np.concatenate([real, imaginary])[:, None, :].astype(np.float32)


def mel_filters() -> np.ndarray:
    """Triangular filters of unit area, [80, 201] float32, from 0 to 8000 Hz on Slaney's scale."""
    edges = np.array([float(_hertz(band)) for band in range(MEL_BANDS + 2)])
    bins = np.arange(BINS) * (SAMPLE_RATE / WINDOW)
    width = edges[1:] - edges[:-1]
    slope = edges[:, None] - bins[None, :]
    rising = -slope[:-2] / width[:-1, None]
    falling = slope[2:] / width[1:, None]
    filters = np.maximum(0.0, np.minimum(rising, falling))
    return (filters * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


def _hertz(band: int) -> Decimal:
    """Edge `band` of 0 ... 81, equally spaced in mel: linear up to 1000 Hz (15 mel), then 27 mel a factor of 6.4."""
    with localcontext() as context:
        context.prec = _DIGITS
        step = Decimal("6.4").ln() / 27
        top = 15 + (Decimal(SAMPLE_RATE) / 2 / 1000).ln() / step
        mel = top * band / (MEL_BANDS + 1)
        return mel * 200 / 3 if mel < 15 else 1000 * (step * (mel - 15)).exp()


def position_rates(count: int) -> np.ndarray:
    """Angle a frame of each sine of the encoder's positions, [1, count] float32: 1 ... 1/10000, equally spaced in log."""
    with localcontext() as context:
        context.prec = _DIGITS
        step = Decimal(10_000).ln() / (count - 1)
        return np.array([[float((-step * index).exp()) for index in range(count)]]).astype(np.float32)
