"""A small builder of ONNX graphs: unique names, shared initialisers, the handful of layers that Whisper needs."""

from __future__ import annotations

import hashlib
from typing import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .precision import Precision
from .quantize import BlockWeights, quantize_blocks, quantize_columns

OPSET = 17
MICROSOFT = "com.microsoft"
#: Serialisation version that ONNX Runtime 1.16 and later read.
IR_VERSION = 9
LAYER_NORM_EPSILON = 1e-5


class GraphBuilder:
    """Appends nodes in the order of evaluation; values are names."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: list[onnx.NodeProto] = []
        self._initialisers: list[onnx.TensorProto] = []
        self._constants: dict[bytes, str] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._count = 0

    def input(self, name: str, shape: Sequence[int | str]) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))
        return name

    def output(self, name: str, value: str, shape: Sequence[int | str]) -> None:
        """Makes a value an output under its public name."""
        self._nodes.append(helper.make_node("Identity", [value], [name], name=f"output_{name}"))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))

    def constant(self, array: np.ndarray, name: str = "") -> str:
        """An initialiser; equal arrays share one."""
        array = np.asarray(array)
        array = np.ascontiguousarray(array).reshape(array.shape)
        key = hashlib.sha256(f"{array.dtype} {array.shape}".encode() + array.tobytes()).digest()
        if key not in self._constants:
            self._constants[key] = name or f"constant_{len(self._constants)}"
            self._initialisers.append(numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def node(self, operator: str, inputs: Sequence[str], outputs: int = 1, domain: str = "", **attributes) -> str:
        """Appends a node with one output and returns the output's name."""
        return self.nodes(operator, inputs, outputs, domain, **attributes)[0]

    def nodes(
        self, operator: str, inputs: Sequence[str], outputs: int, domain: str = "", **attributes
    ) -> list[str]:
        """Appends a node and returns the names of all its outputs."""
        self._count += 1
        stem = f"{operator}_{self._count}"
        names = [stem if index == 0 else f"{stem}_{index}" for index in range(outputs)]
        self._nodes.append(helper.make_node(operator, list(inputs), names, name=stem, domain=domain, **attributes))
        return names

    def reshape(self, value: str, *shape: int) -> str:
        return self.node("Reshape", [value, self.integers(*shape)])

    def transpose(self, value: str, *order: int) -> str:
        return self.node("Transpose", [value], perm=list(order))

    def slice(self, value: str, start: str, end: str, axis: int) -> str:
        return self.node("Slice", [value, start, end, self.integers(axis)])

    def layer_norm(self, value: str, gamma: np.ndarray, beta: np.ndarray) -> str:
        inputs = [value, self.constant(_float(gamma)), self.constant(_float(beta))]
        return self.node("LayerNormalization", inputs, axis=-1, epsilon=LAYER_NORM_EPSILON)

    def add_and_norm(self, value: str, skip: str, gamma: np.ndarray, beta: np.ndarray) -> tuple[str, str]:
        """Returns the normalised sum and the sum."""
        inputs = [value, skip, self.constant(_float(gamma)), self.constant(_float(beta))]
        names = self.nodes("SkipLayerNormalization", inputs, 4, MICROSOFT, epsilon=LAYER_NORM_EPSILON)
        return names[0], names[3]

    def linear(self, value: str, weight: np.ndarray, bias: np.ndarray | None, precision: Precision) -> str:
        """`value` [1, n, in] times `weight` [out, in] transposed, plus `bias` [out]."""
        offset = "" if bias is None else self.constant(_float(bias))
        if precision.bits == 32:
            product = self.node("MatMul", [value, self.constant(_float(weight).T)])
            return self.node("Add", [product, offset]) if offset else product
        if precision.bits == 0:
            codes, scales = quantize_columns(weight, precision.limit)
            parts = [self.constant(codes), self.constant(scales)]
            if not precision.by_row:
                return self.node("DynamicQuantizeMatMul", [value, *parts, "", offset], 1, MICROSOFT)
            size = self.node("ReduceMax", [self.node("Abs", [value])], axes=[-1])
            size = self.node("Max", [size, self.constant(np.float32(1e-6))])
            even = self.node("Div", [value, size])
            product = self.node("DynamicQuantizeMatMul", [even, *parts], 1, MICROSOFT)
            product = self.node("Mul", [product, size])
            return self.node("Add", [product, offset]) if offset else product
        return self.block_linear(value, quantize_blocks(weight, precision.bits, precision.block), offset)

    def block_linear(self, value: str, weights: BlockWeights, bias: str = "") -> str:
        scales = self.node("Cast", [self.constant(weights.scales)], to=TensorProto.FLOAT)
        inputs = [value, self.constant(weights.packed), scales]
        inputs += ["", "", bias] if bias else []
        return self.node(
            "MatMulNBits", inputs, 1, MICROSOFT,
            K=weights.columns, N=weights.rows, bits=weights.bits, block_size=weights.block, accuracy_level=4)

    def model(self, description: str) -> onnx.ModelProto:
        """The finished model: no time, no tool name, no path in it."""
        graph = helper.make_graph(self._nodes, self.name, self._inputs, self._outputs, self._initialisers)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)])
        model.ir_version = IR_VERSION
        model.producer_name = "parley-forge"
        model.doc_string = description
        return model


def _float(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array, dtype=np.float32)
