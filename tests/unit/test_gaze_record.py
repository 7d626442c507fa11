"""`vybor gaze record`: what is written, what never is, that the wearer is told, that a cut file can be read."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.gaze_session import BEGUN, OPEN, PRIVATE, SECRET, Listening, lines, look, ns, page, session, shown
from unit.test_headband_acquisition import HandClock
from unit.test_headband_stream import decision, row
from vybor import cli
from vybor.commands import status
from vybor.commands.gaze import record as recording
from vybor.commands.gaze import rows
from vybor.contracts import messages as m
from vybor.display.pages.notes import is_told
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.settings import DisplaySettings
from vybor.gaze.looks import recorded
from vybor.gaze.pointer import PointerRoom
from vybor.segments.rows import Kind

FLAT = rows.Place(slot=0, role=m.Role.KEY, area=(0.0, 0.0, 1.0, 0.0), pad=(0.0, 0.0, 1.0, 0.0))
ALL = (
    shown(0.1, slot=3),
    look(0.2, 0.12345678, 0.2),
    m.Gaze(at_ns=ns(0.3), at_sd_ns=0, eyes=m.Eyes.CLOSED),
    m.Gesture(at_ns=ns(0.4), at_sd_ns=0, ended_ns=ns(0.9), kind=m.GestureKind.DOUBLE_BLINK, log_odds=2.5),
    m.SwitchPress(at_ns=ns(1.0)),
)


def heard(*messages: m.AnyMessage, words: bool = False) -> list[rows.Row]:
    listening = Listening(words=words)
    listening.hear(OPEN, *messages)
    return listening.written


def test_looks_pages_signs_and_presses_are_written_without_a_word() -> None:
    written = heard(*ALL)
    assert [type(each) for each in written] == [
        *(rows.Text, rows.Page, rows.Lit, rows.Look, rows.Look, rows.Sign, rows.Press),
    ]
    seen, closed = (each for each in written if isinstance(each, rows.Look))
    assert (seen.t, seen.x, seen.sd_x, seen.standing_y, seen.eyes) == (0.2, 0.1235, 0.03, 0.02, m.Eyes.OPEN)
    assert (closed.x, closed.eyes) == (None, m.Eyes.CLOSED)
    (stood,) = [each for each in written if isinstance(each, rows.Page)]
    assert [(tile.slot, tile.role) for tile in stood.tiles] == [(tile.slot, tile.role) for tile in OPEN.tiles]
    assert b"business" not in lines(written)
    assert b'"p"' not in lines(written)


def test_words_are_written_if_they_are_asked_for() -> None:
    written = lines(heard(*ALL, words=True))
    assert SECRET.encode() in written
    assert b"business3" in written


def test_what_stays_is_written_once() -> None:
    written = heard(shown(0.1), shown(0.3), shown(0.5, slot=2), shown(0.7, slot=2))
    assert [type(each) for each in written].count(rows.Page) == 1
    assert [each.slot for each in written if isinstance(each, rows.Lit)] == [None, 2]


def test_a_look_that_is_heard_again_is_written_once() -> None:
    written = heard(look(0.2, 0.1, 0.2), look(0.2, 0.1, 0.2), look(0.3, 0.1, 0.2))
    assert [each.t for each in written if isinstance(each, rows.Look)] == [0.2, 0.3]


def test_a_dot_is_told_once_with_its_place_and_the_page_again_behind_it() -> None:
    target = m.CalibrationTarget(at_ns=1, dot=2, dots=9, x=0.5, y=0.1)
    dots = [m.Shown(at_ns=ns(at_s), screen=OPEN, target=target) for at_s in (0.3, 0.4)]
    written = heard(shown(0.1), *dots, shown(0.6))
    assert [type(each) for each in written if isinstance(each, rows.Page | rows.Dot)] == [
        *(rows.Page, rows.Dot, rows.Page),
    ]


@pytest.mark.parametrize("closed", [PRIVATE, msgspec.structs.replace(OPEN, incognito=True)])
@pytest.mark.parametrize("words", [False, True])
def test_of_a_private_text_nothing_is_written_with_words_or_without(closed: m.Screen, words: bool) -> None:
    listening = Listening(words=words)
    listening.hear(closed, *ALL)
    assert listening.written == []
    listening.hear(OPEN, *ALL)
    count = len(listening.written)
    listening.hear(closed, *ALL)
    (said,) = listening.written[count:]
    assert isinstance(said, rows.Text)
    assert not said.is_open


def test_what_was_seen_before_the_text_opened_is_not_written_though_it_comes_later() -> None:
    listening = Listening()
    listening.hear(PRIVATE, msgspec.structs.replace(OPEN, at_ns=ns(5.0)), look(4.9, 0.1, 0.2), look(5.1, 0.3, 0.4))
    assert [each.t for each in listening.written if isinstance(each, rows.Look)] == [5.1]


def test_a_choice_is_told_by_its_place_and_of_a_private_text_none() -> None:
    plain, wordy = recording.Watching(0), recording.Watching(0, words=True)
    told = rows.Choice(t=0.0, action=m.Action.TAKE, slot=2, offer=9)
    assert recording.choice(plain, decision()) == (told,)
    assert recording.choice(wordy, decision()) == (msgspec.structs.replace(told, written="secret "),)
    assert recording.choice(wordy, decision(learn=False)) == ()
    assert recording.choice(recording.Watching(seconds(1)), decision()) == ()  # before it began


@given(record=st.binary(max_size=60))
def test_a_record_that_cannot_be_read_is_no_choice(record: bytes) -> None:
    assert recording.choice(recording.Watching(0), record) == ()


# --- the file ---------------------------------------------------------------------------------------------------


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(lines(session()))
    found = rows.read(path)
    assert found.begun == BEGUN
    assert found.rows == tuple(sorted(session(), key=lambda each: each.t))
    assert (found.damaged, found.lasts_s) == (0, 6.2)


@given(cut=st.integers(0, len(lines(session())) - 1))
def test_whatever_it_is_cut_at_all_before_is_read(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "session.jsonl"
    path.write_bytes(lines(session())[:cut])
    first = len(lines([]))
    if cut < first - 1:
        with pytest.raises(Missing, match="is no recording of `vybor gaze record`; name one"):
            rows.read(path)
        return
    found = rows.read(path)
    assert found.damaged == 0
    assert len(found.rows) == max(0, lines(session())[:cut].count(b"\n") - 1)


def test_a_damaged_line_is_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    odd = [
        b"\xff\xfe\n",
        b'{"kind":"look","t":-5,"eyes":"open"}\n',
        b'{"kind":"look","t":1e300,"eyes":"open"}\n',
        b'{"kind":"look","t":1,"eyes":"open","x":1e9,"y":0}\n',
        b'{"kind":"sign","t":1,"gesture":"clench","lasted":1,"log_odds":1e99}\n',
        rows.line(msgspec.structs.replace(page(0.0), tiles=(FLAT,))),
        b"{}\n",
    ]
    path.write_bytes(lines(session()[:3]) + b"".join(odd) + lines(session()[3:5]).split(b"\n", 1)[1])
    found = rows.read(path)
    assert (len(found.rows), found.damaged) == (5, len(odd))


def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter, newer, large = tmp_path / "letter", tmp_path / "newer", tmp_path / "large"
    letter.write_text("Dear you\n")
    newer.write_bytes(rows.line(msgspec.structs.replace(BEGUN, version=99)))
    with large.open("wb") as file:
        file.truncate(rows.LARGEST_BYTES + 200_000)
    for path, code, said in (
        (letter, Missing.exit_code, "is no recording of `vybor gaze record`; name one"),
        (newer, Missing.exit_code, "by a newer version of Vybor"),
        (large, PlaceError.exit_code, "it is far too large"),
        (tmp_path / "none", PlaceError.exit_code, "No such file"),
    ):
        assert cli.main(["gaze", "replay", str(path)]) == code
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1


# --- the wearer is told -----------------------------------------------------------------------------------------


def test_the_gaze_part_tells_the_wearer_until_nobody_says_so_any_more(tmp_path: Path) -> None:
    clock = HandClock()
    bus = Bus("gaze", tmp_path, clock)
    room = PointerRoom(bus, 0.01, tmp_path)
    far_ns = clock.now_ns() + seconds(3600)
    for words, trouble in ((False, m.Trouble.LOOKS_RECORDED), (True, m.Trouble.SESSION_RECORDED)):
        room.asked(Asked(b"x", m.RecordLooks(request=f"{words}", until_ns=far_ns, words=words)), clock.now_ns())
        room.turn(clock.now_ns())
        assert [notice.trouble for notice in room.troubles()] == [trouble]
    clock.at_ns += recorded.LONGEST_NS  # whoever recorded was ended, and said nothing more
    room.turn(clock.now_ns())
    assert room.troubles() == ()
    bus.close()


def test_who_records_no_words_does_not_take_back_that_words_are_recorded(tmp_path: Path) -> None:
    known, later_ns = recorded.Recorded(), seconds(6)

    def told(*, words: bool, until_ns: int) -> list[m.Trouble]:
        nonlocal known
        known = recorded.asked(known, m.RecordLooks(request="x", until_ns=until_ns, words=words), 0)
        return [notice.trouble for notice in recorded.notices(known, 1)]

    assert told(words=True, until_ns=later_ns) == [m.Trouble.SESSION_RECORDED]
    assert told(words=False, until_ns=later_ns) == [m.Trouble.SESSION_RECORDED]
    assert told(words=True, until_ns=0) == [m.Trouble.LOOKS_RECORDED]
    assert told(words=False, until_ns=0) == []


@pytest.mark.parametrize("trouble", [m.Trouble.LOOKS_RECORDED, m.Trouble.SESSION_RECORDED])
def test_the_sign_stands_on_every_page_and_is_no_complaint(trouble: m.Trouble) -> None:
    assert all(is_told(trouble, mode) for mode in m.Mode)
    assert trouble in status.NO_COMPLAINT


class Kit:
    """A gaze part, a journal and a deciding part, on one bus each, as a session is said."""

    def __init__(self, runtime: Path, *, is_private: bool = False, refuses: str = "") -> None:
        self.told: list[m.RecordLooks] = []
        self._refuses = refuses
        self._screen = PRIVATE if is_private else OPEN
        self._over, self._begun = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(runtime,))
        self._thread.start()
        assert self._begun.wait(5)

    def _run(self, runtime: Path) -> None:
        clock = SystemClock()
        gaze, core, journal, display = (
            Bus(name, runtime, clock) for name in ("gaze", "core", "journal", "display")
        )
        self._begun.set()
        choices = 0
        while not self._over.is_set():
            now_ns = clock.now_ns()
            core.publish(msgspec.structs.replace(self._screen, at_ns=now_ns))
            display.publish(m.Shown(at_ns=now_ns, screen=self._screen))
            gaze.publish(msgspec.structs.replace(look(0, 0.1, 0.2), at_ns=now_ns))
            for bus in (gaze, journal):
                for arrival in bus.receive(0.02):
                    if isinstance(arrival, Asked):
                        choices += isinstance(arrival.command, m.TellRows)
                        bus.answer(arrival, self._reply(arrival.command, choices, clock.now_ns()))
        for bus in (gaze, core, journal, display):
            bus.close()

    def _reply(self, command: m.AnyCommand, choices: int, now_ns: int) -> m.AnyReply:
        request = command.request
        match command:
            case m.RecordLooks() if self._refuses:
                return m.Refused(request=request, reason=self._refuses)
            case m.RecordLooks():
                self.told.append(command)
                return m.Done(request=request)
            case m.TellPaired():
                return m.Paired(
                    request=request, kit="k", workstation=None, deletions=0, oldest=(1, 1), newest=(1, 1)
                )
            case m.TellRows():
                made = decision(at_ns=now_ns)
                return m.Rows(request=request, kit="k", rows=(row(1 + choices, Kind.DECISION, made),))
            case _:
                return m.Refused(request=request)

    def close(self) -> None:
        self._over.set()
        self._thread.join()


def record(runtime: Path, *more: str) -> list[str]:
    to = runtime / "session.jsonl"
    return ["gaze", "record", "--to", str(to), "--minutes", "0.02", "--runtime", str(runtime), *more]


def test_a_running_kit_is_recorded_for_as_long_as_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit = Kit(tmp_path)
    try:
        assert cli.main(record(tmp_path)) == 0
    finally:
        kit.close()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
    out, error = capsys.readouterr()
    path = tmp_path / "session.jsonl"
    assert "and the wearer is told; Ctrl-C ends it" in error
    assert f"{path}: " in out
    assert "It is not encrypted" in out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kinds = [type(each) for each in rows.read(path).rows]
    assert kinds.count(rows.Look) > 5
    assert kinds.count(rows.Page) == 1
    assert kinds.count(rows.Choice) >= 1
    assert kinds[-1] is rows.Ended
    assert [each.until_ns > 0 for each in kit.told][-2:] == [True, False]
    assert SECRET.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("private", "refuses", "said"),
    [(True, "", "no look came, so nothing was recorded"), (False, "gaze only calibrates", "gaze only calibrates")],
)
def test_where_nothing_comes_or_the_wearer_cannot_be_told_there_is_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], private: bool, refuses: str, said: str
) -> None:
    kit = Kit(tmp_path, is_private=private, refuses=refuses)
    try:
        assert cli.main(record(tmp_path)) == Missing.exit_code
    finally:
        kit.close()
    assert said in capsys.readouterr().err
    assert not (tmp_path / "session.jsonl").exists()


def test_ended_before_it_goes_on_it_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_following: object, **_what: bool) -> str:
        raise KeyboardInterrupt

    kit = Kit(tmp_path)
    monkeypatch.setattr(recording.Following, "begin", interrupted)
    try:
        assert cli.main(record(tmp_path)) == 130
    finally:
        kit.close()
    assert not (tmp_path / "session.jsonl").exists()


def test_a_recording_that_is_killed_is_there_up_to_then(tmp_path: Path) -> None:
    kit, path = Kit(tmp_path), tmp_path / "session.jsonl"
    command = [sys.executable, "-m", "vybor", *record(tmp_path)]
    command[command.index("0.02")] = "5"
    try:
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
            until_s = time.perf_counter() + 30
            while not path.exists() or path.stat().st_size < 5000:
                assert time.perf_counter() < until_s
                time.sleep(0.05)
            running.kill()
    finally:
        kit.close()
    found = rows.read(path)
    assert found.damaged == 0
    assert sum(isinstance(each, rows.Look) for each in found.rows) > 5
    assert not any(isinstance(each, rows.Ended) for each in found.rows)


def test_a_file_that_is_there_stays_and_a_place_that_is_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit, path = Kit(tmp_path), tmp_path / "session.jsonl"
    path.write_text("mine")
    try:
        assert cli.main(record(tmp_path)) == PlaceError.exit_code
        assert "is there already; name another file" in capsys.readouterr().err
        assert path.read_text() == "mine"
        nowhere = ["gaze", "record", "--to", str(tmp_path / "no" / "x"), "--runtime", str(tmp_path)]
        assert cli.main(nowhere) == PlaceError.exit_code
        assert "cannot be written" in capsys.readouterr().err
    finally:
        kit.close()


def test_without_a_kit_nothing_is_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(record(tmp_path)) == Missing.exit_code
    assert "no kit runs in" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "601", "ten"])
def test_minutes_that_are_none_are_a_usage_error(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["gaze", "record", "--to", os.devnull, f"--minutes={minutes}"])
    assert ended.value.code == 2
    assert "is no number of minutes" in capsys.readouterr().err


def test_a_full_recording_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LARGEST_BYTES", 3000)
    kit = Kit(tmp_path)
    try:
        wish = recording.Wish(path=tmp_path / "s.jsonl", minutes=5)
        done = recording.recorded(wish, tmp_path, DisplaySettings(), SystemClock(), lambda _: None)
    finally:
        kit.close()
    assert "when it was full" in done.ended
    assert 3000 <= (tmp_path / "s.jsonl").stat().st_size < 6000
