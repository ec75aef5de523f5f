"""Integer weights. Every step is elementwise IEEE arithmetic, rounding is to nearest, ties to even."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BlockWeights:
    """Rows of a matrix cut into blocks of inputs; each block has its own scale.

    `packed`: uint8 [rows, columns / block, block * bits / 8], the low half of a byte first;
    `scales`: float32 [rows, columns / block]; value = (q - zero_point) * scale.
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

    8 bits: scale = largest magnitude / 127. 4 bits: the extreme value of the block becomes -8, which uses all codes.
    """
    rows, columns = weight.shape
    if bits not in (4, 8) or columns % block:
        raise ValueError(f"{bits} bits in blocks of {block} do not fit {columns} columns. Use 8 or 4 bits that divide.")
    cells = weight.astype(np.float32).reshape(rows, columns // block, block)
    low, high = cells.min(axis=2), cells.max(axis=2)
    if bits == 8:
        scales = np.maximum(-low, high) / np.float32(127)
    else:
        scales = np.where(high > -low, high, low) / np.float32(-8)
    safe = np.where(scales == 0, np.float32(1), scales)
    half = 1 << (bits - 1)
    codes = np.clip(np.rint(cells / safe[:, :, None]), -half, half - 1).astype(np.int16) + half
    codes = codes.astype(np.uint8)
    if bits == 4:
        codes = codes[:, :, 0::2] | (codes[:, :, 1::2] << 4)
    return BlockWeights(np.ascontiguousarray(codes), scales.astype(np.float32), rows, columns, bits, block)


def dequantize_blocks(weights: BlockWeights) -> np.ndarray:
    """The float32 matrix [rows, columns] that the codes stand for."""
    codes = weights.packed
    if weights.bits == 4:
        codes = np.stack([codes & 15, codes >> 4], axis=3).reshape(weights.rows, -1, weights.block)
    values = codes.astype(np.float32) - np.float32(weights.zero_point)
    return (values * weights.scales[:, :, None]).reshape(weights.rows, weights.columns)


def quantize_columns(weight: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric INT8 with one scale an output: [in, out] int8 in -limit ... limit, and [out] float32.

    `limit` 127 is exact with VNNI only; 63 never saturates the 16-bit sums of older instructions.
    """
    scales = (np.abs(weight.astype(np.float32)).max(axis=1) / np.float32(limit)).astype(np.float32)
    safe = np.where(scales == 0, np.float32(1), scales)
    codes = np.rint(weight.astype(np.float32) / safe[:, None]).astype(np.int8)
    return np.ascontiguousarray(codes.T), scales
