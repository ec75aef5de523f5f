"""Reader of a CTranslate2 model file (versions 5 and 6): names, shapes and raw numbers, nothing computed."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

#: Element types by the number that the file uses.
_TYPES = {0: np.dtype("<f4"), 1: np.dtype("i1"), 2: np.dtype("<i2"), 3: np.dtype("<i4"), 4: np.dtype("<f2")}
_VERSIONS = (5, 6)


class CT2Error(Exception):
    """The file is not a CTranslate2 model that this reader knows."""


class _Cursor:
    def __init__(self, data: memoryview, name: str) -> None:
        self.data, self.position, self.name = data, 0, name

    def take(self, count: int) -> memoryview:
        end = self.position + count
        if end > len(self.data):
            raise CT2Error(
                f"{self.name} ends at byte {len(self.data)}, but {end} are needed. Fetch the file again.")
        piece = self.data[self.position:end]
        self.position = end
        return piece

    def number(self, code: str) -> int:
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def string(self) -> str:
        return bytes(self.take(self.number("H"))).rstrip(b"\0").decode("utf-8")


def read(path: Path) -> dict[str, np.ndarray]:
    """All variables of the file by name; aliases share the array of what they name.

    Arrays keep the element type of the file and are views of one buffer.
    Raises `CT2Error` when the file is cut off, of another version, or inconsistent.
    """
    cursor = _Cursor(memoryview(Path(path).read_bytes()), Path(path).name)
    version = cursor.number("I")
    if version not in _VERSIONS:
        raise CT2Error(f"{cursor.name} has format version {version}; known are 5 and 6. Use the published file.")
    cursor.string()
    cursor.number("I")
    variables = {}
    for _ in range(cursor.number("I")):
        name, array = _variable(cursor)
        variables[name] = array
    for _ in range(cursor.number("I")):
        alias, target = cursor.string(), cursor.string()
        if target not in variables:
            raise CT2Error(f"{cursor.name}: {alias} stands for {target}, which is missing. Fetch the file again.")
        variables[alias] = variables[target]
    if cursor.position != len(cursor.data):
        raise CT2Error(f"{cursor.name} goes on after its end at byte {cursor.position}. Fetch the file again.")
    return variables


def _variable(cursor: _Cursor) -> tuple[str, np.ndarray]:
    name = cursor.string()
    shape = tuple(cursor.number("I") for _ in range(cursor.number("B")))
    kind, size = cursor.number("B"), cursor.number("I")
    data = cursor.take(size)
    if kind not in _TYPES:
        raise CT2Error(f"{cursor.name}: {name} has the unknown element type {kind}. Use the published file.")
    count = int(np.prod(shape, dtype=np.int64))
    if count * _TYPES[kind].itemsize != size:
        raise CT2Error(f"{cursor.name}: {name} has {size} bytes for the shape {shape}. Fetch the file again.")
    return name, np.frombuffer(data, dtype=_TYPES[kind]).reshape(shape)
