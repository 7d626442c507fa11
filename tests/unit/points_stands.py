"""Whatever gives points, put up for a test: files that are written, a pointer that is moved."""

import contextlib
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from vybor.contracts import messages as m
from vybor.eyetracker.opening import source_of
from vybor.eyetracker.sources.webgazer import WebGazer
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.points.pointer import SystemPointer
from vybor.points.source import Place, PointSource, Spot, TrackerStopped

APART_NS = seconds(0.02)
TORN, FAR, BACK, BLIND, NAN = "torn", "far", "back", "blind", "nan"
"""What is no look: a broken line, a place far off, a time long ago, no eyes, no number."""
Event = Place | str
AWAY = (7.0, -3.0)
WIDTH_PX, HEIGHT_PX = 1920, 1080


class HandClock:
    def __init__(self) -> None:
        self.at_ns = seconds(100)

    def now_ns(self) -> int:
        return self.at_ns


class Stand(Protocol):
    source: PointSource
    clock: Clock
    within_ns: int
    """How exact times are, from look to look."""
    cannot: frozenset[str]
    """What does not exist with it."""

    def shown(self, events: Sequence[Event]) -> list[Spot]:
        """Have these happen, one after the other; what came of them. Starts the source if it is not begun."""
        ...

    def leave(self) -> None:
        """What gives points goes away."""
        ...

    def come_back(self) -> None: ...

    def until_it_fails(self) -> None:
        """Read until that raises, or for long."""
        ...


class PointerStand:
    within_ns = 0
    cannot = frozenset({TORN, BLIND, NAN, "leave"})

    def __init__(self) -> None:
        self.clock = HandClock()
        self.source = SystemPointer()

    def shown(self, events: Sequence[Event]) -> list[Spot]:
        self.source.start()
        spots: list[Spot] = []
        for event in events:
            self.clock.at_ns += APART_NS
            x, y = event if isinstance(event, tuple) else AWAY if event == FAR else (0.5, 0.5)
            at_ns = self.clock.at_ns - (seconds(5) if event == BACK else 0)
            self.source.moved(m.Pointer(at_ns=at_ns, x=x, y=y))
            spots += self.source.read()
        return spots

    def leave(self) -> None: ...
    def come_back(self) -> None: ...
    def until_it_fails(self) -> None: ...


class WebGazerStand:
    """Looks of a page, as they come over the bus."""

    within_ns = 0
    cannot = frozenset({TORN, NAN, "leave"})

    def __init__(self) -> None:
        self.clock = HandClock()
        self.source = WebGazer()

    def shown(self, events: Sequence[Event]) -> list[Spot]:
        self.source.start()
        spots: list[Spot] = []
        for event in events:
            self.clock.at_ns += APART_NS
            x, y = event if isinstance(event, tuple) else AWAY if event == FAR else (0.5, 0.5)
            at_ns = self.clock.at_ns - (seconds(5) if event == BACK else 0)
            place = {} if event == BLIND else {"x": x, "y": y}
            self.source.looked(m.BrowserLook(at_ns=at_ns, at_sd_ns=1, **place))
            spots += self.source.read()
        return spots

    def leave(self) -> None: ...
    def come_back(self) -> None: ...
    def until_it_fails(self) -> None: ...


Line = Callable[[float, Event], str]
"""A line of a file at a time in seconds."""


def plain_line(t_s: float, event: Event) -> str:
    """Milliseconds and pixels, as GazeRecorder-like files have them."""
    match event:
        case (x, y):
            return f"{1000 * t_s:.3f},{x * WIDTH_PX:.4f},{y * HEIGHT_PX:.4f},1\n"
        case "torn":
            return f"{1000 * t_s:.3f},96\n"
        case "far":
            return f"{1000 * t_s:.3f},{AWAY[0] * WIDTH_PX},{AWAY[1] * HEIGHT_PX},1\n"
        case "blind":
            return f"{1000 * t_s:.3f},0,0,0\n"
        case _:
            return f"{1000 * t_s:.3f},nan,NaN,1\n"


HEAD_MM = (12.0, -25.0, 480.0)
OPENFACE_NAMES = (
    *("frame", " face_id", " timestamp", " confidence", " success"),
    *(" gaze_0_x", " gaze_angle_x", " gaze_angle_y", " pose_Tx", " pose_Ty", " pose_Tz", " pose_Rx"),
)


def angles(place: Place, screen: EyetrackerSettings) -> tuple[float, float]:
    """How a gaze from the head to a place is turned: the picture's right and down, seen from the head."""
    right_mm = (0.5 - place[0]) * screen.width_mm - HEAD_MM[0]
    down_mm = place[1] * screen.height_mm + screen.camera_above_mm - HEAD_MM[1]
    return math.atan2(right_mm, HEAD_MM[2]), math.atan2(down_mm, HEAD_MM[2])


def openface_line(t_s: float, event: Event) -> str:
    if event == TORN:
        return f"17, 0, {t_s:.3f}, 0.9"  # and no end: what comes next stands behind it
    place = event if isinstance(event, tuple) else (0.5, 0.5)
    across, down = (math.nan, math.nan) if event == NAN else angles(place, EyetrackerSettings())
    across = 1.5 if event == FAR else across
    success = 0 if event == BLIND else 1
    head = ", ".join(str(value) for value in HEAD_MM)
    return f"17, 0, {t_s:.4f}, 0.98, {success}, 0.1, {across:.9f}, {down:.9f}, {head}, 0.01\n"


KINDS: dict[TrackerKind, tuple[str, Line]] = {
    TrackerKind.RECORDING: ("time_ms,gaze x,gaze y,validity\n", plain_line),
    TrackerKind.OPENFACE: (",".join(OPENFACE_NAMES) + "\n", openface_line),
}


class FileStand:
    """A file: `live` is written while it is read."""

    within_ns = seconds(0.001)

    def __init__(self, folder: Path, kind: TrackerKind, *, live: bool) -> None:
        self.cannot = frozenset() if live else frozenset({"miss"})
        self.clock = HandClock()
        self.path = folder / "looks.csv"
        self._header, self._line = KINDS[kind]
        pixels = {"width_px": WIDTH_PX, "height_px": HEIGHT_PX} if kind is TrackerKind.RECORDING else {}
        settings = EyetrackerSettings(kind=kind, where=str(self.path), live=live, **pixels)
        self.source = source_of(settings, self.clock)
        self._live = live
        self._is_begun = False
        self._t_s = 50.0
        self.come_back()

    def line(self, event: Event) -> str:
        self._t_s += APART_NS / 1e9
        if event == BACK:
            self._t_s -= 5.0
        return self._line(self._t_s, (0.5, 0.5) if event == BACK else event)

    def shown(self, events: Sequence[Event]) -> list[Spot]:
        return self._grown(events) if self._live else self._played(events)

    def _grown(self, events: Sequence[Event]) -> list[Spot]:
        self.source.stop()
        self.source.start()
        spots: list[Spot] = []
        for event in events:
            self.clock.at_ns += APART_NS
            with self.path.open("a") as file:
                file.write(self.line(event))
            spots += self.source.read()
        return spots

    def _played(self, events: Sequence[Event]) -> list[Spot]:
        self.path.write_text(self._header + "".join(self.line(event) for event in events))
        self.source.stop()
        self.source.start()
        spots = [*self.source.read()]
        with contextlib.suppress(TrackerStopped):  # what is left out does not make it longer
            for _ in events[1:]:
                self.clock.at_ns += APART_NS
                spots += self.source.read()
        return spots

    def leave(self) -> None:
        if self._live:
            self.path.unlink()

    def come_back(self) -> None:
        self.path.write_text(self._header)

    def until_it_fails(self) -> None:
        for _ in range(100):
            self.clock.at_ns += APART_NS
            self.source.read()


def soon(holds: Callable[[], bool], limit_s: float = 10.0) -> None:
    """Wait for what real time brings."""
    until_s = time.perf_counter() + limit_s
    while not holds():
        assert time.perf_counter() < until_s, "it did not come"
        time.sleep(0.01)
