"""Recordings of every kind: what is read is what was recorded, what cannot be is said, and any file is borne."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.cyton_desk import HandClock
from vybor.foundation.clock import seconds
from vybor.headband.boards import BOARDS, BY_NAME, Board
from vybor.headband.devices.playback.headband import PlayedHeadband
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import Recorded, chunks, whole
from vybor.headband.devices.recorder.brainflow_csv import BrainFlowFile
from vybor.headband.devices.recorder.joining import Joined, join
from vybor.headband.devices.recorder.xdf import XdfFile
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped

GUI_5 = """%OpenBCI Raw EXG Data
%Number of channels = {channels}
%Sample Rate = {hz} Hz
%Board = OpenBCI_GUI$Board
Sample Index, {titles}, Accel Channel 0, Other, Timestamp, Other, Timestamp (Formatted)
"""
borne = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def felt(board: Board, first: int, count: int, beside: int = 0) -> Chunk:
    """Samples whose values say which they are."""
    microvolts = np.arange(first, first + count)[None, :] + 1000.0 * np.arange(board.channels)[:, None]
    period_ns = 1e9 / board.hz
    at_ns = seconds(50) + round((first + beside) * period_ns)
    return Chunk(
        first=first, microvolts=microvolts.astype(np.float32), at_ns=at_ns, period_ns=period_ns, at_sd_ns=0
    )


def kept(path: Path, board: Board, parts: list[Chunk]) -> Path:
    """Recorded by ourselves, in the format of the file's name."""
    with path.open("wb") as file:
        made = XdfFile(file, board, "2026-01-01") if path.suffix == ".xdf" else BrainFlowFile(file, board, 1.7e9)
        for part in parts:
            made.add(part)
        made.close()
    return path


def gui_5(path: Path, channels: int, hz: int, count: int, step: int = 1) -> Path:
    titles = ", ".join(f"EXG Channel {place}" for place in range(channels))
    lines = [GUI_5.format(channels=channels, hz=hz, titles=titles)]
    for index in range(count):
        values = ", ".join(str(index + 1000.0 * place) for place in range(channels))
        number = index * step % 256
        lines.append(f"{number}.0, {values}, 0.1, 0.0, {1.7e9 + index / hz:.4f}, 0.0, 2026-01-01 10:00:00.000\n")
    path.write_text("".join(lines))
    return path


def indices(found: Recorded) -> list[int]:
    return [index for chunk in chunks(found) for index in range(chunk.first, chunk.end)]


@pytest.mark.parametrize("suffix", [".csv", ".xdf"])
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_what_is_recorded_is_what_is_played_with_its_gaps(tmp_path: Path, board: Board, suffix: str) -> None:
    lost = 3 * board.hz
    parts = [felt(board, 0, 100), felt(board, 100, 400), felt(board, 500 + lost, 200)]
    found = opened(kept(tmp_path / f"kept{suffix}", board, parts), board.name)
    assert found.board is board
    assert indices(found) == [*range(500), *range(500 + lost, 700 + lost)]
    everything = whole(found)
    assert everything[:, 600 + lost] == pytest.approx(600 + lost + 1000.0 * np.arange(board.channels))
    assert np.isnan(everything[:, 500 : 500 + lost]).all()


@pytest.mark.parametrize("name", ["cyton", "cyton_daisy"])
@pytest.mark.parametrize("suffix", [".csv", ".xdf"])
def test_a_single_lost_sample_is_a_gap(tmp_path: Path, name: str, suffix: str) -> None:
    board = BY_NAME[name]
    parts = [felt(board, 0, 300), felt(board, 301, 300)]
    assert indices(opened(kept(tmp_path / f"kept{suffix}", board, parts))) == [*range(300), *range(301, 601)]


def test_a_headband_that_was_connected_anew_goes_on_in_its_recording(tmp_path: Path) -> None:
    board = BY_NAME["cyton"]
    parts = [felt(board, 0, 500), felt(board, 0, 300, beside=3000), felt(board, 300, 200, beside=3000)]
    joined, together = Joined(), []
    for part in parts:
        joined, whole_part = join(joined, part)
        together.append(whole_part)
    for suffix in (".csv", ".xdf"):
        for recorded in (parts, together):
            found = indices(opened(kept(tmp_path / f"kept{suffix}", board, recorded)))
            assert found == [*range(500), *range(3000, 3500)]


def test_half_a_sample_of_a_daisy_is_kept(tmp_path: Path) -> None:
    board = BY_NAME["cyton_daisy"]
    part = felt(board, 0, 200)
    part.microvolts[8:, 100] = np.nan
    for suffix in (".csv", ".xdf"):
        there = np.isfinite(whole(opened(kept(tmp_path / f"kept{suffix}", board, [part]))))
        assert (there[:8].all(), there[8:].sum()) == (True, 8 * 199)


def test_what_brainflow_itself_writes_is_read(tmp_path: Path) -> None:
    shim = pytest.importorskip("brainflow.board_shim")
    writer = pytest.importorskip("brainflow.data_filter")
    for board in BOARDS:
        rows = shim.BoardShim.get_board_descr(shim.BoardIds[board.brainflow])
        table = np.zeros((rows["num_rows"], 600))
        table[rows["eeg_channels"]] = felt(board, 0, 600).microvolts
        table[rows["package_num_channel"]] = np.arange(600) * board.counter_step % 256
        table[rows["timestamp_channel"]] = 1.7e9 + np.arange(600) / board.hz
        writer.DataFilter.write_file(table, str(tmp_path / "kept.csv"), "w")
        found = opened(tmp_path / "kept.csv", board.name)
        assert (found.board.name, found.kind) == (board.name, "a BrainFlow CSV")
        assert np.allclose(whole(found), felt(board, 0, 600).microvolts)


@pytest.mark.parametrize(
    ("channels", "hz", "step", "name"),
    [(8, 250, 1, "cyton"), (16, 125, 2, "cyton_daisy"), (4, 200, 1, "ganglion"), (16, 250, 1, "synthetic")],
)
def test_openbci_s_newer_text_is_read(tmp_path: Path, channels: int, hz: int, step: int, name: str) -> None:
    found = opened(gui_5(tmp_path / "raw.txt", channels, hz, 700, step))
    assert found.board.name == name
    assert np.allclose(whole(found), felt(found.board, 0, 700).microvolts)


def test_a_muse_s_channels_are_found_by_their_names(tmp_path: Path) -> None:
    rows = [f"{9.9 + index / 256:.3f},{index},4,3,2,1,0\n" for index in range(300)]
    path = tmp_path / "muse.csv"
    path.write_text("timestamps,Right AUX,TP10,AF8,AF7,TP9,Marker\n" + "".join(rows))
    found = opened(path, "muse_2016")
    assert found.board.name == "muse_2016"
    assert whole(found)[:, 7].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("channels", "hz", "says"),
    [
        (
            8,
            500,
            "has 8 channels at 500 samples a second, and the headbands that are known have 8 at 250, 16 at 125",
        ),
        (5, 250, "has 5 channels at 250 samples a second"),
    ],
)
def test_a_wrong_rate_or_number_of_channels_is_refused(tmp_path: Path, channels: int, hz: int, says: str) -> None:
    with pytest.raises(HeadbandMissing, match=rf"^the recording .*raw\.txt {says}"):
        opened(gui_5(tmp_path / "raw.txt", channels, hz, 10))
    strange = Board(
        name="x", brainflow="", hz=hz, channels=channels, columns=24, frontal=(), temporal=(), rail_microvolts=1.0
    )
    with pytest.raises(HeadbandMissing, match=says):
        opened(kept(tmp_path / "kept.xdf", strange, [felt(strange, 0, 100)]))


def test_a_csv_of_another_rate_is_refused(tmp_path: Path) -> None:
    fast = Board(
        name="x", brainflow="", hz=500, channels=8, columns=24, frontal=(), temporal=(), rail_microvolts=1.0
    )
    path = kept(tmp_path / "kept.csv", fast, [felt(fast, 0, 500)])
    with pytest.raises(
        HeadbandMissing, match=r"has 500 samples a second, and a cyton has 250; it cannot be played"
    ):
        opened(path)


def test_an_xdf_without_eeg_or_in_another_unit_is_refused(tmp_path: Path) -> None:
    path = kept(tmp_path / "kept.xdf", BY_NAME["cyton"], [felt(BY_NAME["cyton"], 0, 100)])
    whole_file = path.read_bytes()
    for part, other, says in (
        (b"<type>EEG</type><channel_count>", b"<type>Gaz</type><channel_count>", "no stream of the type EEG"),
        (b"microvolts", b"furlongs!!", r"has its samples in 'furlongs!!', and microvolts, millivolts and volts"),
    ):
        path.write_bytes(whole_file.replace(part, other))
        with pytest.raises(HeadbandMissing, match=says):
            opened(path)


def test_an_xdf_that_was_cut_off_has_what_was_written(tmp_path: Path) -> None:
    board = BY_NAME["cyton"]
    path = kept(tmp_path / "kept.xdf", board, [felt(board, start, 100) for start in range(0, 1000, 100)])
    path.write_bytes(path.read_bytes()[:-9_000])
    assert len(indices(opened(path))) in {600, 700}


MUSE_ROW, CYTON_ROW = "{at},1,2,3,4\n", "{at},1,2,3,4,5,6,7,8,0,0,0\n"
GUI_TITLES = ", ".join(f"EXG Channel {place}" for place in range(8))
GUI_HEAD = GUI_5.format(channels=8, hz=250, titles=GUI_TITLES)


@pytest.mark.parametrize(
    ("head", "row", "says"),
    [
        (
            "timestamps,TP9,AF7,TP10\n",
            "{at},1,2,3\n",
            "has no AF8 among its channels, and a muse_2 has TP9, AF7, AF8",
        ),
        ("timestamps,TP9,AF7,AF7,AF8,TP10\n", "{at},1,2,3,4,5\n", "has more than one AF7 among its channels"),
        (
            "time,TP9,AF7,AF8,TP10\n",
            MUSE_ROW,
            "begins with a column 'time', and a CSV with a header with timestamps",
        ),
        ("TP9,AF7,AF8,TP10,timestamps\n", "1,2,3,4,{at}\n", "begins with a column 'TP9', and a CSV with a header"),
        (
            "timestamps,TP9,AF7,AF8,TP10\n",
            "noon,1,2,3,4\n",
            "has 'noon' in its column 'timestamps', and a number belongs there",
        ),
        (
            "timestamps,TP9,AF7,AF8,TP10\n",
            "{at},1,,3,4\n",
            "has '' in its column 'AF7', and a number belongs there",
        ),
        ("timestamps,TP9,AF7,AF8,TP10\n", "{at},1,2,3\n", "has 4 columns in a line, and 5 are needed"),
        ("timestamps,TP9,AF7,AF8,TP10\n", "7,1,2,3,4\n", "or the times in its column timestamps stand still"),
        (GUI_HEAD.replace(" Timestamp,", " Clock,"), CYTON_ROW, "and has no column Timestamp where it belongs"),
        (
            GUI_HEAD.replace("EXG Channel 3", "Other"),
            CYTON_ROW,
            "and has no column EXG Channel 3 where it belongs",
        ),
        (GUI_HEAD, "{at},1,2,x,4,5,6,7,8,0,0,{at},0,0\n", "has 'x' in its column 'EXG Channel 2'"),
        (
            "",
            "1,2,3,4,5\n",
            r"it has 5 columns of numbers, and BrainFlow writes 7, 8, 11, 15, 24, 32\); name another",
        ),
        ("", "1," * 23 + "x\n", "is no XDF"),
        ("", "1," * 22 + "nan,1\n", "has 'nan' in its column 23, and a number belongs there"),
    ],
)
def test_a_column_that_is_missing_or_wrong_is_named(tmp_path: Path, head: str, row: str, says: str) -> None:
    path = tmp_path / "worn.csv"
    path.write_text(head + "".join(row.replace("{at}", f"{9 + place / 256:.4f}") for place in range(300)))
    with pytest.raises(HeadbandMissing, match=says) as told:
        opened(path)
    assert str(told.value).startswith(f"the recording {path} ")
    assert re.search("name another|export it from OpenBCI's program again", str(told.value))
    assert "headband.recording" not in str(told.value)


def test_words_in_a_column_that_nobody_needs_do_no_harm(tmp_path: Path) -> None:
    rows = [f"{9.9 + index / 256:.3f},1,2,3,4,{'blink' if index == 7 else ''}\n" for index in range(300)]
    path = tmp_path / "muse.csv"
    path.write_text("timestamps,TP9,AF7,AF8,TP10,Said\n" + "".join(rows))
    assert whole(opened(path)).shape == (4, 300)


def test_a_name_that_is_longer_than_a_line_is_told_in_part(tmp_path: Path) -> None:
    path = tmp_path / "muse.csv"
    path.write_text("\x1b[2J" + "x" * 9000 + ",TP9,AF7,AF8,TP10\n1,2,3,4,5\n")
    with pytest.raises(HeadbandMissing) as told:
        opened(path)
    assert len(str(told.value)) < len(str(path)) + 300
    assert "\x1b" not in str(told.value)


# --- anything at all ----------------------------------------------------------------------------------------


def is_borne(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        found = opened(path)
        assert sum(1 for _ in chunks(found)) > 0
    except HeadbandMissing as refused:
        assert str(refused).startswith(f"the recording {path} ")
        assert "\n" not in str(refused)


@borne
@given(content=st.one_of(st.binary(max_size=400), st.text("0123456789.,-\t\nena%", max_size=400).map(str.encode)))
def test_any_bytes_are_a_recording_or_one_sentence(tmp_path: Path, content: bytes) -> None:
    is_borne(tmp_path / "any", content)


@pytest.mark.parametrize("kind", ["kept.csv", "kept.xdf", "raw.txt"])
@borne
@given(data=st.data())
def test_a_damaged_recording_is_played_or_one_sentence(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    board = BY_NAME["cyton"]
    path = tmp_path / kind
    if kind == "raw.txt":
        gui_5(path, 8, 250, 60)
    else:
        kept(path, board, [felt(board, 0, 30), felt(board, 40, 30)])
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    is_borne(path, bytes(content))


def test_a_clock_that_was_set_is_no_gap_and_one_that_says_nothing_is_borne(tmp_path: Path) -> None:
    board = BY_NAME["cyton"]
    for beside in (-(10**6), 10**9):
        parts = [felt(board, 0, 300), felt(board, 300, 300, beside)]
        assert indices(opened(kept(tmp_path / "kept.csv", board, parts))) == list(range(600))


# --- as a headband ------------------------------------------------------------------------------------------


def played(headband: PlayedHeadband, clock: HandClock, lasts_s: float, step_s: float = 0.04) -> list[Chunk]:
    found: list[Chunk] = []
    for _ in range(round(lasts_s / step_s)):
        clock.at_ns += seconds(step_s)
        found.extend(headband.read())
    return found


def test_it_plays_as_fast_as_it_was_worn_and_begins_again_behind_a_gap(tmp_path: Path) -> None:
    board, clock = BY_NAME["cyton"], HandClock()
    headband = PlayedHeadband(opened(kept(tmp_path / "kept.csv", board, [felt(board, 0, 500)])), clock)
    assert headband.read() == ()
    headband.start()
    began_ns = clock.now_ns()
    found = played(headband, clock, 2.0)
    assert [chunk.first for chunk in found[1:]] == [chunk.end for chunk in found[:-1]]
    assert found[-1].end == 500
    for chunk in found:
        assert chunk.at_ns == began_ns + round(chunk.first * chunk.period_ns)
        assert chunk.microvolts[0, 0] == chunk.first
    assert played(headband, clock, 0.96) == []
    again = played(headband, clock, 0.2)
    assert (again[0].first, again[0].microvolts[0, 0]) == (750, 0)
    assert again[0].at_ns == began_ns + seconds(3)
    headband.stop()
    assert played(headband, clock, 1) == []


def test_a_long_gap_is_a_short_silence(tmp_path: Path) -> None:
    board, clock = BY_NAME["cyton"], HandClock()
    path = kept(tmp_path / "kept.csv", board, [felt(board, 0, 250), felt(board, 25_000, 250)])
    headband = PlayedHeadband(opened(path), clock)
    headband.start()
    found = played(headband, clock, 3.1)
    assert found[-1].end == 25_250
    assert all(0 <= later.at_ns - earlier.at_ns <= seconds(1.1) for earlier, later in pairwise(found))


def test_whoever_did_not_read_for_long_missed_something(tmp_path: Path) -> None:
    board, clock = BY_NAME["cyton"], HandClock()
    headband = PlayedHeadband(opened(kept(tmp_path / "kept.csv", board, [felt(board, 0, 500)])), clock)
    headband.start()
    clock.at_ns += seconds(100_000)
    found = headband.read()
    assert sum(chunk.end - chunk.first for chunk in found) <= 61 * 250
    assert abs(found[-1].time_of(found[-1].end) - clock.now_ns()) <= seconds(1.1)


def test_a_recording_that_is_taken_away_is_said(tmp_path: Path) -> None:
    board, clock = BY_NAME["cyton"], HandClock()
    path = kept(tmp_path / "kept.csv", board, [felt(board, 0, 500)])
    headband = PlayedHeadband(opened(path), clock)
    headband.start()
    path.unlink()
    with pytest.raises((HeadbandMissing, HeadbandStopped), match=r"kept\.csv cannot be read"):
        played(headband, clock, 6.0)
