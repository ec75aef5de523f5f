"""Whisper's graphs from tiny random weights: well-formed, with the interface that the host relies on."""

import unittest

import numpy as np
import onnx

from parley_forge import frontend, whisper
from parley_forge.precision import Precision, Recipe
from parley_forge.quantize import quantize_blocks

BLOCKS = Recipe({"encoder": Precision(8, 64), "decoder": Precision(8, 64)})
LAYERS, WIDTH, VOCABULARY = 2, 128, 96


def weights() -> dict[str, np.ndarray]:
    """Every variable that the graphs read, in half floats."""
    generator = np.random.default_rng(3)
    shapes: dict[str, tuple[int, ...]] = {
        "decoder/embeddings/weight": (VOCABULARY, WIDTH),
        "decoder/position_encodings/encodings": (16, WIDTH),
        "encoder/position_encodings/encodings": (50, WIDTH),
        "encoder/conv1/weight": (WIDTH, 80, 3), "encoder/conv1/bias": (WIDTH,),
        "encoder/conv2/weight": (WIDTH, WIDTH, 3), "encoder/conv2/bias": (WIDTH,),
    }
    linear = {"self_attention/linear_0": (3, 1), "self_attention/linear_1": (1, 1), "ffn/linear_0": (4, 1),
              "ffn/linear_1": (1, 4)}
    cross = {"attention/linear_0": (1, 1), "attention/linear_1": (2, 1), "attention/linear_2": (1, 1)}
    for side, layers in (("encoder", linear), ("decoder", linear | cross)):
        parts = sorted({name.split("/")[0] for name in layers})
        norms = [side] + [f"{side}/layer_{layer}/{part}" for layer in range(LAYERS) for part in parts]
        for norm in norms:
            shapes[f"{norm}/layer_norm/gamma"] = shapes[f"{norm}/layer_norm/beta"] = (WIDTH,)
        for layer in range(LAYERS):
            for name, (rows, columns) in layers.items():
                shapes[f"{side}/layer_{layer}/{name}/weight"] = (rows * WIDTH, columns * WIDTH)
                shapes[f"{side}/layer_{layer}/{name}/bias"] = (rows * WIDTH,)
    return {name: generator.standard_normal(shape).astype(np.float16) for name, shape in shapes.items()}


def operators(model: onnx.ModelProto) -> set[str]:
    return {node.op_type for node in model.graph.node}


class WhisperTests(unittest.TestCase):
    def setUp(self) -> None:
        self.weights = weights()
        self.head = quantize_blocks(self.weights["decoder/embeddings/weight"], 8, 64)

    def test_sizes_are_read_from_the_weights(self) -> None:
        shape = whisper.Shape.of(self.weights)
        self.assertEqual((shape.layers, shape.heads, shape.vocabulary), (LAYERS, 2, VOCABULARY))
        self.assertEqual((shape.frames, shape.tokens), (50, 16))

    def test_the_encoder_has_its_interface_and_no_dangling_value(self) -> None:
        model = whisper.encoder(self.weights, BLOCKS)
        self.assertEqual([value.name for value in model.graph.input], ["audio"])
        expected = [f"cross_{kind}_{layer}" for layer in range(LAYERS) for kind in ("key", "value")]
        self.assertEqual([value.name for value in model.graph.output], expected)
        self.assert_connected(model)

    def test_the_decoder_has_its_interface_and_no_dangling_value(self) -> None:
        model = whisper.decoder(self.weights, BLOCKS, self.head, [(0, 1), (1, 0)])
        self.assertEqual(len(model.graph.input), 1 + 4 * LAYERS)
        present = {f"present_{kind}_{layer}" for kind in ("key", "value") for layer in range(LAYERS)}
        self.assertEqual({value.name for value in model.graph.output}, {"logits", "alignment"} | present)
        self.assert_connected(model)

    def test_precision_decides_the_operators(self) -> None:
        mixed = Recipe({
            "encoder": Precision(0), "encoder/ffn/linear_1": Precision(8, 64), "encoder/conv2": Precision(0, by_row=True),
            "decoder": Precision(0)})
        integer = whisper.encoder(self.weights, mixed)
        self.assertLessEqual({"DynamicQuantizeMatMul", "MatMulNBits"}, operators(integer))
        products = [node for node in integer.graph.node if node.op_type == "DynamicQuantizeMatMul"]
        self.assertEqual(len(products), 1 + 4 * LAYERS)
        taken = [name for node in products for name in node.input[1:3]]
        self.assertEqual(len(taken), len(set(taken)), "ONNX Runtime cannot rewrite constants that products share")
        self.assertNotIn("Gemm", operators(whisper.decoder(self.weights, BLOCKS, self.head, [(0, 0)])))
        floats = whisper.decoder(self.weights, Recipe({"decoder": Precision(32)}), None, [(0, 0)])
        self.assertFalse({"DynamicQuantizeMatMul", "MatMulNBits"} & operators(floats))

    def test_the_longest_rule_counts_and_a_matrix_without_a_rule_is_named(self) -> None:
        recipe = Recipe({"decoder": Precision(8, 64), "decoder/ffn": Precision(4, 32)})
        self.assertEqual(recipe.precision("decoder/layer_3/ffn/linear_1"), Precision(4, 32))
        self.assertEqual(recipe.precision("decoder/layer_3/attention/linear_0"), Precision(8, 64))
        with self.assertRaisesRegex(KeyError, "nothing about encoder/conv2"):
            recipe.precision("encoder/conv2")

    def test_positions_begin_and_end_with_the_published_rates(self) -> None:
        rates = frontend.position_rates(256)[0]
        self.assertEqual((rates[0], rates.dtype), (1, np.float32))
        self.assertAlmostEqual(float(rates[255]), 1e-4, places=10)

    def test_two_builds_give_the_same_bytes(self) -> None:
        first, second = (
            whisper.encoder(self.weights, BLOCKS).SerializeToString(deterministic=True)
            for _ in range(2))
        self.assertEqual(first, second)

    def assert_connected(self, model: onnx.ModelProto) -> None:
        known = {value.name for value in model.graph.input} | {tensor.name for tensor in model.graph.initializer}
        for node in model.graph.node:
            for name in node.input:
                self.assertTrue(name == "" or name in known, f"{node.name} reads {name}, which nothing made before")
            known.update(node.output)
        names = [node.name for node in model.graph.node]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
