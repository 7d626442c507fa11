"""Looks by Lab Streaming Layer, from real outlets; test_eyetracker_lsl.py runs this on a loopback of its own."""

import math
import time
from collections.abc import Iterator, Sequence

import pytest

from unit.points_contract import PointContract
from unit.points_stands import APART_NS, AWAY, TORN, Event, Stand, soon
from vybor.eyetracker.sources import lsl as driver
from vybor.eyetracker.sources.lsl import LslTracker
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.eyetracker_settings import EyetrackerSettings
from vybor.points.source import Spot, TrackerMissing, TrackerStopped
from vybor.streams import library

pylsl = library.loaded()
LABELS = ("x", "y", "validity")
NORMALIZED = ("normalized", "normalized", "bool")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are on this machine."""
    monkeypatch.setattr(driver, "LOOK_S", 0.8)


class Outlet:
    """Somebody who sends looks."""

    def __init__(
        self,
        name: str = "Tracker",
        labels: Sequence[str] = LABELS,
        units: Sequence[str] = NORMALIZED,
        source: str = "",
    ) -> None:
        info = pylsl.StreamInfo(name, "Gaze", len(labels), 60.0, pylsl.cf_double64, source or f"{name}-1")
        info.set_channel_labels(list(labels))
        info.set_channel_units(list(units))
        self._outlet = pylsl.StreamOutlet(info)

    def push(self, *numbers: float, at_s: float | None = None) -> None:
        self._outlet.push_sample(list(numbers), at_s if at_s is not None else pylsl.local_clock())


class StreamStand:
    within_ns = seconds(0.002)
    cannot = frozenset({TORN})

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.source = LslTracker(EyetrackerSettings(), self.clock)
        self._outlet: Outlet | None = Outlet()

    def shown(self, events: Sequence[Event]) -> list[Spot]:
        self.source.start()
        began_s, spots = pylsl.local_clock(), list[Spot]()
        for index, event in enumerate(events):
            at_s = began_s + index * APART_NS / 1e9
            time.sleep(max(0.0, at_s - pylsl.local_clock()))
            self._push(event, at_s)
        last = self._outlet
        assert last is not None
        soon(lambda: self._came(spots) + self.source.skipped >= len(events))
        return spots

    def _came(self, spots: list[Spot]) -> int:
        spots += self.source.read()
        return len(spots)

    def _push(self, event: Event, at_s: float) -> None:
        assert self._outlet is not None
        match event:
            case (x, y):
                self._outlet.push(x, y, 1.0, at_s=at_s)
            case "far":
                self._outlet.push(*AWAY, 1.0, at_s=at_s)
            case "back":
                self._outlet.push(0.5, 0.5, 1.0, at_s=at_s - 5)
            case "blind":
                self._outlet.push(0.5, 0.5, 0.0, at_s=at_s)
            case _:
                self._outlet.push(math.nan, math.nan, 1.0, at_s=at_s)

    def leave(self) -> None:
        self._outlet = None

    def come_back(self) -> None:
        self._outlet = Outlet()

    def until_it_fails(self) -> None:
        soon(lambda: self.source.read() == () and False)


class TestStream(PointContract):
    @pytest.fixture
    def stand(self) -> Iterator[Stand]:
        made = StreamStand()
        yield made
        made.source.stop()
        made.leave()


def spots_of(tracker: LslTracker, count: int) -> list[Spot]:
    found: list[Spot] = []
    soon(lambda: bool(found.extend(tracker.read()) or len(found) >= count))
    return found


def test_of_two_it_takes_one_says_which_and_stays_with_it() -> None:
    one, other = Outlet("Beta"), Outlet("Alpha")
    tracker = LslTracker(EyetrackerSettings(), SystemClock())
    tracker.start()
    assert tracker.told.startswith("the stream Alpha from ")
    assert "(and not Beta from " in tracker.told
    assert "name one in eyetracker.where)" in tracker.told
    other.push(0.25, 0.5, 1.0)
    assert spots_of(tracker, 1)[0].place == (0.25, 0.5)
    first = Outlet("Aaron")
    tracker.start()
    assert tracker.told.startswith("the stream Alpha from ")
    tracker.stop()
    assert all((one, first))


def test_the_one_that_is_named_is_taken_and_no_other() -> None:
    one = Outlet("Beta")
    named = LslTracker(EyetrackerSettings(where="Beta"), SystemClock())
    named.start()
    assert "and not" not in named.told
    named.stop()
    missing = LslTracker(EyetrackerSettings(where="Alpha"), SystemClock())
    with pytest.raises(TrackerMissing, match="no stream Alpha of type Gaze is sent near here, only Beta; start"):
        missing.start()
    assert one


def test_the_kits_own_looks_are_not_taken_back_in() -> None:
    own = Outlet("vybor gaze", source="vybor-gaze")
    with pytest.raises(TrackerMissing, match="no stream of type Gaze is sent near here; start its sender"):
        LslTracker(EyetrackerSettings(), SystemClock()).start()
    assert own


def test_pixels_need_the_size_of_their_screen() -> None:
    sent = Outlet("Tobii", ("gaze_x", "gaze_y", "left_pupil"), ("pixels", "pixels", "mm"))
    without = LslTracker(EyetrackerSettings(), SystemClock())
    with pytest.raises(TrackerMissing, match=r"Tobii from .* has pixels; set eyetracker.width_px and height_px"):
        without.start()
    sized = LslTracker(EyetrackerSettings(width_px=1000, height_px=500), SystemClock())
    sized.start()
    sent.push(250, 250, 3.1)
    sent.push(250, 250, 0.0)
    assert [spot.place for spot in spots_of(sized, 2)] == [(0.25, 0.5), None]
    sized.stop()


def test_a_sender_with_a_clock_of_its_own_is_followed_by_its_newest_look() -> None:
    sent, clock = Outlet(), SystemClock()
    tracker = LslTracker(EyetrackerSettings(), clock)
    tracker.start()
    for x in (0.1, 0.2, 0.3):
        sent.push(x, 0.5, 1.0, at_s=5.0e6 + x)
    time.sleep(0.2)
    (spot,) = spots_of(tracker, 1)
    assert spot.place == (0.3, 0.5)
    assert 0 <= clock.now_ns() - spot.at_ns < seconds(0.2)
    assert tracker.skipped == 2
    tracker.stop()


def test_a_stream_with_other_channels_is_one_sentence() -> None:
    sent = Outlet("odd", ("left", "right"), ("", ""))
    with pytest.raises(
        TrackerMissing, match=r"odd from .* calls its channels left, right; have it call two of them x"
    ):
        LslTracker(EyetrackerSettings(), SystemClock()).start()
    assert sent


def test_a_sender_that_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "SILENT_NS", seconds(0.3))
    sent = Outlet()
    tracker = LslTracker(EyetrackerSettings(), SystemClock())
    tracker.start()
    with pytest.raises(TrackerStopped, match="sends nothing; see that what sends it runs"):
        soon(lambda: tracker.read() == () and False)
    tracker.stop()
    assert sent
