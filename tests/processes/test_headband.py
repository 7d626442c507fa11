"""The process `headband` from a serial port to the bus: a stand-in Cyton, BrainFlow's own driver, gestures.

In children, because BrainFlow ends the whole process in some of its failures.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from processes.stage import Kit, kit
from unit.headband_replay import READY_S, blinks, felt
from vybor.contracts import messages as m
from vybor.contracts.messages import GestureKind, Trouble
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from world.cyton import Acted, Cyton

LIMIT_S = 45.0
PAUSE_S = 0.8
"""Long enough that one act is over, and known, before the next."""
BLINK, DOUBLE, CLENCH = GestureKind.BLINK, GestureKind.DOUBLE_BLINK, GestureKind.CLENCH


class Listener:
    """Another process of the kit, which hears the headband."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self._bus = Bus("display", runtime, self.clock, [m.Gesture, m.Health, m.Engaged])
        self.gestures: list[m.Gesture] = []
        self.health: m.Health | None = None
        self.engaged: m.Engaged | None = None

    def troubles(self) -> tuple[Trouble, ...] | None:
        return tuple(notice.trouble for notice in self.health.troubles) if self.health else None

    def is_well(self) -> bool:
        return self.troubles() == ()

    def pump(self) -> None:
        for arrival in self._bus.receive(0.02):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Gesture):
                self.gestures.append(arrival.message)
            elif isinstance(arrival, Heard) and isinstance(arrival.message, m.Engaged):
                self.engaged = arrival.message
            elif isinstance(arrival, Heard) and isinstance(arrival.message, m.Health):
                self.health = arrival.message if arrival.publisher == "headband" else self.health

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + LIMIT_S
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.health} {self.gestures[-3:]}"
            self.pump()

    def wait_until(self, at_ns: int) -> None:
        self.until(lambda: self.clock.now_ns() >= at_ns)

    def seen_since(self, at_ns: int, *wanted: GestureKind) -> list[m.Gesture]:
        return [one for one in self.gestures if one.at_ns >= at_ns and one.kind in wanted]

    def close(self) -> None:
        self._bus.close()


@contextmanager
def cyton(folder: Path, seed: int = 1) -> Iterator[Cyton]:
    """A stand-in Cyton at `folder`/port."""
    control = f"ipc://{folder / 'control'}"
    command = ["-m", "world.cyton", "--port-link", str(folder / "port"), "--control", control, "--seed", str(seed)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen([sys.executable, *command], env=environment)
    try:
        with Cyton(control) as client:
            yield client
    finally:
        child.terminate()
        assert child.wait(10) == 0


@contextmanager
def listener(running: Kit) -> Iterator[Listener]:
    made = Listener(running.runtime)
    try:
        yield made
    finally:
        made.close()


def wearing(port: Path) -> str:
    return f'[headband]\nboard = "cyton"\nserial_port = "{port}"\n'


def warmed_up(listening: Listener, worn: Cyton) -> None:
    """Blink until the detectors have learned what is usual, and a blink is seen."""
    listening.until(listening.is_well)
    while not any(one.kind is BLINK for one in listening.gestures):
        listening.wait_until(worn.blink().ended_ns + seconds(PAUSE_S))


@dataclass(frozen=True)
class Stage:
    """A headband that is worn, warmed up, and the process that reads it; tests leave it as they find it."""

    worn: Cyton
    running: Kit
    listening: Listener


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("worn")
    with (
        cyton(folder) as worn,
        kit(folder, "headband", settings=wearing(folder / "port")) as running,
        listener(running) as listening,
    ):
        warmed_up(listening, worn)
        yield Stage(worn, running, listening)


@pytest.mark.parametrize("times", [(3, 2, 3), pytest.param((10, 5, 10), marks=pytest.mark.slow)])
def test_what_the_face_does_is_what_the_kit_hears(stage: Stage, times: tuple[int, int, int]) -> None:
    worn, listening = stage.worn, stage.listening
    acts: dict[GestureKind, Callable[[], Acted]] = {
        DOUBLE: worn.double_blink,
        CLENCH: worn.clench,
        BLINK: worn.blink,
    }
    order = [kind for kind, count in zip(acts, times, strict=True) for _ in range(count)]
    random.Random(1).shuffle(order)
    done: list[tuple[GestureKind, Acted]] = []
    for kind in order:
        act = acts[kind]()
        done.append((kind, act))
        listening.wait_until(act.ended_ns + seconds(PAUSE_S))
    began_ns = done[0][1].began_ns - seconds(0.1)
    assert [one.kind for one in listening.seen_since(began_ns, DOUBLE, CLENCH)] == [
        kind for kind in order if kind is not BLINK
    ]
    assert len(listening.seen_since(began_ns, BLINK)) == 2 * order.count(DOUBLE) + order.count(BLINK)
    meant = [act for kind, act in done if kind is not BLINK]
    for heard, act in zip(listening.seen_since(began_ns, DOUBLE, CLENCH), meant, strict=True):
        assert abs(heard.at_ns - act.began_ns) <= seconds(0.1)
        assert abs(heard.ended_ns - act.ended_ns) <= seconds(0.2)
        assert heard.log_odds > 0


def test_a_process_that_stood_still_dates_what_comes_after_rightly(stage: Stage) -> None:
    worn, running, listening = stage.worn, stage.running, stage.listening
    running.signal("headband", signal.SIGSTOP)
    listening.wait_until(listening.clock.now_ns() + seconds(3))
    running.signal("headband", signal.SIGCONT)
    listening.wait_until(listening.clock.now_ns() + seconds(4))
    listening.gestures.clear()
    act = worn.double_blink()
    listening.until(lambda: any(one.kind is DOUBLE for one in listening.gestures))
    (heard,) = listening.seen_since(0, DOUBLE)
    assert abs(heard.at_ns - act.began_ns) <= seconds(0.1)


def test_a_headband_that_falls_silent_or_loses_its_dongle_is_said_and_heals(stage: Stage) -> None:
    worn, running, listening = stage.worn, stage.running, stage.listening
    listening.until(listening.is_well)
    said = len(running.log("headband"))
    for leave in (worn.mute, worn.vanish):
        leave()
        listening.until(lambda: listening.troubles() == (Trouble.HEADBAND_STOPPED,))
        worn.come_back()
        listening.until(listening.is_well)
    listening.gestures.clear()
    warmed_up(listening, worn)
    assert running.is_running("headband")
    log = running.log("headband")[said:]
    assert (log.count("trouble: headband_stopped"), log.count("healed: headband_stopped")) == (2, 2)


def test_it_ends_cleanly_while_a_headband_is_worn(stage: Stage) -> None:
    assert not has_scipys_signals(stage.running)  # 76 MB, and a second of a core, for what flickers alone
    assert stage.running.stop() == {"headband": 0}


def test_a_dongle_that_is_plugged_in_late_is_found(tmp_path: Path) -> None:
    with kit(tmp_path, "headband", settings=wearing(tmp_path / "port")) as running, listener(running) as listening:
        listening.until(lambda: "port" in detail(listening))
        assert listening.troubles() == (Trouble.HEADBAND_MISSING,)
        with cyton(tmp_path):
            listening.until(listening.is_well)


def test_a_recording_plays_in_place_of_a_headband(tmp_path: Path) -> None:
    recording = tmp_path / "kept.csv"
    samples = felt([(READY_S + 1, blinks(2))], READY_S + 4)
    rows = np.zeros((samples.shape[1], 24))
    rows[:, 0] = np.arange(len(rows)) % 256
    rows[:, 1:9] = samples.T
    rows[:, 22] = 1 + np.arange(len(rows)) / 250
    np.savetxt(recording, rows, delimiter="\t", fmt="%.6f")
    settings = f'[headband]\nboard = "recording"\nrecording = "{recording}"\n'
    with kit(tmp_path, "headband", settings=settings) as running, listener(running) as listening:
        listening.until(lambda: any(one.kind is DOUBLE for one in listening.gestures))
        assert listening.engaged is not None
        assert listening.engaged.z is None  # nobody is known so soon


def test_nobody_has_to_wear_one(tmp_path: Path) -> None:
    settings = "[flicker]\non = true\n"
    with kit(tmp_path, "headband", settings=settings) as running, listener(running) as listening:
        listening.until(lambda: listening.troubles() == ())
        assert not has_scipys_signals(running)
        assert running.stop() == {"headband": 0}
        assert listening.engaged is None


def test_a_headband_that_nobody_knows_is_said_and_no_headband_is_worn(tmp_path: Path) -> None:
    with (
        kit(tmp_path, "headband", settings='[headband]\nboard = "crown"\n') as running,
        listener(running) as heard,
    ):
        heard.until(lambda: heard.troubles() == ())
        assert "line 2: headband.board is one of" in running.log("headband")


def test_a_headband_whose_port_is_not_named_is_a_trouble_with_one_sentence(tmp_path: Path) -> None:
    """Started again and again, as systemd would, it would say so in its log alone."""
    with (
        kit(tmp_path, "headband", settings='[headband]\nboard = "cyton"\n') as running,
        listener(running) as listening,
    ):
        deadline = time.perf_counter() + LIMIT_S
        while "needs the port of its dongle" not in detail(listening):
            assert time.perf_counter() < deadline
            time.sleep(0.05)
        assert running.is_running("headband")


def test_what_reads_a_flicker_is_there_before_anything_flickers(tmp_path: Path) -> None:
    settings = wearing(tmp_path / "port") + "[flicker]\non = true\n"
    with kit(tmp_path, "headband", settings=settings) as running, listener(running) as listening:
        listening.until(lambda: "port" in detail(listening))
        assert has_scipys_signals(running)


def has_scipys_signals(running: Kit) -> bool:
    return "scipy/signal/" in Path(f"/proc/{running.pid('headband')}/maps").read_text()


def detail(listening: Listener) -> str:
    listening.pump()
    return " ".join(notice.detail for notice in listening.health.troubles) if listening.health else ""
