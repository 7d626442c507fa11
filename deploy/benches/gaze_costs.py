"""What the process `gaze` costs beside MediaPipe alone, how late its points are, and whether its memory grows.

The real process reads a stand-in camera's pipe; MediaPipe alone is given the same person's frames in memory, as
many a second, in a process of its own. Both by turns, in one run.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from benches.report import percentile
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import Missing
from world.camera import ADDRESS, Camera, install

SIZES = ((640, 480), (1280, 720))
HZ = 15.0
ROUNDS = 3
STARTS_S = 30.0
SETTLES_S = 3.0
"""The first frames find the face and load what is loaded late."""
LOOK_S = 0.7
SETTINGS = """\
[gaze]
camera = "rpicam"
rpicam_program = "{program}"
width = {width}
height = {height}
hz = {hz}
"""
PROGRAM = "benches.gaze_costs_program"

Say = Callable[[str], None]


class Turn:
    """What one turn of the process gave."""

    def __init__(self) -> None:
        self.cpu_ms = 0.0
        """Of one frame, user and system."""
        self.late_ms: list[float] = []
        """From the frame's arrival to its look on the bus, less what MediaPipe took."""


def costs(share: Path, turn_s: float, say: Say) -> dict[str, float]:
    """Processor and delay. Raises Missing."""
    found: dict[str, float] = {}
    late_ms: list[float] = []
    ratios: list[float] = []
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        looks = Path(folder) / "looks"
        _program(share, "looks", str(looks))
        for width, height in SIZES:
            ours, alone = [], []
            for number in range(1, ROUNDS + 1):
                say(f"{width}x{height}, round {number} of {ROUNDS}")
                with _process(Path(folder), share, looks, (width, height)) as turn:
                    told = turn(turn_s)
                ours.append(told.cpu_ms)
                late_ms += told.late_ms
                alone.append(_program(share, "alone", str(width), str(height), str(HZ), str(turn_s))["cpu_ms"])
            name = f"{width}x{height}"
            found[f"cpu_ms.gaze.{name}"] = statistics.median(ours)
            found[f"cpu_ms.mediapipe.{name}"] = statistics.median(alone)
            ratio = statistics.median(one / other for one, other in zip(ours, alone, strict=True))
            found[f"ratio.cpu_vs_mediapipe.{name}"] = ratio
            ratios.append(ratio)
    found["ratio.cpu_vs_mediapipe"] = max(ratios)
    found["frame_to_point_ms.p50"] = percentile(late_ms, 0.5)
    found["frame_to_point_ms.p99"] = percentile(late_ms, 0.99)
    found["frame_to_point_ms.count"] = float(len(late_ms))
    return found


def memory(share: Path, frames: int, say: Say) -> dict[str, float]:
    """What the room's memory grows by while it looks at so many frames, as fast as it can. Raises Missing."""
    say(f"{frames} frames as fast as they are looked at")
    told = _program(share, "memory", str(frames))
    return {f"memory.{key}": value for key, value in told.items()}


def _program(share: Path, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", PROGRAM, str(share.resolve() / "face_landmarker.task"), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Missing(f"the bench's own program ended with {ended.returncode}: {ended.stderr[-500:]}")
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return found


@contextmanager
def _process(folder: Path, share: Path, looks: Path, size: tuple[int, int]) -> Iterator[Callable[[float], Turn]]:
    """A gaze process that knows its person, before a camera of this size."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        runtime, state, config = place / "run", place / "state", place / "vybor.toml"
        runtime.mkdir()
        shutil.copytree(looks, state / "looks")
        program, wire = install(place), f"ipc://{place / 'camera'}"
        config.write_text(SETTINGS.format(program=program, width=size[0], height=size[1], hz=HZ), encoding="utf-8")
        places = ["--runtime", runtime, "--state", state, "--share", share.resolve(), "--config", config]
        camera = Camera(wire)
        stack.callback(camera.close)
        clock = SystemClock()
        bus = Bus("display", runtime, clock, [m.Gaze])
        stack.callback(bus.close)
        log = stack.enter_context((place / "log").open("wb"))
        command = [sys.executable, "-m", "vybor", "run", "gaze", *map(str, places)]
        environment = {**os.environ, ADDRESS: wire}
        child = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        stack.callback(child.wait)
        stack.callback(child.terminate)
        yield lambda turn_s: _turn(child.pid, bus, camera, clock, turn_s)


def _turn(pid: int, bus: Bus, camera: Camera, clock: SystemClock, turn_s: float) -> Turn:
    process, turn = psutil.Process(pid), Turn()
    if not _hear(bus, clock, STARTS_S, lambda gaze: gaze.point is not None):
        raise Missing("no look came: the process gaze does not find the drawn face")
    _hear(bus, clock, SETTLES_S, None)
    before, frames, moved_ns, place = process.cpu_times(), 0, 0, 0
    until_ns = clock.now_ns() + seconds(turn_s)
    while (now_ns := clock.now_ns()) < until_ns:
        if now_ns >= moved_ns:
            moved_ns, place = now_ns + seconds(LOOK_S), place + 1
            camera.look((place * 3 % 4 + 0.5) / 4, 0.2 if place % 2 else 0.8)
        for arrival in bus.receive(0.005):
            if isinstance(arrival, Heard) and isinstance(gaze := arrival.message, m.Gaze):
                frames += 1
                # The camera's pipe tells only when a frame arrived: half a period after it was taken.
                late_ns = clock.now_ns() - (gaze.at_ns + gaze.at_sd_ns) - gaze.landmark_ns
                turn.late_ms.append(late_ns / 1e6)
        bus.tend()
    after = process.cpu_times()
    turn.cpu_ms = 1e3 * (after.user + after.system - before.user - before.system) / max(frames, 1)
    return turn


def _hear(bus: Bus, clock: SystemClock, limit_s: float, holds: Callable[[m.Gaze], bool] | None) -> bool:
    """Listen until a look is as wanted, or for so long."""
    until_ns = clock.now_ns() + seconds(limit_s)
    while clock.now_ns() < until_ns:
        for arrival in bus.receive(0.05):
            if (
                holds is not None
                and isinstance(arrival, Heard)
                and isinstance(gaze := arrival.message, m.Gaze)
                and holds(gaze)
            ):
                return True
        bus.tend()
    return False
