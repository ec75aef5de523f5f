#!/usr/bin/env python3
"""faster-whisper behind two pipes, so that it can be measured beside Parley in one run.

    recognise.py MODEL --compute float32|int8 [--threads N]

MODEL is a folder of the store (whisper-base-ct2). One JSON object a line comes in, one goes out. First goes out
{"version", "compute", "seconds"}: the model is loaded. Then for {"file", "language"}: {"text", "seconds", "tokens"},
where seconds are those from samples in memory to the text. Options are those of a greedy run: beam size 1, temperature 0,
no conditioning, no timestamps, no fall-backs, no filter of silence.

{"file", "language", "prefix": [tokens]} asks for the two likeliest tokens after these: {"tokens": [2], "probabilities": [2]}.
"full": true fills the audio up with 30 s of silence, as the model's authors do; faster-whisper itself fills up the spectrum
with zeros, which is not the spectrum of silence.
"""
import argparse
import json
import sys
import time
import wave

import ctranslate2
import faster_whisper
import numpy as np
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens

RATE = 16000
WINDOW = 30 * RATE
OPTIONS = {
    "beam_size": 1, "temperature": 0.0, "condition_on_previous_text": False, "without_timestamps": True,
    "compression_ratio_threshold": None, "log_prob_threshold": None, "no_speech_threshold": None, "vad_filter": False,
}


def samples(path):
    """Mono samples of a 16-bit WAV file at 16 kHz, -1...1."""
    with wave.open(path) as file:
        if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (RATE, 2, 1):
            raise ValueError(f"{path} is not 16-bit mono WAV at {RATE} Hz")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768


def filled(audio):
    """The audio and silence up to the next whole window."""
    return np.pad(audio, (0, -len(audio) % WINDOW))


class Peer:
    def __init__(self, folder, compute, threads):
        self.model = faster_whisper.WhisperModel(
            folder, device="cpu", compute_type=compute, cpu_threads=threads, num_workers=1, local_files_only=True)

    def transcribe(self, audio, language):
        begin = time.perf_counter()
        segments, info = self.model.transcribe(audio, language=language, **OPTIONS)
        segments = list(segments)
        seconds = time.perf_counter() - begin
        text = "".join(segment.text for segment in segments).strip()
        tokens = [token for segment in segments for token in segment.tokens]
        return {"text": text, "seconds": seconds, "tokens": tokens, "language": info.language}

    def choices(self, audio, language, prefix):
        """The two likeliest tokens after `prefix`, among those that may be chosen there."""
        tokenizer = Tokenizer(self.model.hf_tokenizer, True, task="transcribe", language=language)
        features = self.model.feature_extractor(audio)[:, :3000]
        features = np.pad(features, ((0, 0), (0, 3000 - features.shape[1])))
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps, *prefix]
        result = self.model.model.generate(
            self.model.encode(features), [prompt], beam_size=1, max_length=len(prompt) + 2, suppress_blank=not prefix,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]), return_logits_vocab=True)[0]
        logits = np.array(result.logits[0][0], dtype=np.float64)
        logits = logits[: tokenizer.eot + 1]
        logits[~np.isfinite(logits)] = -np.inf
        allowed = np.ones(len(logits), bool)
        allowed[[t for t in get_suppressed_tokens(tokenizer, [-1]) if t < len(logits)]] = False
        if not prefix:
            allowed[[*tokenizer.encode(" "), tokenizer.eot]] = False
        logits[~allowed] = -np.inf
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        best = np.argsort(probabilities)[::-1][:2]
        return {"tokens": best.tolist(), "probabilities": probabilities[best].tolist()}


def main():
    parser = argparse.ArgumentParser(description="faster-whisper behind two pipes.")
    parser.add_argument("model")
    parser.add_argument("--compute", choices=["float32", "int8"], required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    begin = time.perf_counter()
    peer = Peer(arguments.model, arguments.compute, arguments.threads)

    def say(answer):
        print(json.dumps(answer, ensure_ascii=False), flush=True)

    say({
        "version": f"faster-whisper {faster_whisper.__version__}, CTranslate2 {ctranslate2.__version__}",
        "compute": peer.model.model.compute_type, "seconds": time.perf_counter() - begin,
    })
    for line in sys.stdin:
        request = json.loads(line)
        try:
            audio = samples(request["file"])
            audio = filled(audio) if request.get("full") else audio
            if "prefix" in request:
                say(peer.choices(audio, request["language"], request["prefix"]))
            else:
                say(peer.transcribe(audio, request["language"]))
        except Exception as error:  # one bad file must not end the run
            say({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
