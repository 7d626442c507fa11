"""A kit whose processes hear each other late, twice or damaged: what is written is what was meant, and is kept."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.contracts.channels import EVERY_PROCESS
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from world import kills, sysfs
from world.bodies import EyesAndHeadband
from world.camera import ADDRESS, Camera, install
from world.cyton import Cyton
from world.meddler import Meddler, Way
from world.person import Person
from world.play import NO_PANEL, SETTINGS, decisions

SHARE = os.environ.get("VYBOR_SHARE_FOR_TESTS", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARE, reason="deploy/test builds the model and the words; run it through that"),
]

CLOCK = SystemClock()
NAMES = tuple(name for name in EVERY_PROCESS if name not in ("browser", "eyetracker"))
"""Those two say nothing but that they are there."""
SENTENCE = "I am here."
PERSON = "watch"
SEVERAL = 3
"""Frames at least that somebody had to get otherwise than they were said."""


class Kit:
    """Every process in a folder of its own, and a person whose eyes, lids and display are real stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.meddler = Meddler(folder / "run", (*NAMES, PERSON), CLOCK)
        self.state = folder / "state"
        wire, control, port = (f"ipc://{folder / name}" for name in ("camera", "cyton.control", "cyton"))
        self.camera = Camera(wire)
        config = folder / "vybor.toml"
        config.write_text(
            SETTINGS.format(camera=install(folder), port=port.removeprefix("ipc://")) + NO_PANEL, encoding="utf-8"
        )
        self._log = (folder / "log").open("ab")
        self._children = [
            self._child("-m", "world.cyton", "--port-link", str(folder / "cyton"), "--control", control)
        ]
        self.cyton = Cyton(control)
        self.cyton.__enter__()
        places = ("--state", str(self.state), "--share", SHARE, "--config", str(config))
        for name in NAMES:
            runtime = ("--runtime", str(self.meddler.of(name)))
            self._children.append(self._child("-m", "vybor", "run", name, *runtime, *places, **{ADDRESS: wire}))
        self._bus = Bus("person", self.meddler.of(PERSON), CLOCK, [m.Shown])
        self.person = Person(self._bus, EyesAndHeadband(self.camera, self.cyton, CLOCK, 1), CLOCK, print)
        self.log = folder / "log"

    def _child(self, *command: str, **environment: str) -> "subprocess.Popen[bytes]":
        started = [sys.executable, *command]
        return subprocess.Popen(
            started,
            stdout=self._log,
            stderr=self._log,
            env={sysfs.VARIABLE: str(self.state.with_name("sys")), **os.environ, **environment},
        )

    def running(self) -> list[int | None]:
        """The exit codes of those that have ended; None: it runs."""
        return [child.poll() for child in self._children]

    def close(self) -> None:
        self._bus.close()
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.cyton.__exit__(None, None, None)
        self.camera.close()
        self.meddler.close()
        self._log.close()


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    made = Kit(tmp_path_factory.mktemp("k"))
    try:
        made.person.wait_for_offer(120)
        yield made
    finally:
        made.close()
        print(made.log.read_text(errors="replace"))


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("name", [*NAMES, "all"])
def test_what_is_written_is_what_was_meant(kit: Kit, name: str, way: Way) -> None:
    before = len(decisions(kit.state))
    kit.person.unmeant.clear()
    kit.meddler.count = 0
    kit.meddler.meddled = dict.fromkeys(NAMES if name == "all" else (name,), way)
    try:
        written = kit.person.write(SENTENCE)
    finally:
        kit.meddler.meddled = {}
    assert (written.said, kit.person.unmeant) == (SENTENCE, [])
    assert kit.meddler.count >= SEVERAL, "or nothing was tried"
    assert set(kit.running()) == {None}, "nobody ends of it"
    kit.person.wait_for_offer(60)
    for _ in range(100):  # the last decision is on its way to the record
        kept = decisions(kit.state)[before:]
        if kept and kept[-1].action is m.Action.SPEAK:
            break
        kit.person.see(0.1)
    assert [each.text_before for each in kept if each.action is m.Action.SPEAK] == [SENTENCE]
    assert kills.doubled(kept) == []
