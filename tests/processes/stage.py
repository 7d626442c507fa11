"""A stage for process tests: real processes of the kit, and hands that play the ones left out.

The hands speak the kit's own protocol on the bus under the name of the process they play.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.foundation.bus import Arrival, Bus, Heard
from vybor.foundation.clock import SystemClock
from world import sysfs

FRAME_S = 1 / 30
BRISK = "[commit]\narm_s = 0.05\nrefractory_s = 0.05\n"
"""Hands choose without a pause: how long each choice takes is for the tests of the selector, in virtual time."""


class Kit:
    """Some processes of the kit, each a child of the test."""

    def __init__(self, folder: Path, share: Path | None = None, settings: str = BRISK) -> None:
        self.runtime, self.state = folder / "run", folder / "state"
        self.share = share or folder / "share"
        self.config = folder / "vybor.toml"
        self.config.write_text(settings, encoding="utf-8")
        self.runtime.mkdir(exist_ok=True)
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._logs: dict[str, Path] = {}
        self._folder = folder

    def start(self, *names: str, **environment: str) -> None:
        for name in names:
            self._logs[name] = self._folder / f"{name}.log"
            with self._logs[name].open("a") as opened:
                self._children[name] = subprocess.Popen(
                    [sys.executable, "-m", "vybor", "run", name, *self.arguments()],
                    stdout=opened,
                    stderr=subprocess.STDOUT,
                    text=True,
                    env={sysfs.VARIABLE: str(self._folder / "sys"), **os.environ, **environment},
                )

    def arguments(self) -> list[str]:
        places = ["--runtime", str(self.runtime), "--state", str(self.state), "--share", str(self.share)]
        return [*places, "--config", str(self.config)]

    def kill(self, name: str) -> int:
        """Its exit code: another than -SIGKILL if it had ended before."""
        self._children[name].kill()
        return self._children[name].wait()

    def signal(self, name: str, number: signal.Signals) -> None:
        self._children[name].send_signal(number)

    def pid(self, name: str) -> int:
        return self._children[name].pid

    def is_running(self, name: str) -> bool:
        return self._children[name].poll() is None

    def log(self, name: str) -> str:
        return self._logs[name].read_text()

    def stop(self) -> dict[str, int]:
        """Ask all to end; returns their exit codes."""
        for child in self._children.values():
            child.send_signal(signal.SIGCONT)
            child.terminate()
        codes: dict[str, int] = {}
        for name, child in self._children.items():
            try:
                codes[name] = child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                codes[name] = child.wait()
        return codes


@contextmanager
def kit(folder: Path, *names: str, share: Path | None = None, settings: str = BRISK) -> Iterator[Kit]:
    started = Kit(folder, share, settings)
    started.start(*names)
    try:
        yield started
    finally:
        started.stop()


class Hands:
    """Plays display and gaze: shows what the core asks for, and looks where the test wants."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self.display = Bus("display", runtime, self.clock, [m.Screen, m.Highlight])
        self.gaze = Bus("gaze", runtime, self.clock)
        self.screen: m.Screen | None = None
        self.highlight: m.Highlight | None = None
        self.place: tuple[float, float] | None = None
        self.error = (0.02, 0.02)
        """How exact the looks are said to be."""
        self._looked_ns = 0

    def close(self) -> None:
        self.display.close()
        self.gaze.close()

    def pump(self, wait_s: float = 0.01) -> None:
        """One turn: show what arrived, look on."""
        for arrival in self.display.receive(wait_s):
            self._show(arrival)
        self.gaze.receive(0)
        self.display.tend()
        self.gaze.tend()
        now_ns = self.clock.now_ns()
        if self.place and now_ns - self._looked_ns >= FRAME_S * 1e9:
            self._looked_ns = now_ns
            point = m.GazePoint(x=self.place[0], y=self.place[1], sd_x=self.error[0], sd_y=self.error[1])
            self.gaze.publish(m.Gaze(at_ns=now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))

    def until(self, holds: Callable[[], bool], limit_s: float = 10.0) -> None:
        deadline = time.perf_counter() + limit_s
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.screen} {self.highlight}"
            self.pump()

    def text(self) -> str | None:
        return self.screen.text if self.screen else None

    def tile(self, role: m.Role, label: str = "") -> m.Tile:
        assert self.screen is not None
        return next(t for t in self.screen.tiles if t.role is role and (not label or t.label == label))

    def choose(self, role: m.Role, label: str = "") -> None:
        """Look at a tile until it is armed, then press the switch; wait for what comes of it."""
        self.until(lambda: self.screen is not None and any(t.role is role for t in self.screen.tiles))
        self.look_at(self.tile(role, label))
        assert self.screen is not None
        offer = self.screen.offer
        self.press()
        self.until(lambda: self.screen is not None and self.screen.offer > offer, 5)

    def look_at(self, tile: m.Tile) -> None:
        self.place = middle(without_pad(tile.area, tile.pad))
        self.until(lambda: self._is_armed(tile))

    def _is_armed(self, tile: m.Tile) -> bool:
        light, screen = self.highlight, self.screen
        return bool(light and screen and light.armed and light.slot == tile.slot and light.offer == screen.offer)

    def press(self) -> None:
        self.display.publish(m.SwitchPress(at_ns=self.clock.now_ns()))

    def _show(self, arrival: Arrival) -> None:
        if not isinstance(arrival, Heard):
            return
        if isinstance(arrival.message, m.Highlight):
            self.highlight = arrival.message
        if isinstance(arrival.message, m.Screen):
            self.screen = arrival.message
            shown = m.Shown(at_ns=self.clock.now_ns(), screen=self.screen)
            self.display.publish(shown)


def middle(area: m.Area) -> tuple[float, float]:
    """Of what is visible of an area."""
    left, right = max(0.0, area.left), min(1.0, area.right)
    top, bottom = max(0.0, area.top), min(1.0, area.bottom)
    return (left + right) / 2, (top + bottom) / 2


@contextmanager
def hands(runtime: Path) -> Iterator[Hands]:
    played = Hands(runtime)
    try:
        yield played
    finally:
        played.close()
