"""A slow disk and the screen: real core, journal and display, chosen with the eyes, while every sync takes longer.

strace holds up each fsync and fdatasync of the journal. What is measured is what the wearer sees: from the moment
at which the eyes reach a tile's edge until the display says that it has shown what came of it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benches.report import percentile
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import Missing
from world.aims import beyond, middle

PROCESSES = ("core", "journal", "display")
FRAME_S = 1 / 30
CHOICES, ROUNDS = 20, 3
"""Choices in a row, and how often that is done with a quick disk and with a slow one, in turn."""
DELAY_MS = 300
PATIENCE_S = 30.0
TRY_S = 4.0
"""Much longer than a slow disk could hold up a choice: then the look was not taken for one, and is made again."""
NEUTRAL = (0.5, 0.5)
BEYOND = 0.05
SETTINGS = '[gaze]\nsource = "pointer"\n'
"""So that no nine dots are waited for: the looks are this bench's own."""
LEADS = {m.Mode.WORDS: m.Role.MENU, m.Mode.MENU: m.Role.BACK}
"""What is chosen on a page: there and back, and each of it is a decision to be kept."""


class Eyes:
    """Plays the process `gaze`: looks where it is told, and hears what is shown."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self._bus = Bus("gaze", runtime, self.clock, [m.Shown, m.Highlight, m.Health])
        self._place = NEUTRAL
        self._looked_ns = 0
        self.screen: m.Screen | None = None
        self._light: m.Highlight | None = None
        self.pids: dict[str, int] = {}

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def until(self, holds: Callable[[], bool], limit_s: float = PATIENCE_S) -> float:
        """Look on until something holds; returns how many milliseconds that took. Raises Missing."""
        began_ns = self.clock.now_ns()
        while not holds():
            if self.clock.now_ns() - began_ns > seconds(limit_s):
                raise Missing("the kit does not go on; `deploy/bench journal` cannot measure it")
            self._turn()
        return (self.clock.now_ns() - began_ns) / 1e6

    def choose(self) -> tuple[float, float]:
        """Choose what leads to the other page; milliseconds until it was shown, and until it was saved."""
        screen = self.screen
        assert screen is not None
        role = LEADS.get(screen.mode, m.Role.BACK)
        tile = next(tile for tile in screen.tiles if tile.role is role)
        shown_ms = self._tried(tile, screen.offer)
        while shown_ms is None:
            self._place = NEUTRAL
            self.until(lambda: not self._is_armed(tile.slot, screen.offer))
            shown_ms = self._tried(tile, screen.offer)
        return shown_ms, shown_ms + self.until(
            lambda: self.screen is not None and self.screen.saving is m.Saving.SAVED
        )

    def _tried(self, tile: m.Tile, offer: int) -> float | None:
        """Look at a tile, then beyond its edge; None if that was not understood."""
        self._place = middle(tile)
        self.until(lambda: self._is_armed(tile.slot, offer))
        self._place = beyond(tile, BEYOND)
        until_ns = self.clock.now_ns() + seconds(TRY_S)
        took_ms = self.until(lambda: self._shows_more_than(offer) or self.clock.now_ns() > until_ns)
        return took_ms if self._shows_more_than(offer) else None

    def _shows_more_than(self, offer: int) -> bool:
        return self.screen is not None and self.screen.offer > offer

    def _is_armed(self, slot: int, offer: int) -> bool:
        light = self._light
        return light is not None and light.armed and (light.slot, light.offer) == (slot, offer)

    def _turn(self) -> None:
        for arrival in self._bus.receive(0.005):
            match arrival:
                case Heard(message=m.Shown(screen=screen)) if screen:
                    self.screen = screen
                case Heard(message=m.Highlight() as light):
                    self._light = light
                case Heard(message=m.Health(process=process, pid=pid)):
                    self.pids[process] = pid
        self._bus.tend()
        now_ns = self.clock.now_ns()
        if now_ns - self._looked_ns >= seconds(FRAME_S):
            self._looked_ns = now_ns
            point = m.GazePoint(x=self._place[0], y=self._place[1], sd_x=0.02, sd_y=0.02)
            self._bus.publish(m.Gaze(at_ns=now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))


def check() -> None:
    """Raises Missing without strace."""
    if shutil.which("strace") is None:
        raise Missing("strace is not installed (sudo apt install strace): it makes the disk slow")


def screen(share: Path) -> dict[str, float]:
    """Milliseconds with a quick disk and with a slow one. Raises Missing where strace does not make it slow."""
    quick: list[tuple[float, float]] = []
    slow: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder, _kit(Path(folder), share) as eyes:
        eyes.until(lambda: eyes.screen is not None and bool(eyes.screen.tiles) and "journal" in eyes.pids)
        eyes.choose()
        for _ in range(ROUNDS):
            quick += [eyes.choose() for _ in range(CHOICES)]
            with _slow_disk(eyes.pids["journal"]):
                slow += [eyes.choose() for _ in range(CHOICES)]
    found: dict[str, float] = {}
    for name, times in (("quick", quick), ("slow", slow)):
        for what, column in (("screen_ms", 0), ("saved_ms", 1)):
            taken = [time[column] for time in times]
            found[f"{what}.{name}.p50"] = percentile(taken, 0.5)
            found[f"{what}.{name}.p95"] = percentile(taken, 0.95)
    found["screen_ms.slower_by"] = found["screen_ms.slow.p95"] - found["screen_ms.quick.p95"]
    return found


@contextmanager
def _kit(folder: Path, share: Path) -> Iterator[Eyes]:
    runtime, state = folder / "run", folder / "state"
    runtime.mkdir()
    config = folder / "vybor.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    places = ["--runtime", str(runtime), "--state", str(state), "--share", str(share), "--config", str(config)]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        for name in PROCESSES:
            command = [sys.executable, "-m", "vybor", "run", name, *places]
            environment = {**os.environ, "SDL_VIDEODRIVER": "dummy"}
            child = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
            stack.callback(child.wait)
            stack.callback(child.terminate)
        eyes = Eyes(runtime)
        stack.callback(eyes.close)
        yield eyes


@contextmanager
def _slow_disk(pid: int) -> Iterator[None]:
    """Each sync of a process takes longer meanwhile. Raises Missing where strace may not, or ends."""
    late = f"inject=fsync,fdatasync:delay_enter={DELAY_MS * 1000}"
    command = ["strace", "-f", "-q", "-p", str(pid), "-o", os.devnull, "-e", "trace=fsync,fdatasync", "-e", late]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)  # until it has taken hold
        _is_tracing(tracer)
        yield
        _is_tracing(tracer)
    finally:
        tracer.terminate()
        tracer.wait()


def _is_tracing(tracer: "subprocess.Popen[bytes]") -> None:
    if tracer.poll() is not None:
        raise Missing(
            f"strace ended with {tracer.returncode}: the disk was not slow; may this user trace processes?"
        )
