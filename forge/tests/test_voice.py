"""The voice: its extra output, the tables' bytes, determinism, refusals."""

import gzip
import json
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from parley_forge import tables, voice


def durations_graph(operator: str):
    """The end of the voice graph in small: rounded durations that are added up."""
    nodes = [
        helper.make_node(operator, ["clipped"], [voice.DURATION_TENSOR], **({"to": 7} if operator == "Cast" else {})),
        helper.make_node("ReduceSum", [voice.DURATION_TENSOR], ["frames"], keepdims=0),
    ]
    clipped = helper.make_tensor_value_info("clipped", TensorProto.FLOAT, ["L"])
    frames = helper.make_tensor_value_info("frames", TensorProto.INT64, [])
    return helper.make_model(helper.make_graph(nodes, "voice", [clipped], [frames]))


def section(data: bytes) -> dict[bytes, bytes]:
    """Reads records back as FORMAT.md describes them."""
    count = struct.unpack_from("<I", data)[0]
    offsets = struct.unpack_from(f"<{count + 1}I", data, 4)
    body = data[4 + 4 * (count + 1):]
    result = {}
    for start, end in zip(offsets, offsets[1:]):
        key_end = start + 1 + body[start]
        result[body[start + 1:key_end]] = body[key_end:end]
    return result


class Durations(unittest.TestCase):
    def test_the_graph_gets_one_more_output(self):
        model = durations_graph("Cast")
        result = voice.with_durations(model)
        self.assertEqual([output.name for output in result.graph.output], ["frames", "frames_per_phoneme"])
        self.assertEqual(len(model.graph.output), 1)
        last = result.graph.node[-1]
        self.assertEqual((last.op_type, last.input[0]), ("Unsqueeze", voice.DURATION_TENSOR))

    def test_another_graph_is_refused(self):
        with self.assertRaisesRegex(voice.VoiceError, "version is unknown"):
            voice.with_durations(durations_graph("Round"))


class Weights(unittest.TestCase):
    def test_integer_products_get_constants_of_their_own(self):
        nodes = [
            helper.make_node("MatMulInteger", ["x", "w", "xz", "wz"], ["y"]),
            helper.make_node("MatMulInteger", ["x", "w", "xz", "wz"], ["z"])]
        weights = [helper.make_tensor("w", TensorProto.INT8, [1, 2], [3, 4]), helper.make_tensor("wz", TensorProto.INT8, [], [0])]
        result = voice.with_own_weights(helper.make_model(helper.make_graph(nodes, "twice", [], [], weights)))
        taken = [name for node in result.graph.node for name in (node.input[1], node.input[3])]
        self.assertEqual(len(set(taken)), 4)
        values = {tensor.name: numpy_helper.to_array(tensor).tolist() for tensor in result.graph.initializer}
        self.assertEqual([values[name] for name in taken], [[[3, 4]], 0, [[3, 4]], 0])

    def test_constant_matrices_become_bytes_and_others_stay(self):
        matrix = (np.arange(128 * 3).reshape(128, 3) / 100).astype(np.float32)
        nodes = [helper.make_node("MatMul", ["x", "w"], ["y"]), helper.make_node("MatMul", ["x", "y"], ["z"])]
        graph = helper.make_graph(nodes, "network", [], [], [numpy_helper.from_array(matrix, "w")])
        result = voice.with_block_weights(helper.make_model(graph))
        self.assertEqual([node.op_type for node in result.graph.node], ["MatMulNBits", "MatMul"])
        codes, scales = (numpy_helper.to_array(tensor) for tensor in result.graph.initializer)
        restored = (codes.astype(np.float32) - 128) * scales[:, :, None]
        np.testing.assert_allclose(restored.reshape(3, 128).T, matrix, atol=0.02)


class Tables(unittest.TestCase):
    ALPHABET = {"k": 53, "æ": 72, "t": 62, "ˈ": 156}

    def test_records_are_sorted_by_bytes(self):
        data = tables.records({"b": b"2", "a": b"1", "ä": b"", "B": b"3"})
        self.assertEqual(list(section(data)), [b"B", b"a", b"b", "ä".encode()])
        self.assertEqual(section(data)[b"a"], b"1")

    def test_a_word_has_one_reading_or_several(self):
        data = section(tables.lexicon({"cat": "kˈæt", "AT": {"DEFAULT": "æt", "NOUN": None}}, self.ALPHABET))
        self.assertEqual(data[b"cat"], bytes([53, 156, 72, 62]))
        self.assertEqual(data[b"AT"], b"\xff\x02" + b"\x07DEFAULT\x02" + bytes([72, 62]) + b"\x04NOUN\xff")

    def test_an_unknown_phoneme_is_refused(self):
        with self.assertRaisesRegex(tables.TableError, r"\['x'\]"):
            tables.phoneme_ids("kx", self.ALPHABET)

    def test_weights_are_stored_in_tenths(self):
        model = {"tags": ["VB", "NN"], "tagdict": {"cat": "NN"}, "vocab": ["cat"], "weights": {"b": {"VB": -1.5, "NN": 2}}}
        sections = tables.tagger(model)
        self.assertEqual(section(sections["tagger.tags"]), {b"NN": b"\0", b"VB": b"\1"})
        self.assertEqual(section(sections["tagger.weights"])[b"b"], struct.pack("<BhBh", 0, 20, 1, -15))

    def test_sections_lie_on_multiples_of_64(self):
        data = tables.write({"one": tables.records({"a": b""}), "two": tables.records({})})
        self.assertEqual(data[:8], b"PRLYTBL\x01")
        for index, name in enumerate(("one", "two")):
            label, offset, length = struct.unpack_from("<16sQQ", data, 16 + 32 * index)
            self.assertEqual(label.rstrip(b"\0").decode(), name)
            self.assertEqual(offset % 64, 0)
            self.assertLessEqual(offset + length, len(data))

    def test_the_same_sources_give_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            write_sources(Path(folder))
            self.assertEqual(tables.build(Path(folder)), tables.build(Path(folder)))

    def test_a_missing_source_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(tables.TableError, "vocab.json is missing"):
                tables.build(Path(folder))


def write_sources(folder: Path) -> None:
    files = {
        "vocab.json": Tables.ALPHABET, "oov.json": {"in": ["a"], "out": ["k"], "maxlen": 24},
        "tokenizer_exceptions.json": {"don't": ["do", "n't"]},
        "normalize.json": {
            "months": {"jan": "January"}, "titles": {"Dr": "Doctor"}, "abbreviations": {"vs.": "versus"},
            "units": {"km": ["kilometer", "kilometers"]}, "symbols": {"=": "equals"}, "currency": {"¥": ["yen", "yen"]},
            "roman_cardinal": ["Chapter"], "roman_ordinal": ["King"]},
    }
    packed = {
        "lexicon_us_gold.json.gz": {"cat": "kˈæt"}, "lexicon_us_silver.json.gz": {"tact": "tˈækt"},
        "tagger.json.gz": {"tags": ["NN"], "tagdict": {}, "vocab": ["cat"], "weights": {"b": {"NN": 1.0}}},
    }
    for name, value in files.items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    for name, value in packed.items():
        (folder / name).write_bytes(gzip.compress(json.dumps(value).encode("utf-8")))


if __name__ == "__main__":
    unittest.main()
