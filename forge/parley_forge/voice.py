"""The voice "heart": its graph with word times, the network for unknown words, and the text tables."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import ModelProto, TensorProto, helper

from . import tables
from .bundle import BundleWriter

#: The rounded and clamped duration of each phoneme, in steps of 25 ms, from which the frames are laid out.
DURATION_TENSOR = "/Cast_32_output_0"
DURATION_OUTPUT = "frames_per_phoneme"
SAMPLE_RATE = 24_000
HOP = 300
#: One duration step is two spectral frames.
SAMPLES_PER_STEP = 2 * HOP


class VoiceError(Exception):
    """The voice cannot be built; the text says what, why and what to do."""


def add_to(bundle: BundleWriter, source: Path) -> None:
    """Adds `tts.voice.onnx`, `tts.oov.onnx`, `tts.tables` and the manifest section `tts`."""
    source = Path(source)
    bundle.add_graph("tts.voice", with_durations(_load(source, "hibari.onnx")))
    bundle.add_graph("tts.oov", _load(source, "oov.onnx"))
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


def _load(source: Path, name: str) -> ModelProto:
    path = source / name
    if not path.is_file():
        raise VoiceError(f"{name} is missing in {source}. Run `parley models pull hibari-heart`.")
    return onnx.load(path)
