"""Writer of the audio bundle: small ONNX graphs over one weight file. The format is described in FORMAT.md."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Iterator

import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, numpy_helper

FORMAT_NAME = "parley-audio-bundle"
FORMAT_VERSION = 2
WEIGHTS_FILE = "audio.weights"
MANIFEST_FILE = "bundle.json"

#: Tensors up to this many bytes stay inside their graph.
INLINE_LIMIT = 1024
#: Tensors from this size on start on a page of their own, so that a runtime can map them.
PAGE_THRESHOLD = 64 * 1024
PAGE_ALIGNMENT = 4096
SMALL_ALIGNMENT = 64


class BundleError(Exception):
    """A bundle cannot be written; the text says what, why and what to do."""


class WeightFile:
    """Appends tensors to one file: aligned, and each content only once."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "wb")
        self._offsets: dict[tuple[bytes, int], int] = {}
        self._position = 0

    def add(self, data: bytes) -> int:
        """Stores the bytes unless they are there already; returns their offset in the file."""
        key = (hashlib.sha256(data).digest(), len(data))
        if key in self._offsets:
            return self._offsets[key]
        alignment = PAGE_ALIGNMENT if len(data) >= PAGE_THRESHOLD else SMALL_ALIGNMENT
        padding = -self._position % alignment
        self._file.write(bytes(padding))
        self._file.write(data)
        offset = self._position + padding
        self._position = offset + len(data)
        self._offsets[key] = offset
        return offset

    def close(self) -> None:
        self._file.close()


class BundleWriter:
    """Collects graphs, files and metadata in a folder; `finish` writes the manifest.

    The result depends on the content and on the order of the calls, and on nothing else.
    """

    def __init__(self, folder: Path, variant: str) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.weights = WeightFile(self.folder / WEIGHTS_FILE)
        self._graphs: dict[str, dict[str, Any]] = {}
        self._files: set[str] = {WEIGHTS_FILE}
        self._manifest: dict[str, Any] = {"format": FORMAT_NAME, "version": FORMAT_VERSION, "variant": variant}

    def add_weight(self, data: bytes) -> dict[str, Any]:
        """Stores bytes that the host reads itself; returns the reference for the manifest."""
        return {"file": WEIGHTS_FILE, "offset": self.weights.add(data), "bytes": len(data)}

    def add_graph(self, role: str, model: ModelProto) -> str:
        """Writes `<role>.onnx` with its initialisers in the weight file; returns the file name.

        `role` is a word of the catalogue (`vad`, `stt.encoder`, `tts.voice`). The model is not changed.
        """
        if role in self._graphs:
            raise BundleError(f"The graph {role} was added twice. Give each role one graph.")
        copy = ModelProto()
        copy.CopyFrom(model)
        for graph in _graphs(copy.graph):
            _hoist_constants(graph)
            for tensor in graph.initializer:
                self._externalise(tensor, role)
        name = f"{role}.onnx"
        self._write(name, copy.SerializeToString(deterministic=True))
        self._graphs[role] = {"file": name}
        return name

    def add_file(self, name: str, data: bytes) -> str:
        """Writes a file of the host's own format; returns its name."""
        self._write(name, data)
        return name

    def metadata(self, section: str, value: Any) -> None:
        """Sets one top-level key of the manifest, for example `stt` or `tts`."""
        if section in self._manifest or section in ("files", "graphs"):
            raise BundleError(f"The manifest has a section {section} already. Set each section once.")
        self._manifest[section] = value

    def finish(self) -> dict[str, Any]:
        """Closes the weight file and writes the manifest with the digest of every file; returns it."""
        self.weights.close()
        files = []
        for name in sorted(self._files):
            path = self.folder / name
            files.append({"name": name, "bytes": path.stat().st_size, "sha256": file_digest(path)})
        manifest = dict(self._manifest, graphs=self._graphs, files=files)
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=True) + "\n"
        (self.folder / MANIFEST_FILE).write_text(text, encoding="ascii")
        return manifest

    def _write(self, name: str, data: bytes) -> None:
        if name in self._files or name == MANIFEST_FILE or os.path.basename(name) != name:
            raise BundleError(f"The file name {name} is taken or is not a plain name. Choose another.")
        (self.folder / name).write_bytes(data)
        self._files.add(name)

    def _externalise(self, tensor: TensorProto, role: str) -> None:
        if tensor.data_location == TensorProto.EXTERNAL:
            raise BundleError(
                f"The tensor {tensor.name} of {role} lives in another file. Load the model with its data first.")
        data = tensor_bytes(tensor)
        if data is None or len(data) <= INLINE_LIMIT:
            return
        offset = self.weights.add(data)
        kept = (tensor.name, tensor.data_type, list(tensor.dims))
        tensor.Clear()
        tensor.name, tensor.data_type = kept[0], kept[1]
        tensor.dims.extend(kept[2])
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", WEIGHTS_FILE), ("offset", str(offset)), ("length", str(len(data)))):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value


def tensor_bytes(tensor: TensorProto) -> bytes | None:
    """The little-endian bytes of a tensor; nothing for strings, which cannot be external."""
    if tensor.data_type == TensorProto.STRING:
        return None
    if tensor.HasField("raw_data"):
        return tensor.raw_data
    array = numpy_helper.to_array(tensor)
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def file_digest(path: Path) -> str:
    """SHA-256 of a file in lower-case hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _graphs(graph: GraphProto) -> Iterator[GraphProto]:
    """The graph and the bodies of its control flow nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from _graphs(attribute.g)
            elif attribute.type == AttributeProto.GRAPHS:
                for body in attribute.graphs:
                    yield from _graphs(body)


def _hoist_constants(graph: GraphProto) -> None:
    """Turns large `Constant` nodes into initialisers: only those can live in the weight file."""
    kept: list[NodeProto] = []
    for node in graph.node:
        value = next((a.t for a in node.attribute if a.name == "value" and a.type == AttributeProto.TENSOR), None)
        if node.op_type == "Constant" and value is not None and len(tensor_bytes(value) or b"") > INLINE_LIMIT:
            tensor = graph.initializer.add()
            tensor.CopyFrom(value)
            tensor.name = node.output[0]
        else:
            kept.append(node)
    if len(kept) != len(graph.node):
        copies = [onnx.NodeProto.FromString(node.SerializeToString(deterministic=True)) for node in kept]
        del graph.node[:]
        graph.node.extend(copies)
