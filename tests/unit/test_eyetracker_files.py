"""Files that grow and files that are played: what is of now, what is torn, and what is no file of looks."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.points_stands import APART_NS, HandClock
from vybor.eyetracker.opening import source_of
from vybor.eyetracker.sources.lines import LONGEST, Growing
from vybor.eyetracker.sources.timing import WINDOW_NS, Arrivals, placed
from vybor.foundation.clock import seconds
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.points.source import PointSource, TrackerMissing, TrackerStopped

NAMES = "time_s,x,y\n"


class File:
    """A file of looks, and the source that reads it."""

    def __init__(self, path: Path, *, live: bool = True) -> None:
        self.path, self.clock = path, HandClock()
        settings = EyetrackerSettings(kind=TrackerKind.RECORDING, where=str(path), live=live)
        self.source: PointSource = source_of(settings, self.clock)

    def write(self, text: str) -> None:
        with self.path.open("a") as file:
            file.write(text)

    def xs(self) -> list[float | None]:
        return [spot.place and spot.place[0] for spot in self.source.read()]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[File]:
    made = File(tmp_path / "looks.csv")
    made.write(NAMES)
    yield made
    made.source.stop()


# --- one that grows ---------------------------------------------------------------------------------------------


def test_what_stood_there_before_is_of_another_time(live: File) -> None:
    live.write("1.0,0.1,0.5\n1.1,0.2,0.5\n")
    live.source.start()
    assert live.xs() == []
    live.write("1.2,0.3,0.5\n")
    assert live.xs() == [0.3]


def test_a_line_is_taken_once_it_is_whole_wherever_it_was_cut(live: File) -> None:
    line = "1.2,0.3,0.5\n"
    for cut in range(1, len(line)):
        live.source.start()
        live.write(line[:cut])
        assert live.xs() == []
        live.write(line[cut:])
        assert live.xs() == [0.3]
    assert live.source.skipped == 0


def test_the_end_of_a_line_that_was_begun_before_is_no_line(live: File) -> None:
    """`31.2,0.3,0.5` without its first letter would be a look of another time."""
    live.write("3")
    live.source.start()
    live.write("1.2,0.3,0.5\n31.3,0.4,0.5\n")
    assert live.xs() == [0.4]


def test_lines_that_waited_in_a_buffer_are_as_old_as_they_are(live: File) -> None:
    live.source.start()
    live.write("".join(f"{1 + index / 50},0.5,0.5\n" for index in range(50)))
    now_ns = live.clock.now_ns()
    times = [spot.at_ns for spot in live.source.read()]
    assert times[-1] == now_ns
    assert times[0] == pytest.approx(now_ns - seconds(49 / 50), abs=2)


def test_a_file_that_is_written_anew_is_opened_anew(live: File) -> None:
    live.source.start()
    live.write("1.2,0.3,0.5\n")
    live.xs()
    live.path.write_text(NAMES)
    with pytest.raises(TrackerStopped, match="was begun anew; it is opened again"):
        live.source.read()
    live.source.start()
    live.write("0.1,0.7,0.5\n")
    assert live.xs() == [0.7]


def test_another_file_of_its_name_is_another_file(live: File) -> None:
    live.source.start()
    other = live.path.with_suffix(".new")
    other.write_text(NAMES + "9.0,0.9,0.5\n" * 9)
    other.replace(live.path)
    with pytest.raises(TrackerStopped, match="was begun anew"):
        live.source.read()


def test_a_line_without_an_end_is_not_kept_for_ever(live: File) -> None:
    live.source.start()
    live.write("1" * (LONGEST + 1))
    assert live.xs() == []
    live.write(",0.1,0.5\n2.0,0.2,0.5\n")
    assert live.xs() == [0.2]


def test_bytes_that_are_no_text_are_lines_that_are_no_looks(live: File) -> None:
    live.source.start()
    with live.path.open("ab") as file:
        file.write(b"\xff\xfe\x00,0.1,0.5\n\x80\n1.0,0.4,0.5\n")
    assert live.xs() == [0.4]
    assert live.source.skipped == 2


def test_what_was_left_out_is_counted_over_a_new_start(live: File) -> None:
    live.source.start()
    live.write("torn\n")
    live.xs()
    live.source.start()
    live.write("torn\n")
    live.xs()
    live.source.stop()
    assert live.source.skipped == 2


@pytest.mark.parametrize(("kind", "told"), [("fifo", "is no file; name one"), ("folder", "is no file; name one")])
@pytest.mark.parametrize("is_live", [True, False])
def test_what_is_no_file_is_told_and_nobody_waits_for_it(
    tmp_path: Path, kind: str, told: str, *, is_live: bool
) -> None:
    made = File(tmp_path / "looks.csv", live=is_live)
    os.mkfifo(made.path) if kind == "fifo" else made.path.mkdir()
    with pytest.raises(TrackerMissing, match=told):
        made.source.start()


@pytest.mark.parametrize("is_live", [True, False])
def test_a_file_without_a_whole_first_line_is_told(tmp_path: Path, *, is_live: bool) -> None:
    made = File(tmp_path / "looks.csv", live=is_live)
    for text in ("", "time_s,x"):
        made.path.write_text(text)
        with pytest.raises(TrackerMissing, match="has no first line yet; see that what writes it runs"):
            made.source.start()


@pytest.mark.parametrize("is_live", [True, False])
def test_a_disk_that_gives_nothing_any_more_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_live: bool
) -> None:
    made = File(tmp_path / "looks.csv", live=is_live)
    made.write(NAMES)

    def gone(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "pread", gone)
    with pytest.raises(TrackerMissing, match=r"cannot be read \(Input/output error\); see that its disk is there"):
        made.source.start()


def test_a_stick_that_is_pulled_out_of_a_file_that_grows_is_told(
    live: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.source.start()

    def gone(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "pread", gone)
    with pytest.raises(TrackerMissing, match="cannot be read"):
        live.source.read()


def test_nothing_stays_open(tmp_path: Path, live: File) -> None:
    before = len([*Path("/proc/self/fd").iterdir()])
    played = File(tmp_path / "other.csv", live=False)
    played.write("time,left\n")
    for made in (live, played):
        for _ in range(5):
            try:
                made.source.start()
            except TrackerMissing:
                made.source.stop()
        made.source.stop()
    assert len([*Path("/proc/self/fd").iterdir()]) == before


# --- one that is played -----------------------------------------------------------------------------------------


@pytest.fixture
def played(tmp_path: Path) -> Iterator[File]:
    made = File(tmp_path / "looks.csv", live=False)
    made.write(NAMES + "10.00,0.1,0.5\n10.02,0.2,0.5\n10.10,0.3,0.5")
    yield made
    made.source.stop()


def test_a_recording_keeps_its_own_pace_and_its_last_line_needs_no_end(played: File) -> None:
    played.source.start()
    assert played.xs() == [0.1]
    assert played.xs() == []
    played.clock.at_ns += APART_NS
    assert played.xs() == [0.2]
    played.clock.at_ns += APART_NS
    assert played.xs() == []
    played.clock.at_ns += seconds(0.06)
    assert played.xs() == [0.3]
    with pytest.raises(TrackerStopped, match="has ended; it begins again"):
        played.source.read()
    played.source.start()
    assert played.xs() == [0.1]


def test_whoever_reads_late_gets_what_was_due_with_its_times(played: File) -> None:
    played.source.start()
    began_ns = played.clock.now_ns()
    played.source.read()
    played.clock.at_ns += seconds(1)
    assert [spot.at_ns - began_ns for spot in played.source.read()] == [seconds(0.02), seconds(0.1)]


@pytest.mark.parametrize("line", ["torn\n", "1.0,640,400\n"])
def test_a_recording_in_which_there_is_no_look_ends_too_and_says_why(tmp_path: Path, line: str) -> None:
    made = File(tmp_path / "looks.csv", live=False)
    made.write(NAMES + line * 25_000)
    made.source.start()
    with pytest.raises(TrackerMissing, match=r"no look in .* \(25000 lines .* eyetracker.width_px and height_px"):
        for _ in range(9):
            assert made.source.read() == ()
    assert made.source.skipped == 25_000
    made.source.stop()


# --- times ------------------------------------------------------------------------------------------------------


def test_the_line_that_came_quickest_sets_the_clock_and_is_forgotten_again() -> None:
    known, (first,) = placed(Arrivals(), [seconds(5)], seconds(100))
    known, (second,) = placed(known, [seconds(6)], seconds(101.3))
    assert (first, second) == (seconds(100), seconds(101))
    _, (late,) = placed(known, [seconds(8.5)], seconds(103.8) + WINDOW_NS)
    assert late == seconds(103.8) + WINDOW_NS


@given(
    steps=st.lists(st.integers(1, 10**8), min_size=1, max_size=30),
    delays=st.lists(st.integers(0, 10**9), min_size=30, max_size=30),
    ahead=st.integers(-(10**12), 10**12),
)
def test_no_line_is_of_later_than_it_came(steps: list[int], delays: list[int], ahead: int) -> None:
    known, time_ns, arrived_ns = Arrivals(), 0, 10**13
    for step, delay in zip(steps, delays, strict=False):
        time_ns += step
        arrived_ns = max(arrived_ns, 10**13 + time_ns + delay)
        known, (at_ns,) = placed(known, [time_ns + ahead], arrived_ns)
        assert at_ns <= arrived_ns


def test_the_end_of_a_line_that_is_far_too_long_is_no_line(tmp_path: Path) -> None:
    path = tmp_path / "looks.csv"
    path.write_text("time_s,x,y\n")
    growing = Growing(path)
    for written, lines in (("1," + "5" * LONGEST, []), ("2,.5,.5\n3,.5,.5\n", ["3,.5,.5"])):
        with path.open("a") as file:
            file.write(written)
        assert growing.lines() == lines
    growing.close()
