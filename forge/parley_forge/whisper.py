"""Whisper as two ONNX graphs: waveform to cross-attention keys and values, and token embeddings to logits.

Layer names are those of the CTranslate2 file. Shapes in the comments: n new tokens, P past tokens, T encoder frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

import numpy as np
import onnx

from . import frontend
from .graph import MICROSOFT, GraphBuilder, Precision
from .quantize import BlockWeights

SAMPLES_PER_FRAME = 2 * frontend.HOP
HEAD_SIZE = 64
#: Attention heads of Whisper base (multilingual) that follow the audio. Source: Whisper, `_ALIGNMENT_HEADS["base"]`.
ALIGNMENT_HEADS = [(3, 1), (4, 2), (4, 3), (4, 7), (5, 1), (5, 2), (5, 4), (5, 6)]

Weights = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Shape:
    """Sizes read from the weights."""

    layers: int
    width: int
    vocabulary: int
    frames: int
    tokens: int

    @property
    def heads(self) -> int:
        return self.width // HEAD_SIZE

    @staticmethod
    def of(weights: Weights) -> "Shape":
        vocabulary, width = weights["decoder/embeddings/weight"].shape
        layers = 0
        while f"decoder/layer_{layers}/ffn/linear_0/weight" in weights:
            layers += 1
        return Shape(
            layers=layers, width=width, vocabulary=vocabulary,
            frames=weights["encoder/position_encodings/encodings"].shape[0],
            tokens=weights["decoder/position_encodings/encodings"].shape[0])


class _Block:
    """Weights of one layer under short names."""

    def __init__(self, weights: Weights, prefix: str) -> None:
        self._weights, self._prefix = weights, prefix

    def linear(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        return self._weights[f"{self._prefix}/{name}/weight"], self._weights[f"{self._prefix}/{name}/bias"]

    def norm(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        stem = f"{self._prefix}/{name}/layer_norm" if name else f"{self._prefix}/layer_norm"
        return self._weights[f"{stem}/gamma"], self._weights[f"{stem}/beta"]


def _log_mel(graph: GraphBuilder, audio: str) -> str:
    """[1, N] samples to [1, 80, N / 160], as Whisper's own front end makes it for the same samples.

    Whisper reflects 200 samples on both sides and drops the last frame; 40 on the right give the same frames.
    """
    reach = frontend.WINDOW // 2
    padded = graph.node("Pad", [audio, graph.integers(0, reach, 0, reach - frontend.HOP)], mode="reflect")
    signal = graph.reshape(padded, 1, 1, -1)
    kernel = graph.constant(frontend.transform_kernel())
    spectrum = graph.node("Conv", [signal, kernel], strides=[frontend.HOP])
    parts = graph.nodes("Split", [spectrum, graph.integers(frontend.BINS, frontend.BINS)], 2, axis=1)
    squares = [graph.node("Mul", [part, part]) for part in parts]
    power = graph.node("Add", squares)
    energies = graph.node("MatMul", [graph.constant(frontend.mel_filters()), power])
    floor = graph.node("Max", [energies, graph.constant(np.float32(1e-10))])
    decades = graph.node("Mul", [graph.node("Log", [floor]), graph.constant(np.float32(0.43429448190325182))])
    peak = graph.node("ReduceMax", [decades], keepdims=0)
    limit = graph.node("Sub", [peak, graph.constant(np.float32(8))])
    clamped = graph.node("Max", [decades, limit])
    shifted = graph.node("Add", [clamped, graph.constant(np.float32(4))])
    return graph.node("Mul", [shifted, graph.constant(np.float32(0.25))])


def _convolution(graph: GraphBuilder, value: str, block: _Block, name: str, stride: int) -> str:
    """A convolution of width 3 with GELU. Half precision on file is exact: the published weights are half floats."""
    weight, bias = block.linear(name)
    kernel = graph.node("Cast", [graph.constant(weight.astype(np.float16))], to=onnx.TensorProto.FLOAT)
    inputs = [value, kernel, graph.constant(bias.astype(np.float32))]
    return graph.node("Gelu", [graph.node("Conv", inputs, strides=[stride], pads=[1, 1])], 1, MICROSOFT)


def _positions(graph: GraphBuilder, table: np.ndarray, start: str, end: str) -> str:
    rows = graph.slice(graph.constant(table.astype(np.float16)), start, end, 0)
    return graph.node("Cast", [rows], to=onnx.TensorProto.FLOAT)


def _extent(graph: GraphBuilder, value: str, axis: int) -> str:
    """Length of one axis as a tensor [1]."""
    return graph.node("Shape", [value], start=axis, end=axis + 1)


def _feed_forward(graph: GraphBuilder, value: str, block: _Block, precision: Precision, contraction: Precision) -> str:
    hidden = graph.linear(value, *block.linear("ffn/linear_0"), precision)
    return graph.linear(graph.node("Gelu", [hidden], 1, MICROSOFT), *block.linear("ffn/linear_1"), contraction)


def encoder(weights: Weights, precision: Precision, contraction: Precision) -> onnx.ModelProto:
    """`audio` [1, N] to `cross_key_i` [1, heads, 64, T] and `cross_value_i` [1, heads, T, 64], T = N / 320.

    `contraction` is the precision of the second matrix of each feed-forward block: its input, after GELU, has a few
    values of more than a hundred times the mean, which one scale for the whole tensor cannot carry.
    """
    shape = Shape.of(weights)
    graph = GraphBuilder("stt.encoder")
    top = _Block(weights, "encoder")
    features = _log_mel(graph, graph.input("audio", [1, "N"]))
    features = _convolution(graph, features, top, "conv1", 1)
    features = _convolution(graph, features, top, "conv2", 2)
    features = graph.transpose(features, 0, 2, 1)
    table = weights["encoder/position_encodings/encodings"]
    places = _positions(graph, table, graph.integers(0), _extent(graph, features, 1))
    state = graph.node("Add", [features, places])
    blocks = [_Block(weights, f"encoder/layer_{layer}") for layer in range(shape.layers)]
    normal = graph.layer_norm(state, *blocks[0].norm("self_attention"))
    for layer, block in enumerate(blocks):
        update = _encoder_attention(graph, normal, block, shape, precision)
        normal, state = graph.add_and_norm(update, state, *block.norm("ffn"))
        update = _feed_forward(graph, normal, block, precision, contraction)
        following = blocks[layer + 1].norm("self_attention") if layer + 1 < shape.layers else top.norm("")
        normal, state = graph.add_and_norm(update, state, *following)
    for layer in range(shape.layers):
        _cross_memory(graph, normal, _Block(weights, f"decoder/layer_{layer}"), layer, shape, precision)
    return graph.model("Whisper encoder: waveform in, keys and values of the decoder's cross-attention out")


def _encoder_attention(graph: GraphBuilder, value: str, block: _Block, shape: Shape, precision: Precision) -> str:
    fused = graph.linear(value, *block.linear("self_attention/linear_0"), precision)
    query, key, content = graph.nodes("Split", [fused, graph.integers(*[shape.width] * 3)], 3, axis=2)
    mixed = graph.node("MultiHeadAttention", [query, key, content], 1, MICROSOFT, num_heads=shape.heads)
    return graph.linear(mixed, *block.linear("self_attention/linear_1"), precision)


def _cross_memory(
    graph: GraphBuilder, value: str, block: _Block, layer: int, shape: Shape, precision: Precision
) -> None:
    fused = graph.linear(value, *block.linear("attention/linear_1"), precision)
    key, content = graph.nodes("Split", [fused, graph.integers(shape.width, shape.width)], 2, axis=2)
    key = graph.reshape(graph.transpose(key, 0, 2, 1), 1, shape.heads, HEAD_SIZE, -1)
    content = graph.transpose(graph.reshape(content, 1, -1, shape.heads, HEAD_SIZE), 0, 2, 1, 3)
    graph.output(f"cross_key_{layer}", key, [1, shape.heads, HEAD_SIZE, "T"])
    graph.output(f"cross_value_{layer}", content, [1, shape.heads, "T", HEAD_SIZE])


def decoder(
    weights: Weights, precision: Precision, head: BlockWeights | None, alignment_heads: list[tuple[int, int]]
) -> onnx.ModelProto:
    """`embeddings` [1, n, width] and the past to `logits` [1, n, vocabulary], the present and `alignment` [A, n, T].

    Without `head` the output layer multiplies by the float embedding.
    """
    shape = Shape.of(weights)
    graph = GraphBuilder("stt.decoder")
    top = _Block(weights, "decoder")
    embeddings = graph.input("embeddings", [1, "n", shape.width])
    past = [
        [graph.input(f"self_{kind}_{layer}", [1, shape.heads, "P", HEAD_SIZE]) for kind in ("key", "value")]
        for layer in range(shape.layers)]
    memory = [
        [graph.input(f"cross_key_{layer}", [1, shape.heads, HEAD_SIZE, "T"]),
         graph.input(f"cross_value_{layer}", [1, shape.heads, "T", HEAD_SIZE])]
        for layer in range(shape.layers)]
    start = _extent(graph, past[0][0], 2)
    end = graph.node("Add", [start, _extent(graph, embeddings, 1)])
    places = _positions(graph, weights["decoder/position_encodings/encodings"], start, end)
    state = graph.node("Add", [embeddings, places])
    blocks = [_Block(weights, f"decoder/layer_{layer}") for layer in range(shape.layers)]
    normal = graph.layer_norm(state, *blocks[0].norm("self_attention"))
    attention = {}
    for layer, block in enumerate(blocks):
        update = _self_attention(graph, normal, block, layer, past[layer], shape, precision)
        normal, state = graph.add_and_norm(update, state, *block.norm("attention"))
        update, attention[layer] = _cross_attention(graph, normal, block, memory[layer], shape, precision)
        normal, state = graph.add_and_norm(update, state, *block.norm("ffn"))
        update = _feed_forward(graph, normal, block, precision, precision)
        following = blocks[layer + 1].norm("self_attention") if layer + 1 < shape.layers else top.norm("")
        normal, state = graph.add_and_norm(update, state, *following)
    graph.output("logits", _logits(graph, normal, weights, head), [1, "n", shape.vocabulary])
    picked = _alignment(graph, attention, alignment_heads)
    graph.output("alignment", picked, [len(alignment_heads), "n", "T"])
    return graph.model("Whisper decoder: one graph for the prompt and for every step")


def _self_attention(
    graph: GraphBuilder, value: str, block: _Block, layer: int, past: list[str], shape: Shape, precision: Precision
) -> str:
    fused = graph.linear(value, *block.linear("self_attention/linear_0"), precision)
    parts = graph.nodes("Split", [fused, graph.integers(*[shape.width] * 3)], 3, axis=2)
    mixed, key, content = graph.nodes(
        "MultiHeadAttention", [*parts, "", "", "", *past], 3, MICROSOFT, num_heads=shape.heads, unidirectional=1)
    graph.output(f"present_key_{layer}", key, [1, shape.heads, "P + n", HEAD_SIZE])
    graph.output(f"present_value_{layer}", content, [1, shape.heads, "P + n", HEAD_SIZE])
    return graph.linear(mixed, *block.linear("self_attention/linear_1"), precision)


def _cross_attention(
    graph: GraphBuilder, value: str, block: _Block, memory: list[str], shape: Shape, precision: Precision
) -> tuple[str, str]:
    """Returns the update and the probabilities [1, heads, n, T]. The scale 1/8 is folded in, which is exact."""
    weight, bias = block.linear("attention/linear_0")
    scale = np.float32(HEAD_SIZE ** -0.5)
    query = graph.linear(value, weight.astype(np.float32) * scale, bias.astype(np.float32) * scale, precision)
    query = graph.transpose(graph.reshape(query, 1, -1, shape.heads, HEAD_SIZE), 0, 2, 1, 3)
    probabilities = graph.node("Softmax", [graph.node("MatMul", [query, memory[0]])], axis=-1)
    mixed = graph.transpose(graph.node("MatMul", [probabilities, memory[1]]), 0, 2, 1, 3)
    mixed = graph.reshape(mixed, 1, -1, shape.width)
    return graph.linear(mixed, *block.linear("attention/linear_2"), precision), probabilities


def _logits(graph: GraphBuilder, value: str, weights: Weights, head: BlockWeights | None) -> str:
    if head is not None:
        return graph.block_linear(value, head)
    table = weights["decoder/embeddings/weight"].astype(np.float32)
    flat = graph.reshape(value, -1, table.shape[1])
    return graph.reshape(graph.node("Gemm", [flat, graph.constant(table)], transB=1), 1, -1, table.shape[0])


def _alignment(graph: GraphBuilder, attention: dict[int, str], heads: list[tuple[int, int]]) -> str:
    """Probabilities of the chosen heads, [A, n, T], in their order (sorted by layer)."""
    picked = []
    for layer in sorted({layer for layer, _ in heads}):
        indices = graph.integers(*[head for owner, head in heads if owner == layer])
        heads_of_layer = graph.node("Squeeze", [attention[layer], graph.integers(0)])
        picked.append(graph.node("Gather", [heads_of_layer, indices], axis=0))
    return graph.node("Concat", picked, axis=0)
