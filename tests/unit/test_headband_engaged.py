"""Engagement on the kit: what is published and how often, what is kept of the wearer, and of whom nothing is."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.headband_replay import CYTON, Microvolts, chunk, felt
from unit.headband_told import Told
from unit.test_headband_acquisition import ScriptedHeadband
from vybor.contracts import messages as m
from vybor.contracts.messages import GestureKind
from vybor.foundation.bus import Asked, Heard
from vybor.foundation.clock import seconds
from vybor.headband import engaged
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import engagement, gestures, usual
from vybor.headband.detecting.usual import Level
from vybor.headband.engaged import Attention, Eyes, Kept
from world.cyton_scalp import HZ

OPEN, CLOSED = m.Eyes.OPEN, m.Eyes.CLOSED


def kept(board: str = "cyton", electrodes: int = 4, windows: int = usual.LEAST) -> Kept:
    """Of a scalp like that of the tests."""
    levels = [Level(-1.7 + 0.1 * (place % 9), -0.6 + 0.1 * (place % 7), 2.2) for place in range(windows)]
    return Kept(board=board, windows=tuple((level,) * electrodes for level in levels))


def write(path: Path, what: Kept) -> None:
    path.write_bytes(msgspec.json.encode(what))


def look(eyes: m.Eyes, at_s: float) -> m.Gaze:
    return m.Gaze(at_ns=seconds(at_s), at_sd_ns=0, eyes=eyes)


# --- the eyes -------------------------------------------------------------------------------------------------


def eyes_at(now_s: float, *seen: tuple[m.Eyes, float]) -> bool | None:
    known = Eyes()
    for eyes, at_s in seen:
        known = known.after(look(eyes, at_s))
    return known.are_open(seconds(now_s))


def test_eyes_are_open_through_a_blink_and_closed_after_half_a_second() -> None:
    assert eyes_at(1.0) is None
    assert eyes_at(1.0, (OPEN, 0.9)) is True
    assert eyes_at(1.2, (OPEN, 0.9), (CLOSED, 1.0), (CLOSED, 1.2)) is True
    assert eyes_at(1.6, (OPEN, 0.9), (CLOSED, 1.0), (CLOSED, 1.55)) is False
    assert eyes_at(1.8, (CLOSED, 1.0), (m.Eyes.ABSENT, 1.7)) is False
    assert eyes_at(1.9, (CLOSED, 1.0), (CLOSED, 1.7), (OPEN, 1.8)) is True
    assert eyes_at(9.0, (OPEN, 1.0)) is None


# --- the file -------------------------------------------------------------------------------------------------


def test_what_is_usual_is_read_as_it_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "engagement.json"
    assert engaged.read(path, "cyton", 4).windows == ()
    write(path, kept())
    assert engaged.read(path, "cyton", 4).windows == kept().windows


@pytest.mark.parametrize(("board", "electrodes"), [("muse_2", 4), ("cyton", 3)])
def test_another_headband_begins_anew(tmp_path: Path, board: str, electrodes: int) -> None:
    path = tmp_path / "engagement.json"
    write(path, kept())
    assert engaged.read(path, board, electrodes).windows == ()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b'{"board": "cyton", "windows": [[[1, 2, "x"]]]}',
        b'{"board": "cyton", "windows": [[[NaN, 1, 1]]]}',
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * 300_000,
        msgspec.json.encode(kept(windows=usual.MOST + 1)),
    ],
)
def test_a_damaged_file_is_said_once_and_it_is_learned_anew(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "engagement.json"
    path.write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        assert engaged.read(path, "cyton", 4).windows == ()
    assert [record.getMessage().endswith("is learned anew") for record in caplog.records] == [True]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["board", "windows"]), inner),
    max_leaves=20,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | ANYTHING.map(lambda found: json.dumps(found).encode()))
def test_whatever_stands_in_the_file_is_levels_of_every_electrode_or_nothing(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "engagement.json"
    path.write_bytes(content)
    found = engaged.read(path, "cyton", 4)
    assert all(len(window) == 4 for window in found.windows)
    assert usual.of(found, 4) == (None,) * 4


@pytest.mark.parametrize("level", ["[1e400,1,1]", "[-1e308,1e308,0]", "[700,700,9000]"])
def test_levels_that_no_eeg_has_are_learned_anew(tmp_path: Path, level: str) -> None:
    path = tmp_path / "engagement.json"
    path.write_text('{"board":"cyton","windows":[' + ",".join(["[" + ",".join([level] * 4) + "]"] * 40) + "]}")
    attention = worn(Attention(path), SKIN[:, : 12 * HZ])
    assert attention.told(seconds(12)).z is None
    assert engaged.read(path, "cyton", 4).windows == ()


def test_a_folder_a_pipe_or_a_link_in_its_place_hangs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "engagement.json"
    path.mkdir()
    assert engaged.read(path, "cyton", 4).windows == ()
    write(tmp_path / "other", kept())
    path.rmdir()
    path.symlink_to(tmp_path / "other")
    assert engaged.read(path, "cyton", 4).windows == ()


# --- from samples to what is said -----------------------------------------------------------------------------


SKIN_S = 72
SKIN = felt([], SKIN_S)
"""A minute in which the level is taken, a window more, and what the detectors need before."""


def worn(
    attention: Attention, skin: Microvolts = SKIN, first: int = 0, signs: GestureKind | None = None
) -> Attention:
    """A headband that is worn through these samples, with open eyes."""
    rule, state = gestures.Rule(CYTON, pair_s=0.7), None
    for start in range(0, skin.shape[1], HZ):
        now_ns = seconds(start / HZ + 1)
        attention.saw(look(OPEN, start / HZ + 1))
        state, seen = gestures.step(state, chunk(first + start, skin[:, start : start + HZ]), rule)
        made = (gestures.Seen(signs, start, start, start, 1.0),) if signs else ()
        attention.felt(state, (*seen, *made), CYTON, now_ns)
    return attention


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Attention, Path]:
    """Seventy seconds of samples take about two: once for all tests of this file."""
    path = tmp_path_factory.mktemp("kept") / "engagement.json"
    write(path, kept())
    return worn(Attention(path)), path


def test_a_known_wearer_is_told_of_after_a_minute_of_real_samples(known: tuple[Attention, Path]) -> None:
    told = known[0].told(seconds(SKIN_S))
    assert told.z is not None
    assert told.alpha is not None
    assert abs(told.z) < engagement.MOST
    assert told.z == round(told.z, 2)


def test_two_seconds_after_the_last_sample_nothing_is_known(known: tuple[Attention, Path]) -> None:
    late_ns = seconds(SKIN_S) + engaged.STALE_NS + 1
    assert known[0].told(late_ns) == m.Engaged(at_ns=late_ns)


def test_what_was_learned_is_kept_and_no_sample_of_it(known: tuple[Attention, Path]) -> None:
    attention, path = known
    attention.keep()
    now = msgspec.json.decode(path.read_bytes(), type=Kept)
    assert len(now.windows) > usual.LEAST + 10
    assert now.windows[: usual.LEAST] == kept().windows
    assert path.stat().st_mode & 0o777 == 0o640
    assert len(path.read_bytes()) < 20_000
    before = path.stat().st_mtime_ns
    attention.keep()
    assert path.stat().st_mtime_ns == before


def test_a_disk_that_refuses_is_said_and_nothing_ends(
    known: tuple[Attention, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    attention = worn(Attention(tmp_path / "missing" / "engagement.json"), SKIN[:, : 12 * HZ])
    with caplog.at_level(logging.WARNING):
        attention.keep()
    assert "is not kept" in caplog.text


def test_it_is_kept_every_ten_minutes_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "engagement.json"
    attention = worn(Attention(path), SKIN[:, : 12 * HZ])
    attention.turn(seconds(12))
    assert path.exists()
    path.unlink()
    worn(attention, SKIN[:, 12 * HZ : 22 * HZ], first=12 * HZ)
    attention.turn(seconds(13))
    assert not path.exists()
    attention.turn(seconds(12 + 601))
    assert path.exists()


@pytest.mark.parametrize(
    ("sign", "is_learned"),
    [(GestureKind.CLENCH, False), (GestureKind.DOUBLE_BLINK, False), (GestureKind.BLINK, True)],
)
def test_while_signs_are_made_nothing_is_learned_and_a_single_blink_is_none(
    tmp_path: Path, sign: GestureKind, is_learned: bool
) -> None:
    path = tmp_path / "engagement.json"
    worn(Attention(path), SKIN[:, : 12 * HZ], signs=sign).keep()
    assert path.exists() is is_learned


def test_without_a_place_nothing_is_kept() -> None:
    attention = worn(Attention(), SKIN[:, : 8 * HZ])
    attention.keep()
    assert attention.told(seconds(8)).z is None


def test_a_headband_of_another_kind_is_another_headband(tmp_path: Path) -> None:
    path = tmp_path / "engagement.json"
    attention = worn(Attention(path), SKIN[:, : 12 * HZ])
    attention.felt(None, (), BY_NAME["muse_2"], seconds(20))
    assert msgspec.json.decode(path.read_bytes(), type=Kept).board == "cyton"
    assert attention.told(seconds(20)) == m.Engaged(at_ns=seconds(20))


# --- on the bus -----------------------------------------------------------------------------------------------


class Attentive(Told):
    """Of somebody who is known, and whose eyes are seen open."""

    def __init__(self, runtime: Path, *, is_worn: bool = True) -> None:
        path = runtime / "engagement.json"
        write(path, kept())
        super().__init__(runtime, m.Engaged, ScriptedHeadband(), is_worn=is_worn, attention=Attention(path))

    def second(self, place: int, skin: Microvolts) -> None:
        """The same, looked at."""
        self.room.heard(Heard("gaze", m.Gaze(at_ns=self.clock.now_ns(), at_sd_ns=0, eyes=OPEN), 0), 0)
        super().second(place, skin)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Attentive]:
    found = Attentive(tmp_path)
    yield found
    found.close()


def test_it_is_said_twice_a_second_while_a_headband_is_worn_and_absent_until_it_is_known(told: Attentive) -> None:
    for place in range(6):
        told.second(place, SKIN)
    times = np.diff([each.at_ns for each in told.said])
    assert len(told.said) >= 9
    assert set(times.tolist()) == {seconds(0.5)}
    assert {(each.z, each.alpha, each.drowsy) for each in told.said} == {(None, None, False)}


@pytest.mark.parametrize("can", [True, False])
def test_what_is_usual_is_forgotten_when_everything_is_deleted(
    told: Attentive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can: bool
) -> None:
    path = tmp_path / "engagement.json"
    path.with_name(".engagement.json.77").write_bytes(b"half of it")
    for place in range(3):
        told.second(place, SKIN)
    assert path.exists()
    answers: list[m.Reply] = []
    monkeypatch.setattr(told.bus, "answer", lambda _, reply: answers.append(reply))
    with monkeypatch.context() as disk:
        if not can:
            disk.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(OSError(30, "Read-only")))
        told.room.asked(Asked(b"", m.ForgetUsual(request="1")), told.clock.now_ns())
    if not can:
        (refused,) = answers
        assert isinstance(refused, m.Refused)
        assert f"remove {path}" in refused.reason
        return
    assert answers == [m.Done(request="1")]
    assert not list(tmp_path.glob("*engagement.json*"))
    told.room.close()
    assert not path.exists(), "nothing of it was in memory either"


def test_of_a_known_wearer_nothing_is_known_any_more(tmp_path: Path) -> None:
    path = tmp_path / "engagement.json"
    write(path, kept())
    attention = Attention(path)
    attention._put_on(CYTON)
    assert attention._known.baseline.windows
    assert attention.forget() == ""
    attention.keep()
    assert not path.exists()
    assert attention._known.baseline.windows == ()
    assert Attention().forget() == ""


def test_where_no_headband_is_worn_nothing_is_said(tmp_path: Path) -> None:
    found = Attentive(tmp_path, is_worn=False)
    for place in range(3):
        found.second(place, SKIN)
    found.bus.close()
    found.core.close()
    assert found.said == []
