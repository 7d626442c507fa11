"""A fitting over real processes: the deciding one, the headband on its true wire, and `vybor fit` beside them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import Hands, Kit, kit
from processes.test_headband import cyton, wearing
from vybor.contracts import messages as m
from vybor.contracts.messages import FitPhase, GestureKind, Mode, Role, Sign
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import seconds
from world.cyton import Cyton

NO_READING = "[commit]\nrefractory_s = 0.2\n"
GAP_S, BLINK_S = 0.7, 0.28
"""Onsets lie .98 s apart: the kit as it comes takes that for two single blinks."""
REACTION_S = 0.3


class Person(Hands):
    """Does what the screen asks for, with a switch and with lids."""

    def __init__(self, runtime: Path, worn: Cyton | None = None) -> None:
        super().__init__(runtime)
        self._worn = worn
        self._cue = (Sign.PAD, 0)
        self._acts_ns = 0
        self.body = Bus("person", runtime, self.clock, [m.Gesture])
        self.gestures: list[m.Gesture] = []

    @property
    def stage(self) -> m.FitStage | None:
        return self.screen.fitting if self.screen else None

    def pump(self, wait_s: float = 0.01) -> None:
        super().pump(wait_s)
        heard = (each.message for each in self.body.receive(0) if isinstance(each, Heard))
        self.gestures += [message for message in heard if isinstance(message, m.Gesture)]
        self.body.tend()
        stage = self.stage
        if stage and stage.sign and stage.phase is FitPhase.CUE and self._cue != (stage.sign, stage.cue):
            self._cue = (stage.sign, stage.cue)
            self._acts_ns = self.clock.now_ns() + seconds(REACTION_S)
        if self._acts_ns and self.clock.now_ns() >= self._acts_ns:
            self._acts_ns = 0
            self._act()

    def double_blink(self) -> int:
        assert self._worn is not None
        return self._worn.double_blink(gap_s=GAP_S, duration_s=BLINK_S).began_ns

    def close(self) -> None:
        self.body.close()
        super().close()

    def is_at(self, phase: FitPhase, sign: Sign | None = None) -> bool:
        return self.stage is not None and self.stage.phase is phase and self.stage.sign is sign

    def _act(self) -> None:
        if self._cue[0] is Sign.SWITCH:
            self.press()
        elif self._cue[0] is Sign.DOUBLE_BLINK:
            self.double_blink()


@contextmanager
def fitting(running: Kit, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """`vybor fit`, at whose terminal somebody sits."""
    places = ["--runtime", str(running.runtime), "--config", str(running.config)]
    command = [sys.executable, "-m", "vybor", "fit", *options, *places]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def typed(child: "subprocess.Popen[str]", line: str) -> None:
    assert child.stdin is not None
    child.stdin.write(f"{line}\n")
    child.stdin.flush()


def leave(child: "subprocess.Popen[str]") -> None:
    """Nobody sits there any more."""
    assert child.stdin is not None
    child.stdin.close()
    child.stdin = None


def test_signs_are_left_out_from_the_terminal_and_the_text_comes_back(tmp_path: Path) -> None:
    with kit(tmp_path, "core", settings=NO_READING) as running:
        person = Person(running.runtime)
        try:
            person.until(lambda: bool(person.screen and person.screen.tiles))
            with fitting(running) as child:
                for sign in (Sign.PAD, Sign.SWITCH, Sign.LONG_BLINK, Sign.BROW, Sign.CHEEK, Sign.HEAD):
                    person.until(lambda sign=sign: person.is_at(FitPhase.INTRO, sign))
                    typed(child, "s")
                person.until(lambda: person.screen is not None and person.screen.mode is Mode.WORDS)
                person.until(lambda: child.poll() is not None)
                assert child.returncode == 1
                assert child.stdout is not None
                assert child.stdout.read() == "the fitting was left before its end; nothing has changed\n"
        finally:
            person.close()


def test_without_a_kit_one_sentence_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vybor", "fit", "--runtime", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 69
    assert done.stderr.startswith("vybor: no kit runs in ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_slow_lids_are_fitted_and_are_understood_at_once_and_after_a_restart(tmp_path: Path) -> None:
    settings = wearing(tmp_path / "port") + NO_READING
    with cyton(tmp_path) as worn, kit(tmp_path, "core", "headband", settings=settings) as running:
        person = Person(running.runtime, worn)
        try:
            until_blinks_are_known(person)
            with fitting(running, "--only", "switch,double_blink", "--json") as child:
                for sign in (Sign.SWITCH, Sign.DOUBLE_BLINK):
                    person.until(lambda sign=sign: person.is_at(FitPhase.INTRO, sign))
                    typed(child, "")
                    person.until(lambda sign=sign: person.is_at(FitPhase.EFFORT, sign), 90)
                    person.choose(Role.FIT_EFFORT, "easy")
                person.until(lambda: person.is_at(FitPhase.SUMMARY))
                leave(child)
                person.until(lambda: child.poll() is not None)
                assert child.stdout is not None
                told = json.loads(child.stdout.read())
            found = {each["sign"]: each for each in told["results"]}
            assert (found["switch"]["hits"], found["switch"]["cues"]) == (8, 8)
            assert found["double_blink"]["hits"] >= 7
            assert found["double_blink"]["pair_gap_s"] == pytest.approx(GAP_S + BLINK_S, abs=0.1)
            person.choose(Role.FIT_ACCEPT)
            assert person.screen is not None
            assert person.screen.mode is Mode.WORDS
            assert is_understood(person)
            running.kill("core")
            running.kill("headband")
            running.start("core", "headband")
            until_blinks_are_known(person)
            assert is_understood(person)
        finally:
            person.close()
    assert "double_blink_gap_s" not in running.config.read_text()


def until_blinks_are_known(person: Person) -> None:
    """Tiles are there, and the detectors have learned what is usual."""
    person.screen = None
    person.until(lambda: bool(person.screen and person.screen.tiles), 20)
    began_ns = person.clock.now_ns()
    while not any(one.at_ns > began_ns and one.kind is GestureKind.BLINK for one in person.gestures):
        assert person._worn is not None
        wait(person, person._worn.blink().ended_ns + seconds(2.0))


def is_understood(person: Person) -> bool:
    """Whether two slow blinks are a double blink."""
    began_ns = person.double_blink()
    wait(person, began_ns + seconds(4))
    return any(
        one.at_ns > began_ns - seconds(0.2) and one.kind is GestureKind.DOUBLE_BLINK for one in person.gestures
    )


def wait(person: Person, until_ns: int) -> None:
    person.until(lambda: person.clock.now_ns() >= until_ns)
