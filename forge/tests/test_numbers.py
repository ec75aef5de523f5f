"""Quantisation, the front end's tables, the reader of published weights, the vocabulary."""

import json
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np

from parley_forge import ct2, frontend
from parley_forge.quantize import dequantize_blocks, quantize_blocks, quantize_columns
from parley_forge.vocabulary import Vocabulary, byte_of_character


def gaussian(*shape: int) -> np.ndarray:
    return np.random.default_rng(7).standard_normal(shape).astype(np.float32)


class QuantizationTests(unittest.TestCase):
    def test_eight_bits_come_back_within_half_a_step_of_their_block(self) -> None:
        weight = gaussian(24, 256)
        blocks = quantize_blocks(weight, 8, 64)
        step = np.repeat(blocks.scales.astype(np.float32), 64, axis=1)
        self.assertTrue(np.all(np.abs(dequantize_blocks(blocks) - weight) <= 0.5001 * step))
        self.assertEqual(blocks.packed.shape, (24, 4, 64))

    def test_four_bits_have_no_more_error_than_the_scale_of_the_extreme_value_gives(self) -> None:
        weight = gaussian(24, 128)
        blocks = quantize_blocks(weight, 4, 32)
        self.assertEqual(blocks.packed.shape, (24, 4, 16))
        cells = weight.reshape(24, 4, 32)
        extreme = np.take_along_axis(cells, np.abs(cells).argmax(axis=2, keepdims=True), axis=2)
        step = (extreme / -8).astype(np.float16).astype(np.float32)
        plain = np.clip(np.rint(cells / step), -8, 7) * step
        error = ((dequantize_blocks(blocks).reshape(cells.shape) - cells) ** 2).sum(axis=2)
        self.assertTrue(np.all(error <= ((plain - cells) ** 2).sum(axis=2) * 1.0001))
        self.assertLess(error.sum(), 0.95 * ((plain - cells) ** 2).sum())

    def test_ties_go_to_the_even_code(self) -> None:
        weight = np.zeros((1, 32), np.float32)
        weight[0, :4] = [127, 0.5, 1.5, -2.5]
        codes = quantize_blocks(weight, 8, 32).packed[0, 0, :4].astype(int) - 128
        self.assertEqual(codes.tolist(), [127, 0, 2, -2])

    def test_a_block_of_zeros_stays_zero(self) -> None:
        for bits in (4, 8):
            self.assertFalse(dequantize_blocks(quantize_blocks(np.zeros((2, 64), np.float32), bits, 32)).any())

    def test_columns_that_blocks_do_not_divide_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "do not fit 100 columns"):
            quantize_blocks(np.zeros((2, 100), np.float32), 8, 64)

    def test_integer_columns_keep_their_limit_and_come_back(self) -> None:
        weight = gaussian(16, 80)
        for limit in (63, 127):
            codes, scales = quantize_columns(weight, limit)
            self.assertEqual(int(np.abs(codes).max()), limit)
            self.assertTrue(np.all(np.abs(codes.T * scales[:, None] - weight) <= 0.5001 * scales[:, None]))


class FrontendTests(unittest.TestCase):
    def test_the_cosine_table_is_the_cosine(self) -> None:
        table = frontend.cosine_table(400)
        np.testing.assert_allclose(table, np.cos(2 * np.pi * np.arange(400) / 400), atol=3e-16)
        self.assertEqual((table[0], table[100], table[200]), (1.0, 0.0, -1.0))

    def test_the_kernel_is_the_windowed_fourier_transform(self) -> None:
        signal = gaussian(400).astype(np.float64)
        window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
        parts = frontend.transform_kernel()[:, 0, :].astype(np.float64) @ signal
        expected = np.abs(np.fft.rfft(signal * window))
        np.testing.assert_allclose(np.hypot(parts[:201], parts[201:]), expected, rtol=1e-4, atol=1e-4)

    def test_every_filter_is_a_triangle_of_unit_area(self) -> None:
        filters = frontend.mel_filters().astype(np.float64)
        self.assertEqual(filters.shape, (80, 201))
        self.assertTrue(np.all(filters >= 0))
        wide = filters[40:]
        np.testing.assert_allclose(wide.sum(axis=1) * 40, 1, atol=0.1)
        self.assertFalse(filters[:, 0].any() or filters[:, 200].any())
        peaks = filters.argmax(axis=1)
        self.assertTrue(np.all(np.diff(peaks) >= 0))

    def test_filters_meet_known_values(self) -> None:
        """Origin: librosa.filters.mel(sr=16000, n_fft=400, n_mels=80), which Whisper's own table was saved from."""
        filters = frontend.mel_filters()
        self.assertAlmostEqual(float(filters[0, 1]), 0.02486259490251541, places=9)
        self.assertAlmostEqual(float(filters[1, 1]), 0.0019908218160, places=9)


def ct2_file(variables: dict[str, np.ndarray], aliases: dict[str, str]) -> bytes:
    kinds = {"float32": 0, "int8": 1, "float16": 4}

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    data = struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<II", 3, len(variables))
    for name, array in variables.items():
        data += text(name) + struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
        data += struct.pack("<BI", kinds[str(array.dtype)], array.nbytes) + array.tobytes()
    data += struct.pack("<I", len(aliases))
    return data + b"".join(text(alias) + text(target) for alias, target in aliases.items())


class ReaderTests(unittest.TestCase):
    def setUp(self) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self._scratch.cleanup)
        self.path = Path(self._scratch.name) / "model.bin"
        self.variables = {
            "a/weight": gaussian(3, 5).astype(np.float16), "a/bias": gaussian(3), "flag": np.array(1, np.int8)}

    def test_variables_and_aliases_are_read(self) -> None:
        self.path.write_bytes(ct2_file(self.variables, {"b/weight": "a/weight"}))
        read = ct2.read(self.path)
        self.assertEqual(sorted(read), ["a/bias", "a/weight", "b/weight", "flag"])
        for name, array in self.variables.items():
            np.testing.assert_array_equal(read[name], array)
        self.assertIs(read["b/weight"], read["a/weight"])

    def test_a_file_cut_anywhere_is_refused(self) -> None:
        whole = ct2_file(self.variables, {})
        for length in range(len(whole)):
            self.path.write_bytes(whole[:length])
            with self.assertRaises(ct2.CT2Error):
                ct2.read(self.path)

    def test_another_version_and_bytes_after_the_end_are_refused(self) -> None:
        whole = ct2_file(self.variables, {})
        self.path.write_bytes(struct.pack("<I", 99) + whole[4:])
        with self.assertRaisesRegex(ct2.CT2Error, "format version 99"):
            ct2.read(self.path)
        self.path.write_bytes(whole + b"more")
        with self.assertRaisesRegex(ct2.CT2Error, "goes on after its end"):
            ct2.read(self.path)


class VocabularyTests(unittest.TestCase):
    def test_every_byte_has_one_character(self) -> None:
        table = byte_of_character()
        self.assertEqual(sorted(table.values()), list(range(256)))
        self.assertEqual((table["Ġ"], table["Ċ"], table["a"], table["Ã"]), (0x20, 0x0A, 0x61, 0xC3))

    def test_tokens_become_bytes_and_special_tokens_ids(self) -> None:
        special = [
            "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|es|>", "<|translate|>", "<|transcribe|>",
            "<|startoflm|>", "<|startofprev|>", "<|nocaptions|>", "<|notimestamps|>"]
        tokenizer = {
            "model": {"vocab": {"a": 0, "ĠÃ±": 1, "<|endoftext|>": 2}},
            "added_tokens": [{"content": text, "id": 2 + index} for index, text in enumerate(special)]}
        config = {"lang_ids": [4, 5], "suppress_ids": [9, 8], "suppress_ids_begin": [0], "alignment_heads": [[3, 1]]}
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
            (folder / "config.json").write_text(json.dumps(config))
            vocabulary = Vocabulary(folder)
        table = vocabulary.table(14)
        self.assertEqual(struct.unpack_from("<I4I", table), (14, 0, 1, 4, 4))
        self.assertEqual(table[4 + 15 * 4:], b"a \xc3\xb1")
        section = vocabulary.section(14)
        self.assertEqual(section["languages"], {"en": 4, "es": 5})
        self.assertEqual(section["tokens"]["endOfText"], 2)
        self.assertEqual(section["tokens"]["firstTimestamp"], 12)
        self.assertEqual(section["suppressed"], [8, 9])


if __name__ == "__main__":
    unittest.main()
