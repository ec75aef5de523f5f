"""Silero VAD as a graph that takes any number of chunks of one stream at once.

The published graph takes one chunk a call and spends most of its time between nodes. Here only the recurrent layer goes
from chunk to chunk; everything else works on all of them together. The weights are the published ones.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

from .graph import GraphBuilder

CONTEXT, CHUNK, WIDTH = 64, 512, 128
#: Samples mirrored behind each chunk, length and step of its spectra. Source: the graph of silero-vad 6.2.3.
REACH, STEP = 64, 128
BINS = 129
#: Steps of the four convolutions, width 3 each. Source: the same.
STRIDES = [1, 2, 2, 1]


def graph(published: onnx.ModelProto) -> onnx.ModelProto:
    """`input` [n, 576] and `state` [2, 1, 128] to `output` [n, 1] and `stateN` [2, 1, 128].

    A row of `input` is the last 64 samples before a chunk and its 512; `state` is hidden, then cell.
    """
    weights = {item.name: numpy_helper.to_array(item) for item in published.graph.initializer}
    builder = GraphBuilder("vad")
    chunks = builder.input("input", ["n", CONTEXT + CHUNK])
    state = builder.input("state", [2, 1, WIDTH])
    features = _magnitudes(builder, chunks, weights["model.stft.forward_basis_buffer"])
    for index, stride in enumerate(STRIDES):
        stem = f"model.encoder.{index}.reparam_conv"
        inputs = [features, builder.constant(weights[f"{stem}.weight"]), builder.constant(weights[f"{stem}.bias"])]
        features = builder.node("Relu", [builder.node("Conv", inputs, strides=[stride], pads=[1, 1])])
    hidden = _recurrent(builder, builder.reshape(features, -1, 1, WIDTH), state, weights)
    row = weights["model.decoder.decoder.2.weight"].reshape(WIDTH, 1)
    score = builder.node("MatMul", [builder.node("Relu", [hidden]), builder.constant(row)])
    score = builder.node("Add", [score, builder.constant(weights["model.decoder.decoder.2.bias"])])
    builder.output("output", builder.node("Sigmoid", [score]), ["n", 1])
    return builder.model("Silero VAD: chunks of one stream in, the probability of speech in each out")


def _magnitudes(builder: GraphBuilder, chunks: str, basis: np.ndarray) -> str:
    """Spectra of the chunks, [n, 129, 4]."""
    padded = builder.node("Pad", [chunks, builder.integers(0, 0, 0, REACH)], mode="reflect")
    signal = builder.reshape(padded, -1, 1, CONTEXT + CHUNK + REACH)
    spectrum = builder.node("Conv", [signal, builder.constant(basis)], strides=[STEP])
    parts = builder.nodes("Split", [spectrum, builder.integers(BINS, BINS)], 2, axis=1)
    squares = [builder.node("Mul", [part, part]) for part in parts]
    return builder.node("Sqrt", [builder.node("Add", squares)])


def _recurrent(builder: GraphBuilder, features: str, state: str, weights: dict[str, np.ndarray]) -> str:
    """The recurrent layer over the chunks in order, [n, 128]; the state behind them becomes an output."""

    def reordered(name: str) -> np.ndarray:
        # Gates are stored input, forget, cell, output; the operator wants input, output, forget, cell.
        gates = np.split(weights[f"model.decoder.rnn.{name}"], 4)
        return np.concatenate([gates[index] for index in (0, 3, 1, 2)])[None]

    bias = np.concatenate([reordered("bias_ih"), reordered("bias_hh")], axis=1)
    hidden, cell = builder.nodes("Split", [state, builder.integers(1, 1)], 2, axis=0)
    all_hidden, last_hidden, last_cell = builder.nodes(
        "LSTM", [
            features, builder.constant(reordered("weight_ih")), builder.constant(reordered("weight_hh")),
            builder.constant(bias), "", hidden, cell],
        3, hidden_size=WIDTH)
    builder.output("stateN", builder.node("Concat", [last_hidden, last_cell], axis=0), [2, 1, WIDTH])
    return builder.reshape(all_hidden, -1, WIDTH)
