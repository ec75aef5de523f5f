"""Command line: `python -m parley_forge build --variant int8 --models DIR --output DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import build as builder
from .bundle import BundleError
from .ct2 import CT2Error
from .tables import TableError
from .vocabulary import VocabularyError
from .voice import VoiceError

#: Exit status for bad input (sysexits: EX_DATAERR).
BAD_INPUT = 65


def main() -> int:
    parser = argparse.ArgumentParser(prog="parley_forge", description="Builds Parley's audio bundle.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build one bundle folder from published weights")
    build.add_argument("--variant", choices=sorted(builder.RECIPES), required=True)
    build.add_argument("--models", type=Path, required=True, help="folder with one sub-folder for each source")
    build.add_argument("--output", type=Path, required=True, help="folder of the bundle; replaced when complete")
    options = parser.parse_args()
    try:
        manifest = builder.build(options.variant, options.models, options.output, _say)
    except (builder.BuildError, BundleError, CT2Error, TableError, VocabularyError, VoiceError, OSError) as error:
        print(f"parley_forge: {error}", file=sys.stderr)
        return BAD_INPUT
    size = sum(entry["bytes"] for entry in manifest["files"])
    _say(f"{options.output}: {size / 2**20:.1f} MiB in {len(manifest['files'])} files")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
