"""Integer weights. Every step is elementwise IEEE arithmetic, rounding is to nearest, ties to even."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BlockWeights:
    """Rows of a matrix cut into blocks of inputs; each block has its own scale.

    `packed`: uint8 [rows, columns / block, block * bits / 8], the low half of a byte first;
    `scales`: float16 [rows, columns / block]; value = (q - zero_point) * scale.
    """

    packed: np.ndarray
    scales: np.ndarray
    rows: int
    columns: int
    bits: int
    block: int

    @property
    def zero_point(self) -> int:
        return 1 << (self.bits - 1)


def quantize_blocks(weight: np.ndarray, bits: int, block: int) -> BlockWeights:
    """Symmetric quantisation of `weight` [rows, columns] to 8 or 4 bits; `columns` is a multiple of `block`.

    8 bits: scale = largest magnitude / 127. 4 bits: of the scales that take the extreme value of the block to -8 or
    beyond, the one with the smallest squared error. Codes are made for the scale as it is stored, a half float.
    """
    rows, columns = weight.shape
    if bits not in (4, 8) or columns % block:
        raise ValueError(f"{bits} bits in blocks of {block} do not fit {columns} columns. Use 8 or 4 bits that divide.")
    cells = weight.astype(np.float32).reshape(rows, columns // block, block)
    low, high = cells.min(axis=2), cells.max(axis=2)
    if bits == 8:
        scales = (np.maximum(-low, high) / np.float32(127)).astype(np.float16)
    else:
        scales = _best_scales(cells, np.where(high > -low, high, low) / np.float32(-8))
    codes = (_codes(cells, scales, 1 << (bits - 1)) + (1 << (bits - 1))).astype(np.uint8)
    if bits == 4:
        codes = codes[:, :, 0::2] | (codes[:, :, 1::2] << 4)
    return BlockWeights(np.ascontiguousarray(codes), scales, rows, columns, bits, block)


def _codes(cells: np.ndarray, scales: np.ndarray, half: int) -> np.ndarray:
    """Whole numbers from -half to half - 1, as float32."""
    wide = scales.astype(np.float32)
    safe = np.where(wide == 0, np.float32(1), wide)
    return np.clip(np.rint(cells / safe[:, :, None]), -half, half - 1)


#: Factors that are tried on the scale of a block of 4-bit numbers.
_TRIALS = [np.float32(step / 64) for step in range(64, 43, -1)]


def _best_scales(cells: np.ndarray, widest: np.ndarray) -> np.ndarray:
    """Of each block's widest scale times the trial factors the one with the least squared error, as half floats.

    Errors are compared as whole numbers, whose sum is the same in any order.
    """
    unit = np.abs(cells).max(axis=2, keepdims=True)
    unit = np.where(unit == 0, np.float32(1), unit)
    best = widest.astype(np.float16)
    least = np.full(widest.shape, np.iinfo(np.int64).max)
    for factor in _TRIALS:
        scales = (widest * factor).astype(np.float16)
        error = (_codes(cells, scales, 8) * scales.astype(np.float32)[:, :, None] - cells) / unit
        loss = np.rint(error * np.float32(1 << 20)).astype(np.int64)
        loss = (loss * loss).sum(axis=2)
        better = loss < least
        best, least = np.where(better, scales, best), np.where(better, loss, least)
    return best


def dequantize_blocks(weights: BlockWeights) -> np.ndarray:
    """The float32 matrix [rows, columns] that the codes stand for."""
    codes = weights.packed
    if weights.bits == 4:
        codes = np.stack([codes & 15, codes >> 4], axis=3).reshape(weights.rows, -1, weights.block)
    values = codes.astype(np.float32) - np.float32(weights.zero_point)
    return (values * weights.scales.astype(np.float32)[:, :, None]).reshape(weights.rows, weights.columns)


def quantize_columns(weight: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric INT8 with one scale an output: [in, out] int8 in -limit ... limit, and [out] float32.

    `limit` 127 is exact with VNNI only; 63 never saturates the 16-bit sums of older instructions.
    """
    scales = (np.abs(weight.astype(np.float32)).max(axis=1) / np.float32(limit)).astype(np.float32)
    safe = np.where(scales == 0, np.float32(1), scales)
    codes = np.rint(weight.astype(np.float32) / safe[:, None]).astype(np.int8)
    return np.ascontiguousarray(codes.T), scales
