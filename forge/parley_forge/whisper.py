"""Whisper as two ONNX graphs: waveform to cross-attention keys and values, and token embeddings to logits.

Layer names are those of the CTranslate2 file. Shapes in the comments: n new tokens, P past tokens, T encoder frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

import numpy as np
import onnx

from . import frontend
from .graph import MICROSOFT, GraphBuilder
from .precision import Precision, Recipe
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

    def __init__(self, weights: Weights, prefix: str, recipe: Recipe) -> None:
        self._weights, self._prefix, self._recipe = weights, prefix, recipe

    def weight(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """A matrix or kernel and its bias, in half floats as published."""
        return self._weights[f"{self._prefix}/{name}/weight"], self._weights[f"{self._prefix}/{name}/bias"]

    def linear(self, graph: GraphBuilder, value: str, name: str, scale: float = 1) -> str:
        """`value` times the matrix plus the bias, both times `scale`, in the recipe's precision."""
        weight, bias = (array.astype(np.float32) * np.float32(scale) for array in self.weight(name))
        return graph.linear(value, weight, bias, self._recipe.precision(f"{self._prefix}/{name}"))

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


def _convolution(graph: GraphBuilder, value: str, block: _Block, name: str) -> str:
    """A convolution of width 3 with GELU, [1, in, T] to [1, out, T].

    Half precision on file is exact: the published weights are half floats.
    """
    weight, bias = block.weight(name)
    kernel = graph.node("Cast", [graph.constant(weight.astype(np.float16))], to=onnx.TensorProto.FLOAT)
    inputs = [value, kernel, graph.constant(bias.astype(np.float32))]
    return graph.node("Gelu", [graph.node("Conv", inputs, pads=[1, 1])], 1, MICROSOFT)


def _halving_convolution(graph: GraphBuilder, value: str, block: _Block, name: str, precision: Precision) -> str:
    """A convolution of width 3 and stride 2 with GELU, [1, in, T] to [1, T / 2, out], as one matrix product.

    The three inputs of each output lie side by side, so that the kernel can be integers like every other matrix.
    """
    weight, bias = block.weight(name)
    padded = graph.node("Pad", [graph.transpose(value, 0, 2, 1), graph.integers(0, 1, 0, 0, 1, 0)])
    last = graph.integers(np.iinfo(np.int64).max)
    taps = [
        graph.node("Slice", [padded, graph.integers(tap), end, graph.integers(1), graph.integers(2)])
        for tap, end in ((0, graph.integers(-2)), (1, graph.integers(-1)), (2, last))]
    beside = graph.node("Concat", taps, axis=2)
    matrix = weight.transpose(0, 2, 1).reshape(weight.shape[0], -1).astype(np.float32)
    return graph.node("Gelu", [graph.linear(beside, matrix, bias, precision)], 1, MICROSOFT)


def _positions(graph: GraphBuilder, table: np.ndarray, start: str, end: str) -> str:
    rows = graph.slice(graph.constant(table.astype(np.float16)), start, end, 0)
    return graph.node("Cast", [rows], to=onnx.TensorProto.FLOAT)


def _sinusoids(graph: GraphBuilder, count: str, width: int) -> str:
    """The first `count` [1] rows of the encoder's positions [count, width]: sines, then cosines, of place times rate.

    Rounded to half floats, as they are published. Source of the rates: Whisper, `whisper/model.py`, `sinusoids`.
    """
    place = graph.node("Range", [graph.constant(np.int64(0)), graph.node("Squeeze", [count]), graph.constant(np.int64(1))])
    place = graph.reshape(graph.node("Cast", [place], to=onnx.TensorProto.FLOAT), -1, 1)
    angle = graph.node("Mul", [place, graph.constant(frontend.position_rates(width // 2))])
    waves = graph.node("Concat", [graph.node("Sin", [angle]), graph.node("Cos", [angle])], axis=1)
    rounded = graph.node("Cast", [waves], to=onnx.TensorProto.FLOAT16)
    return graph.node("Cast", [rounded], to=onnx.TensorProto.FLOAT)


def _extent(graph: GraphBuilder, value: str, axis: int) -> str:
    """Length of one axis as a tensor [1]."""
    return graph.node("Shape", [value], start=axis, end=axis + 1)


def _feed_forward(graph: GraphBuilder, value: str, block: _Block) -> str:
    hidden = block.linear(graph, value, "ffn/linear_0")
    return block.linear(graph, graph.node("Gelu", [hidden], 1, MICROSOFT), "ffn/linear_1")


def encoder(weights: Weights, recipe: Recipe) -> onnx.ModelProto:
    """`audio` [1, N] to `cross_key_i` [1, heads, 64, T] and `cross_value_i` [1, heads, T, 64], T = N / 320."""
    shape = Shape.of(weights)
    graph = GraphBuilder("stt.encoder")
    top = _Block(weights, "encoder", recipe)
    features = _log_mel(graph, graph.input("audio", [1, "N"]))
    features = _convolution(graph, features, top, "conv1")
    features = _halving_convolution(graph, features, top, "conv2", recipe.precision("encoder/conv2"))
    places = _sinusoids(graph, _extent(graph, features, 1), shape.width)
    state = graph.node("Add", [features, places])
    blocks = [_Block(weights, f"encoder/layer_{layer}", recipe) for layer in range(shape.layers)]
    normal = graph.layer_norm(state, *blocks[0].norm("self_attention"))
    for layer, block in enumerate(blocks):
        update = _encoder_attention(graph, normal, block, shape)
        normal, state = graph.add_and_norm(update, state, *block.norm("ffn"))
        update = _feed_forward(graph, normal, block)
        following = blocks[layer + 1].norm("self_attention") if layer + 1 < shape.layers else top.norm("")
        normal, state = graph.add_and_norm(update, state, *following)
    for layer in range(shape.layers):
        _cross_memory(graph, normal, _Block(weights, f"decoder/layer_{layer}", recipe), layer, shape)
    return graph.model("Whisper encoder: waveform in, keys and values of the decoder's cross-attention out")


def _encoder_attention(graph: GraphBuilder, value: str, block: _Block, shape: Shape) -> str:
    fused = block.linear(graph, value, "self_attention/linear_0")
    query, key, content = graph.nodes("Split", [fused, graph.integers(*[shape.width] * 3)], 3, axis=2)
    mixed = graph.node("MultiHeadAttention", [query, key, content], 1, MICROSOFT, num_heads=shape.heads)
    return block.linear(graph, mixed, "self_attention/linear_1")


def _cross_memory(graph: GraphBuilder, value: str, block: _Block, layer: int, shape: Shape) -> None:
    fused = block.linear(graph, value, "attention/linear_1")
    key, content = graph.nodes("Split", [fused, graph.integers(shape.width, shape.width)], 2, axis=2)
    key = graph.reshape(graph.transpose(key, 0, 2, 1), 1, shape.heads, HEAD_SIZE, -1)
    content = graph.transpose(graph.reshape(content, 1, -1, shape.heads, HEAD_SIZE), 0, 2, 1, 3)
    graph.output(f"cross_key_{layer}", key, [1, shape.heads, HEAD_SIZE, "T"])
    graph.output(f"cross_value_{layer}", content, [1, shape.heads, "T", HEAD_SIZE])


def decoder(
    weights: Weights, recipe: Recipe, head: BlockWeights | None, alignment_heads: list[tuple[int, int]]
) -> onnx.ModelProto:
    """`embeddings` [1, n, width] and the past to `logits` [1, n, vocabulary], the present and `alignment` [A, n, T].

    Without `head` the output layer multiplies by the float embedding.
    """
    shape = Shape.of(weights)
    graph = GraphBuilder("stt.decoder")
    top = _Block(weights, "decoder", recipe)
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
    blocks = [_Block(weights, f"decoder/layer_{layer}", recipe) for layer in range(shape.layers)]
    normal = graph.layer_norm(state, *blocks[0].norm("self_attention"))
    attention = {}
    for layer, block in enumerate(blocks):
        update = _self_attention(graph, normal, block, layer, past[layer], shape)
        normal, state = graph.add_and_norm(update, state, *block.norm("attention"))
        update, attention[layer] = _cross_attention(graph, normal, block, memory[layer], shape)
        normal, state = graph.add_and_norm(update, state, *block.norm("ffn"))
        update = _feed_forward(graph, normal, block)
        following = blocks[layer + 1].norm("self_attention") if layer + 1 < shape.layers else top.norm("")
        normal, state = graph.add_and_norm(update, state, *following)
    graph.output("logits", _logits(graph, normal, weights, head), [1, "n", shape.vocabulary])
    picked = _alignment(graph, attention, alignment_heads)
    graph.output("alignment", picked, [len(alignment_heads), "n", "T"])
    return graph.model("Whisper decoder: one graph for the prompt and for every step")


def _self_attention(
    graph: GraphBuilder, value: str, block: _Block, layer: int, past: list[str], shape: Shape
) -> str:
    fused = block.linear(graph, value, "self_attention/linear_0")
    parts = graph.nodes("Split", [fused, graph.integers(*[shape.width] * 3)], 3, axis=2)
    mixed, key, content = graph.nodes(
        "MultiHeadAttention", [*parts, "", "", "", *past], 3, MICROSOFT, num_heads=shape.heads, unidirectional=1)
    graph.output(f"present_key_{layer}", key, [1, shape.heads, "P + n", HEAD_SIZE])
    graph.output(f"present_value_{layer}", content, [1, shape.heads, "P + n", HEAD_SIZE])
    return block.linear(graph, mixed, "self_attention/linear_1")


def _cross_attention(
    graph: GraphBuilder, value: str, block: _Block, memory: list[str], shape: Shape
) -> tuple[str, str]:
    """Returns the update and the probabilities [1, heads, n, T]. The scale 1/8 is folded in, which is exact."""
    query = block.linear(graph, value, "attention/linear_0", HEAD_SIZE ** -0.5)
    query = graph.transpose(graph.reshape(query, 1, -1, shape.heads, HEAD_SIZE), 0, 2, 1, 3)
    probabilities = graph.node("Softmax", [graph.node("MatMul", [query, memory[0]])], axis=-1)
    mixed = graph.transpose(graph.node("MatMul", [probabilities, memory[1]]), 0, 2, 1, 3)
    mixed = graph.reshape(mixed, 1, -1, shape.width)
    return block.linear(graph, mixed, "attention/linear_2"), probabilities


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
