"""The bundle writer: alignment, sharing, determinism, refusals."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from parley_forge.bundle import WEIGHTS_FILE, BundleError, BundleWriter, file_digest


def model(arrays: dict[str, np.ndarray], constant: np.ndarray | None = None) -> onnx.ModelProto:
    """A graph that adds up its initialisers; `constant` becomes a Constant node."""
    nodes = []
    names = list(arrays)
    if constant is not None:
        tensor = numpy_helper.from_array(constant, "inner")
        nodes.append(helper.make_node("Constant", [], ["written"], value=tensor))
        names.append("written")
    nodes.append(helper.make_node("Sum", names, ["sum"]))
    output = helper.make_tensor_value_info("sum", TensorProto.FLOAT, None)
    initialisers = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    return helper.make_model(helper.make_graph(nodes, "tiny", [], [output], initialisers))


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


class BundleTests(unittest.TestCase):
    def setUp(self) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self._scratch.cleanup)
        self.folder = Path(self._scratch.name) / "bundle"

    def place(self, name: str, tensor: str) -> dict[str, str]:
        graph = onnx.load(self.folder / name, load_external_data=False).graph
        found = next(entry for entry in graph.initializer if entry.name == tensor)
        return {entry.key: entry.value for entry in found.external_data}

    def test_large_tensors_start_on_a_page_and_others_on_a_cache_line(self) -> None:
        writer = BundleWriter(self.folder, "int8")
        writer.add_graph("vad", model({"odd": random(301), "big": random(128, 128), "other": random(307)}))
        writer.finish()
        self.assertEqual(int(self.place("vad.onnx", "odd")["offset"]) % 64, 0)
        self.assertEqual(int(self.place("vad.onnx", "big")["offset"]) % 4096, 0)
        self.assertEqual(int(self.place("vad.onnx", "other")["offset"]) % 64, 0)

    def test_the_bytes_behind_a_graph_are_the_original_numbers(self) -> None:
        arrays = {"first": random(40, 40), "second": random(300)}
        writer = BundleWriter(self.folder, "int8")
        writer.add_graph("vad", model(arrays))
        writer.finish()
        loaded = onnx.load(self.folder / "vad.onnx")
        for tensor in loaded.graph.initializer:
            np.testing.assert_array_equal(numpy_helper.to_array(tensor), arrays[tensor.name])

    def test_equal_content_is_stored_once_across_graphs(self) -> None:
        writer = BundleWriter(self.folder, "int8")
        writer.add_graph("vad", model({"weight": random(64, 64)}))
        writer.add_graph("turn", model({"same": random(64, 64)}))
        reference = writer.add_weight(random(64, 64).tobytes())
        writer.finish()
        self.assertEqual(self.place("vad.onnx", "weight"), self.place("turn.onnx", "same"))
        self.assertEqual(reference["offset"], int(self.place("vad.onnx", "weight")["offset"]))
        self.assertEqual((self.folder / WEIGHTS_FILE).stat().st_size, 64 * 64 * 4)

    def test_small_tensors_stay_inside_and_large_constants_go_outside(self) -> None:
        writer = BundleWriter(self.folder, "int8")
        writer.add_graph("vad", model({"small": random(256)}, constant=random(257)))
        writer.finish()
        graph = onnx.load(self.folder / "vad.onnx", load_external_data=False).graph
        self.assertEqual([node.op_type for node in graph.node], ["Sum"])
        self.assertEqual(self.place("vad.onnx", "small"), {})
        self.assertEqual(self.place("vad.onnx", "written")["length"], str(257 * 4))

    def test_two_runs_give_the_same_bytes(self) -> None:
        digests = []
        for name in ("one", "two"):
            writer = BundleWriter(self.folder / name, "int8")
            writer.add_graph("vad", model({"a": random(500), "b": random(130, 130)}, constant=random(400)))
            writer.add_file("stt.vocabulary", b"bytes")
            writer.metadata("stt", {"z": 1, "a": [2]})
            writer.finish()
            digests.append({path.name: file_digest(path) for path in (self.folder / name).iterdir()})
        self.assertEqual(digests[0], digests[1])

    def test_the_manifest_names_every_file_with_its_digest(self) -> None:
        writer = BundleWriter(self.folder, "fp32")
        writer.add_graph("turn", model({"a": random(500)}))
        writer.finish()
        manifest = json.loads((self.folder / "bundle.json").read_text())
        self.assertEqual(manifest["variant"], "fp32")
        self.assertEqual([entry["name"] for entry in manifest["files"]], [WEIGHTS_FILE, "turn.onnx"])
        for entry in manifest["files"]:
            self.assertEqual(entry["sha256"], file_digest(self.folder / entry["name"]))
            self.assertEqual(entry["bytes"], (self.folder / entry["name"]).stat().st_size)

    def test_a_role_a_section_and_a_file_are_given_once(self) -> None:
        writer = BundleWriter(self.folder, "int8")
        writer.add_graph("vad", model({"a": random(2)}))
        writer.metadata("stt", 1)
        with self.assertRaisesRegex(BundleError, "graph vad was added twice"):
            writer.add_graph("vad", model({"a": random(2)}))
        with self.assertRaisesRegex(BundleError, "section stt already"):
            writer.metadata("stt", 2)
        with self.assertRaisesRegex(BundleError, "not a plain name"):
            writer.add_file("../outside", b"")
        writer.finish()


if __name__ == "__main__":
    unittest.main()
