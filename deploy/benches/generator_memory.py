"""How much memory the generator takes: the real process, asked as the core asks it, with 800 tokens of text."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing
from vybor.generator.network import bundle
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.model.dialogue import TO_FIT

TOKENS = 800
"""Read by the model, its header among them."""
AHEAD = 7
"""Prompts, as many as the settings have by themselves."""
TURNS = 3
LIMIT_S = 120.0
STILL_S = 2.0
"""A process that has not worked for so long has looked ahead as far as it wants to."""


def peak_mb(made: Path, folder: Path, threads: int) -> float:
    """The most that the generator held in memory, in MB of a million bytes. Raises Missing."""
    text = text_of(bundle.open_bundle(made))
    with _generator(made, folder, threads) as program:
        bus = Bus("core", folder / "run", SystemClock(), [m.Proposals])
        try:
            number = 0
            for turn in range(TURNS):
                number = _asked(bus, program, number, text)
                _wait_until_still(program.pid, bus)
                text += f" word{turn}."
        finally:
            bus.close()
        return _kilobytes(program.pid, "VmHWM") * 1024 / 1e6


def text_of(opened: bundle.Bundle) -> str:
    """English of the length wanted."""
    vocabulary = Vocabulary.open(opened.folder / bundle.TOKENIZER)
    room = TOKENS - len(vocabulary.encode_header(opened.manifest.header))
    words = (TO_FIT["en"] * TOKENS).split(" ")
    least, most = 0, len(words)
    while most - least > 1:
        middle = (least + most) // 2
        fits = len(vocabulary.encode(" ".join(words[:middle]))) <= room
        least, most = (middle, most) if fits else (least, middle)
    return " ".join(words[:least])


@contextmanager
def _generator(made: Path, folder: Path, threads: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The process, with this model."""
    share, state, runtime = folder / "share", folder / "state", folder / "run"
    for place in (share, state, runtime):
        place.mkdir()
    (share / "model").symlink_to(made)
    settings = folder / "vybor.toml"
    settings.write_text(f"[generator]\nthreads = {threads}\n", encoding="utf-8")
    places = ["--runtime", str(runtime), "--state", str(state), "--share", str(share), "--config", str(settings)]
    command = [sys.executable, "-m", "vybor", "run", "generator", *places]
    with subprocess.Popen(command) as program:
        try:
            yield program
        finally:
            program.terminate()


def _asked(bus: Bus, program: "subprocess.Popen[bytes]", number: int, text: str) -> int:
    """Ask for a text and what may come behind it; wait for the first answer. Raises Missing."""
    number += 1
    bus.publish(m.Prompt(at_ns=SystemClock().now_ns(), number=number, text=text))
    answers = _until(bus, program, lambda answer: answer.prompt == number)
    behind = [candidate.words[0] for candidate in answers.candidates] + [",", ".", "?", "and", "the", "it"]
    prompts = tuple(m.Prompt(at_ns=0, number=0, text=f"{text} {word}") for word in behind[:AHEAD])
    bus.publish(m.Ahead(at_ns=SystemClock().now_ns(), prompts=prompts))
    return number


def _until(bus: Bus, program: "subprocess.Popen[bytes]", wanted: Callable[[m.Proposals], bool]) -> m.Proposals:
    end = time.perf_counter() + LIMIT_S
    while time.perf_counter() < end and program.poll() is None:
        for arrival in bus.receive(0.05):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Proposals) and wanted(arrival.message):
                return arrival.message
        bus.tend()
    raise Missing("the generator did not answer; what it wrote stands above")


def _wait_until_still(pid: int, bus: Bus) -> None:
    """While it looks ahead it takes the processor's time."""
    worked, since = _worked_s(pid), time.perf_counter()
    while time.perf_counter() - since < STILL_S:
        bus.receive(0.1)
        bus.tend()
        if (now := _worked_s(pid)) > worked + 0.1:
            worked, since = now, time.perf_counter()


def _worked_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kilobytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise Missing(f"this system does not say {name} of a process")
