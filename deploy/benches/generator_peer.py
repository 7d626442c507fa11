"""llama.cpp as a peer: its prebuilt libraries from a package of npm, kept in the cache, in a process beside this.

The package is the one that node-llama-cpp brings for this kind of machine. It holds llama.cpp's kernels for every
generation of processors, and llama.cpp itself takes the best that this one can run, as a build made here would.
"""

import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from benches.generator_rounds import Clock
from vybor.foundation.errors import Missing
from vybor.generator.network.trunk import Floats
from vybor_workshop.materials import Say

VERSION = "3.22.1"
"""Of the package; it holds llama.cpp 0.5.0."""
KINDS = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}


class About(msgspec.Struct, frozen=True):
    """What the peer says of itself."""

    version: str
    system: str
    """Which of the processor's instructions its kernels use."""


def folder(cache: Path) -> Path:
    """Where llama.cpp's libraries lie once they were taken. Raises Missing."""
    kind = KINDS.get(platform.machine())
    if kind is None:
        raise Missing(f"there is no llama.cpp to compare with for {platform.machine()}; use {' or '.join(KINDS)}")
    return cache / f"llama.cpp-{VERSION}" / "node_modules" / "@node-llama-cpp" / kind / "bins" / kind


def libraries(cache: Path, say: Say) -> Path:
    """The folder with llama.cpp's libraries, from the cache or taken into it. Raises Missing."""
    found = folder(cache)
    if found.is_dir():
        return found
    if not shutil.which("npm"):
        raise Missing("llama.cpp comes in a package of npm, and npm is missing: sudo apt install npm")
    kept, kind = cache / f"llama.cpp-{VERSION}", found.name
    pin = f"@node-llama-cpp/{kind}@{VERSION}"
    say(f"taking llama.cpp from {pin}")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        command = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run([*command, "--prefix", scratch, pin], capture_output=True, text=True, check=False)
        if done.returncode or not (Path(scratch) / found.relative_to(kept)).is_dir():
            said = (done.stderr or done.stdout).strip().splitlines() or ["npm said nothing"]
            raise Missing(f"{pin} could not be installed ({said[-1]}); check the network and try again")
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(scratch, kept)
    return found


class Peer:
    """llama.cpp with a model, in a process beside this."""

    def __init__(self, program: "subprocess.Popen[str]", log: IO[str]) -> None:
        """Take a program that has been started, and wait until its model is loaded. Raises Missing."""
        self._program = program
        self._log = log
        self.about = msgspec.convert(self._answer(), About)

    def prefill(self, tokens: Sequence[int]) -> float:
        """Read tokens into an empty cache; seconds."""
        return float(self._ask({"do": "prefill", "tokens": list(tokens)})["s"])

    def steps(self, tokens: Sequence[int], given: Sequence[Sequence[int]]) -> float:
        """Go on behind tokens that were read, one token a step and way; seconds."""
        asked = {"do": "steps", "tokens": list(tokens), "given": [list(step) for step in given]}
        return float(self._ask(asked)["s"])

    def read(self, tokens: Sequence[int]) -> Floats:
        """Read tokens into an empty cache; the logits behind the last one."""
        self.prefill(tokens)
        return np.array(self._ask({"do": "end", "tokens": len(tokens)})["end"], np.float32)

    def _ask(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self._program.stdin
        self._program.stdin.write(json.dumps(what) + "\n")
        self._program.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._program.stdout
        line = self._program.stdout.readline()
        if not line:
            self._program.wait()
            self._log.seek(0)
            said = self._log.read().strip().splitlines() or ["it said nothing"]
            raise Missing(f"llama.cpp ended ({said[-1]}); is its package whole?")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def at_work(
    folder: Path, model: Path, *, threads: int, positions: int, ways: int, clock: Clock = time.perf_counter
) -> Iterator[Peer]:
    """llama.cpp with a model, a cache of so many positions and so many sequences. Raises Missing."""
    numbers = [str(number) for number in (threads, positions, ways)]
    command = [sys.executable, str(Path(__file__).with_name("generator_peer_program.py")), str(folder), str(model)]
    command += [clock.__name__, *numbers]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile(mode="w+") as log,  # it says much while it loads: a pipe would fill
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True) as program,
    ):
        try:
            yield Peer(program, log)
        finally:
            program.kill()
