"""The voice "heart": its graph with word times, the network for unknown words, and the text tables."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from . import tables
from .bundle import BundleWriter
from .graph import MICROSOFT
from .quantize import quantize_blocks

#: The rounded and clamped duration of each phoneme, in steps of 25 ms, from which the frames are laid out.
DURATION_TENSOR = "/Cast_32_output_0"
DURATION_OUTPUT = "frames_per_phoneme"
SAMPLE_RATE = 24_000
HOP = 300
#: Elements that share a scale in the network for unknown words.
UNKNOWN_WORDS_BLOCK = 128
#: One duration step is two spectral frames.
SAMPLES_PER_STEP = 2 * HOP


class VoiceError(Exception):
    """The voice cannot be built; the text says what, why and what to do."""


def add_to(bundle: BundleWriter, source: Path) -> None:
    """Adds `tts.voice.onnx`, `tts.oov.onnx`, `tts.tables` and the manifest section `tts`."""
    source = Path(source)
    bundle.add_graph("tts.voice", with_own_weights(with_durations(_load(source, "hibari.onnx"))))
    bundle.add_graph("tts.oov", with_block_weights(_load(source, "oov.onnx")))
    bundle.add_file("tts.tables", tables.build(source))
    bundle.metadata("tts", {
        "family": "hibari",
        "hop": HOP,
        "language": "en-US",
        "sampleRate": SAMPLE_RATE,
        "samplesPerStep": SAMPLES_PER_STEP,
        "tables": "tts.tables",
        "voice": "heart",
    })


def with_durations(model: ModelProto) -> ModelProto:
    """The graph with one more output: how many steps each phoneme lasts, [1, phonemes]."""
    result = ModelProto()
    result.CopyFrom(model)
    producer = next((node for node in result.graph.node if DURATION_TENSOR in node.output), None)
    if producer is None or producer.op_type != "Cast":
        raise VoiceError(
            f"The voice graph has no tensor {DURATION_TENSOR}: its version is unknown. Use hibari-tts 0.2.1.")
    axes = helper.make_tensor("frames_axes", TensorProto.INT64, [1], [0])
    result.graph.initializer.append(axes)
    result.graph.node.append(
        helper.make_node("Unsqueeze", [DURATION_TENSOR, axes.name], [DURATION_OUTPUT], DURATION_OUTPUT))
    result.graph.output.append(helper.make_tensor_value_info(DURATION_OUTPUT, TensorProto.INT64, [1, "L"]))
    return result


def with_own_weights(model: ModelProto) -> ModelProto:
    """The graph with constants of its own for every integer product; on file equal contents stay one.

    For processors without VNNI ONNX Runtime rewrites signed weights as unsigned ones, and fails where two share them.
    """
    result = ModelProto()
    result.CopyFrom(model)
    known = {tensor.name: tensor for tensor in result.graph.initializer}
    taken: dict[str, int] = {}
    for node in result.graph.node:
        if node.op_type != "MatMulInteger":
            continue
        for index in (1, 3):
            name = node.input[index]
            taken[name] = taken.get(name, 0) + 1
            if taken[name] > 1:
                copy = result.graph.initializer.add()
                copy.CopyFrom(known[name])
                copy.name = node.input[index] = f"{name}_{taken[name]}"
    return result


def with_block_weights(model: ModelProto) -> ModelProto:
    """The graph with 8-bit weights in every product with a constant matrix, and without its float matrices."""
    result = ModelProto()
    result.CopyFrom(model)
    matrices = {tensor.name: tensor for tensor in result.graph.initializer if len(tensor.dims) == 2}
    for node in result.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in matrices:
            continue
        name = node.input[1]
        weights = quantize_blocks(numpy_helper.to_array(matrices[name]).T, 8, UNKNOWN_WORDS_BLOCK)
        added = (f"{name}_codes", weights.packed), (f"{name}_scales", weights.scales.astype("float32"))
        result.graph.initializer.extend(numpy_helper.from_array(array, label) for label, array in added)
        node.op_type, node.domain = "MatMulNBits", MICROSOFT
        node.input[1:] = [label for label, _ in added]
        settings = {"K": weights.columns, "N": weights.rows, "bits": 8, "block_size": weights.block, "accuracy_level": 4}
        node.attribute.extend(helper.make_attribute(key, value) for key, value in settings.items())
    used = {name for node in result.graph.node for name in node.input}
    kept = [tensor for tensor in result.graph.initializer if tensor.name in used]
    del result.graph.initializer[:]
    result.graph.initializer.extend(kept)
    if all(entry.domain != MICROSOFT for entry in result.opset_import):
        result.opset_import.append(helper.make_opsetid(MICROSOFT, 1))
    return result


def _load(source: Path, name: str) -> ModelProto:
    path = source / name
    if not path.is_file():
        raise VoiceError(f"{name} is missing in {source}. Run `parley models pull hibari-heart`.")
    return onnx.load(path)
