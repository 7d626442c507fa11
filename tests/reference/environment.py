"""The environment that references are computed in: torch and transformers, of which the kit has neither.

    python tests/reference/environment.py

makes it under the cache, named by its pins (about a gigabyte, some minutes), and prints its Python.
"""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

PINS = (
    ("torch==2.13.0",),  # first and by itself: together with others pip takes gigabytes of CUDA
    ("transformers==4.57.6", "tokenizers==0.22.2", "accelerate==1.15.0", "gguf==0.19.0", "numpy==2.4.6"),
)
"""What is installed, in this order. transformers 5 reads another rotation out of this model's files."""


def python_of(environ: Mapping[str, str]) -> Path | None:
    """The environment's Python; None while it has not been made."""
    folder = _folder(environ)
    return folder / "bin" / "python" if (folder / "ready").exists() else None


def make(environ: Mapping[str, str]) -> Path:
    """Make the environment, unless it is there, and return its Python."""
    folder = _folder(environ)
    if ready := python_of(environ):
        return ready
    venv.create(folder, with_pip=True, clear=True)
    for pins in PINS:
        print(f"installing {', '.join(pins)}", file=sys.stderr)
        subprocess.run([folder / "bin" / "pip", "install", "-q", *pins], check=True)
    (folder / "ready").touch()
    return folder / "bin" / "python"


def _folder(environ: Mapping[str, str]) -> Path:
    cache = Path(environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "/")) / ".cache")
    made_from = repr((sys.version_info[:2], PINS)).encode()
    return cache / "vybor" / f"reference-{hashlib.sha256(made_from).hexdigest()[:12]}"


if __name__ == "__main__":
    print(make(os.environ))
