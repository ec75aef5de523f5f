"""The voice activity graph from random weights: chunks at once give what they give one by one."""

import unittest

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from parley_forge import vad

SHAPES = {
    "model.stft.forward_basis_buffer": (258, 1, 256),
    "model.encoder.0.reparam_conv.weight": (128, 129, 3), "model.encoder.0.reparam_conv.bias": (128,),
    "model.encoder.1.reparam_conv.weight": (64, 128, 3), "model.encoder.1.reparam_conv.bias": (64,),
    "model.encoder.2.reparam_conv.weight": (64, 64, 3), "model.encoder.2.reparam_conv.bias": (64,),
    "model.encoder.3.reparam_conv.weight": (128, 64, 3), "model.encoder.3.reparam_conv.bias": (128,),
    "model.decoder.rnn.weight_ih": (512, 128), "model.decoder.rnn.weight_hh": (512, 128),
    "model.decoder.rnn.bias_ih": (512,), "model.decoder.rnn.bias_hh": (512,),
    "model.decoder.decoder.2.weight": (1, 128, 1), "model.decoder.decoder.2.bias": (1,)}


def published() -> onnx.ModelProto:
    generator = np.random.default_rng(5)
    tensors = [
        numpy_helper.from_array((generator.standard_normal(shape) * 0.1).astype(np.float32), name)
        for name, shape in SHAPES.items()]
    return helper.make_model(helper.make_graph([], "weights", [], [], tensors))


class VADTests(unittest.TestCase):
    def test_interface(self) -> None:
        model = vad.graph(published())
        onnx.checker.check_model(model, full_check=True)
        self.assertEqual([port.name for port in model.graph.input], ["input", "state"])
        self.assertEqual({port.name for port in model.graph.output}, {"output", "stateN"})

    def test_chunks_at_once(self) -> None:
        run = ReferenceEvaluator(vad.graph(published())).run
        chunks = np.random.default_rng(6).standard_normal((3, 576)).astype(np.float32)
        first = np.random.default_rng(7).standard_normal((2, 1, 128)).astype(np.float32)
        together, last = run(["output", "stateN"], {"input": chunks, "state": first})
        state, alone = first, []
        for chunk in chunks:
            score, state = run(["output", "stateN"], {"input": chunk[None], "state": state})
            alone.append(score)
        np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-5)
        np.testing.assert_allclose(last, state, atol=1e-5)


if __name__ == "__main__":
    unittest.main()
