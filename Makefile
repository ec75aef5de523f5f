# Newcomer's commands: `make talk` and `make test`. `make help` lists the others.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help talk test older check ci eval claims compare words bench bundle build format clean

# Recordings with transcripts (manifest.jsonl); `make ci` scores them when the folder exists.
SPEECH ?= $(wildcard ../shared/speech)
# Options of `make eval`, for example --detect or --kind read; ParleyBenchmarks eval --help lists them.
EVAL ?=
# Length of the recording over which `make bench` measures memory; it is transcribed once.
MINUTES ?= 180
QUESTION ?= What is the capital of France?

parley := .build/release/parley
benchmarks := .build/release/ParleyBenchmarks

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

talk: ## set everything up, then answer a spoken question aloud: out/answer.wav
	@scripts/bootstrap
	@mkdir -p out
	@$(parley) speak "$(QUESTION)" --output out/question.wav
	@$(parley) talk out/question.wav --output out/answer.wav --report out/answer.json

bundle: ## build the audio bundle from the published weights, if it is not there
	@scripts/bootstrap --step models --step forge --step audio

build: ## release build of Parley; needs the libraries of scripts/bootstrap
	@scripts/swift build -c release --product parley

# Three rings, each a process of its own: values and fakes, real weights, audio in and audio out.
test: ## all tests, with real models
	@scripts/bootstrap --for tests
	@mkdir -p out
	@set -o pipefail; scripts/swift build -c release --build-tests --explicit-target-dependency-import-check error 2>&1 \
	    | tee out/build.log | grep -vE '^\['
	@set -eo pipefail; for ring in "--skip ^(ModelTests|EndToEndTests)\." "--filter ^ModelTests\." "--filter ^EndToEndTests\."; do \
	    scripts/swift test -c release --skip-build --disable-xctest $$ring 2>&1 | grep -v '^◇'; done

older: ## goldens of every graph on an emulated processor with AVX2 and without VNNI
	@scripts/bootstrap --step emulator
	@if [ "$$(uname -m)" != x86_64 ]; then echo "make older needs an x86-64 machine." >&2; exit 69; fi
	@scripts/swift build -c release --build-tests --explicit-target-dependency-import-check error -q
	@set -o pipefail; qemu-x86_64-static -cpu Haswell .build/release/parleyPackageTests.xctest \
	    --testing-library swift-testing --filter '^ModelTests\.GraphGoldenTests' 2>&1 | grep -vE '◇|^qemu'

check: ## format, layers, limits of size, links
	@scripts/check

ci: ## check, test, older, and eval where recordings are given
	@scripts/bootstrap --step system --step forge
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory test
	@if grep -hE '/(Sources|Tests|Examples)/.*: warning:' out/build.log "$$(scripts/bootstrap --print logs)/parley.log" \
	    | grep -v '/\.build/'; \
	then echo "Warnings are errors here." >&2; exit 1; fi
	@if [ "$$(uname -m)" = x86_64 ]; then $(MAKE) --no-print-directory older; fi
	@if [ -n "$(SPEECH)" ]; then $(MAKE) --no-print-directory eval SPEECH="$(SPEECH)"; \
	else echo "No recordings given (SPEECH=FOLDER): accuracy is not scored."; fi

eval: ## word error rates over SPEECH=FOLDER, as a table and out/eval.json
	@test -n "$(SPEECH)" || { echo "make eval needs SPEECH=FOLDER, a folder with a manifest.jsonl." >&2; exit 64; }
	@scripts/bootstrap
	@scripts/swift build -c release --product ParleyBenchmarks -q
	@mkdir -p out
	@$(benchmarks) eval "$(SPEECH)" $(EVAL) --output out/eval.json

claims: ## the shipped recogniser against FP32 over SPEECH=FOLDER: words, bytes, time; one JSON object a line
	@test -n "$(SPEECH)" || { echo "make claims needs SPEECH=FOLDER, a folder with a manifest.jsonl." >&2; exit 64; }
	@scripts/bootstrap
	@scripts/bootstrap --step reference
	@scripts/swift build -c release --product ParleyBenchmarks -q
	@$(benchmarks) claims "$(SPEECH)"

compare: ## the texts of faster-whisper and of Parley over SPEECH=FOLDER, also with FP32 graphs; out/compare.json
	@test -n "$(SPEECH)" || { echo "make compare needs SPEECH=FOLDER, a folder with a manifest.jsonl." >&2; exit 64; }
	@scripts/bootstrap
	@scripts/bootstrap --step reference --step peer
	@scripts/swift build -c release --product ParleyBenchmarks -q
	@mkdir -p out
	@$(benchmarks) compare "$(SPEECH)" --peer "$$(scripts/bootstrap --print peer)" --output out/compare.json

words: ## word times against a forced alignment over SPEECH=FOLDER, one JSON object a line
	@test -n "$(SPEECH)" || { echo "make words needs SPEECH=FOLDER, a folder with a manifest.jsonl." >&2; exit 64; }
	@scripts/bootstrap
	@scripts/bootstrap --step peer
	@"$$(scripts/bootstrap --print peer)" scripts/peer/word_times.py $(parley) "$(SPEECH)"

bench: ## figures, one JSON object a line; SPEECH=FOLDER uses its questions
	@scripts/bootstrap
	@scripts/bootstrap --step llama-bench --step peer
	@scripts/swift build -c release --product ParleyBenchmarks -q
	@scripts/swift build -c release --product parley -q
	@mkdir -p out
	@set -o pipefail; $(benchmarks) bench $(if $(SPEECH),--speech "$(SPEECH)") --llama-bench "$$(scripts/bootstrap --print llama-bench)" \
	    --peer "$$(scripts/bootstrap --print peer)" --minutes $(MINUTES) \
	    | tee out/bench.jsonl

format: ## lay out the Swift sources
	@swift format --in-place --parallel --recursive Sources Tests Examples Package.swift

clean: ## remove what was built in this checkout; models and caches stay
	@rm -rf .build out
