"""The process `eyetracker`: a file that grows becomes looks, whatever befalls it; elsewhere it is idle."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import Kit, kit
from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds

LIMIT_S = 20.0
NAMES = "time_s,x,y\n"


class Listener:
    """Plays the core, hears looks, and writes the file that a tracker's program would."""

    def __init__(self, runtime: Path, file: Path) -> None:
        self.clock = SystemClock()
        self.bus = Bus("core", runtime, self.clock, [m.Gaze, m.Health, m.Tracker])
        self.looks: list[tuple[str, m.Gaze]] = []
        self.troubles: dict[str, tuple[m.Notice, ...]] = {}
        self.tracker: m.Tracker | None = None
        self.answers: list[m.AnyReply] = []
        self.file = file
        self.writes = False

    def turn(self) -> None:
        if self.writes:
            with self.file.open("a") as opened:
                opened.write(f"{self.clock.now_ns() / 1e9:.4f},0.25,0.75\n")
        for arrival in self.bus.receive(0.02):
            match arrival:
                case Heard(message=m.Gaze() as gaze, publisher=publisher):
                    self.looks.append((publisher, gaze))
                case Heard(message=m.Health() as health):
                    self.troubles[health.process] = health.troubles
                case Heard(message=m.Tracker() as tracker):
                    self.tracker = tracker
                case Answered():
                    self.answers.append(arrival.reply)
        self.bus.tend()

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + LIMIT_S
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.troubles} {self.looks[-3:]}"
            self.turn()

    def go_on(self, for_s: float) -> None:
        until_s = time.perf_counter() + for_s
        while time.perf_counter() < until_s:
            self.turn()

    def troubled(self) -> set[m.Trouble]:
        return {notice.trouble for notice in self.troubles.get("eyetracker", ())}

    def sees(self) -> bool:
        fresh_ns = self.clock.now_ns() - seconds(0.3)
        return any(look.point and look.at_ns > fresh_ns for _, look in self.looks[-3:])


@contextmanager
def stage(folder: Path, settings: str) -> Iterator[tuple[Kit, Listener]]:
    with kit(folder, "eyetracker", "gaze", settings=settings) as running:
        listener = Listener(running.runtime, folder / "looks.csv")
        try:
            yield running, listener
        finally:
            listener.bus.close()


def following(folder: Path) -> str:
    return (
        '[gaze]\nsource = "eyetracker"\n[eyetracker]\nkind = "recording"\n'
        f'where = "{folder / "looks.csv"}"\nsd = 0.04\nnoise_sd = 0.01\n'
    )


def test_a_file_that_is_missing_grows_stops_and_is_begun_anew(tmp_path: Path) -> None:
    with stage(tmp_path, following(tmp_path)) as (running, listener):
        listener.until(lambda: listener.troubled() == {m.Trouble.TRACKER_MISSING})
        listener.until(lambda: "start what writes it" in listener.troubles["eyetracker"][0].detail)
        assert listener.looks == []
        listener.file.write_text(NAMES)
        listener.writes = True
        listener.until(lambda: listener.sees() and listener.troubled() == set())
        publisher, look = listener.looks[-1]
        assert publisher == "eyetracker"
        assert look.point is not None
        assert (round(look.point.x, 3), round(look.point.y, 3)) == (0.25, 0.75)
        assert listener.tracker is not None
        assert str(listener.file) in listener.tracker.what
        listener.writes = False
        listener.until(lambda: listener.troubled() == {m.Trouble.TRACKER_STOPPED})
        listener.until(lambda: listener.looks[-1][1].eyes is m.Eyes.ABSENT)
        listener.go_on(0.5)
        assert listener.looks[-1][1].eyes is m.Eyes.ABSENT
        listener.file.unlink()
        listener.until(lambda: listener.troubled() == {m.Trouble.TRACKER_MISSING})
        listener.file.write_text(NAMES)
        listener.writes = True
        listener.until(lambda: listener.sees() and listener.troubled() == set())
        log = running.log("eyetracker")
        assert log.count("healed: tracker_missing") == 2
        assert "Traceback" not in log
        assert {publisher for publisher, _ in listener.looks} == {"eyetracker"}
        assert set(running.stop().values()) == {0}


@pytest.mark.parametrize("source", ["pointer", "none"])
def test_where_looks_come_from_elsewhere_it_is_idle_small_and_silent(tmp_path: Path, source: str) -> None:
    settings = following(tmp_path).replace('source = "eyetracker"', f'source = "{source}"')
    (tmp_path / "looks.csv").write_text(NAMES)
    with stage(tmp_path, settings) as (running, listener):
        listener.until(lambda: "eyetracker" in listener.troubles)
        listener.writes = True
        listener.go_on(1.0)
        assert (listener.looks, listener.tracker, listener.troubled()) == ([], None, set())
        loaded = Path(f"/proc/{running.pid('eyetracker')}/maps").read_text()
        assert "numpy" not in loaded
        assert "liblsl" not in loaded
        listener.bus.ask("eyetracker", m.Calibrate(request="1"))
        listener.until(lambda: bool(listener.answers))
        assert isinstance(listener.answers[0], m.Refused)
