"""Nothing flickers unless all of it is so: each reason alone is enough, and each has its sentence."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.test_deciding import Writer
from vybor.contracts import messages as m
from vybor.contracts.messages import (
    Electrode,
    ElectrodeAt,
    ElectrodeState,
    FlickerWish,
    Mode,
)
from vybor.core.decision.state import Deciding
from vybor.core.desks.flicker_desk import FlickerDesk
from vybor.core.ways import flicker_safety as safety
from vybor.core.ways.flicker_safety import Confirmed, Known, Now, Off, Tried
from vybor.foundation.clock import seconds
from vybor.foundation.flicker_settings import FlickerSettings, Seizures
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings, Settings
from vybor.selector.ways import Headband

ALLOWED = Settings(
    flicker=FlickerSettings(on=True, seizures=Seizures.NO), headband=HeadbandSettings(board=Board.CYTON)
)
EARS = (ElectrodeAt.LEFT_JAW, ElectrodeAt.RIGHT_JAW)
TRIED = Tried(
    right=19, trials=20, rhythms=3, day="2026-01-01", electrodes=EARS, used=("2026-01-01",), board="cyton"
)
KNOWN = Known(confirmed=Confirmed(role="neurologist", day="2026-01-01"), tried=TRIED)
NOW = Now(headband=True, electrodes=frozenset(ElectrodeAt), board="cyton", at="2026-01-02T15:00:00+09:00")
EARLY = msgspec.structs.replace(NOW, at="2026-01-02T01:00:00+09:00")
TROUBLE = m.Notice(process="gaze", trouble=m.Trouble.PROCESS_SILENT)


def wanting(**flicker: object) -> Settings:
    return msgspec.structs.replace(ALLOWED, flicker=msgspec.structs.replace(ALLOWED.flicker, **flicker))


def tried(**about: object) -> Known:
    return msgspec.structs.replace(KNOWN, tried=msgspec.structs.replace(TRIED, **about))


def test_where_all_is_so_it_may() -> None:
    assert safety.reasons(ALLOWED, KNOWN, NOW) == ()


@pytest.mark.parametrize(
    ("settings", "known", "now", "off"),
    [
        (wanting(seizures=Seizures.YES), KNOWN, NOW, Off.SEIZURES),
        (wanting(seizures=Seizures.UNANSWERED), KNOWN, NOW, Off.UNANSWERED),
        (ALLOWED, msgspec.structs.replace(KNOWN, confirmed=None), NOW, Off.UNCONFIRMED),
        (
            msgspec.structs.replace(ALLOWED, display=DisplaySettings(reduced_motion=True)),
            KNOWN,
            NOW,
            Off.MOTION,
        ),
        (wanting(on=False), KNOWN, NOW, Off.NOT_WANTED),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, stop=m.FlickerStop.UNWANTED), Off.UNWANTED),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, stop=m.FlickerStop.UNSTEADY), Off.UNSTEADY),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, headband=False), Off.NO_HEADBAND),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, trouble=True), Off.TROUBLE),
        (ALLOWED, msgspec.structs.replace(KNOWN, ended="2026-01-02"), NOW, Off.ENDED),
        (ALLOWED, msgspec.structs.replace(KNOWN, ended="2026-01-02T00:01:00+09:00"), NOW, Off.ENDED),
        (ALLOWED, msgspec.structs.replace(KNOWN, ended="2026-01-02T03:30:00+09:00"), EARLY, Off.ENDED),
        (ALLOWED, msgspec.structs.replace(KNOWN, ended="2026-01-01T13:30:00+09:00"), EARLY, Off.ENDED),
        (ALLOWED, msgspec.structs.replace(KNOWN, ended="2026-01-03T00:30:00+09:00"), NOW, Off.ENDED),
        (ALLOWED, msgspec.structs.replace(KNOWN, stopped=True), NOW, Off.STOPPED),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, changed=True), Off.CHANGED),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, board="muse_2"), Off.ELECTRODES),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, board=""), Off.ELECTRODES),
        (ALLOWED, tried(electrodes=()), NOW, Off.ELECTRODES),
        (ALLOWED, tried(board=""), msgspec.structs.replace(NOW, board=""), Off.ELECTRODES),
        (ALLOWED, tried(board="muse_2"), NOW, Off.ELECTRODES),
        (ALLOWED, msgspec.structs.replace(KNOWN, tried=None), NOW, Off.UNTRIED),
        (ALLOWED, tried(right=17), NOW, Off.SHUT),
        (ALLOWED, tried(right=8, trials=8), NOW, Off.SHUT),
        (ALLOWED, tried(used=tuple(f"2025-12-0{day}" for day in range(1, 8))), NOW, Off.EXPIRED),
        (ALLOWED, KNOWN, msgspec.structs.replace(NOW, electrodes=frozenset(EARS[:1])), Off.ELECTRODES),
    ],
)
def test_each_thing_alone_is_enough(settings: Settings, known: Known, now: Now, off: Off) -> None:
    assert safety.reasons(settings, known, now) == (off,)
    assert (off in safety.of_trial((off,))) is (off not in safety.UNTIL_TRIED)


@pytest.mark.parametrize(
    "ended", ["", "2026-01-01T12:30:00+09:00", "2026-01-01", "2026-01-01T22:00:00+00:00"[:19]]
)
def test_after_half_a_day_and_on_another_one_it_may_again(ended: str) -> None:
    assert safety.reasons(ALLOWED, msgspec.structs.replace(KNOWN, ended=ended), EARLY) == ()


def test_by_default_there_are_many_reasons_and_the_gravest_comes_first() -> None:
    assert safety.reasons(Settings(), Known(), Now())[:4] == (
        Off.UNANSWERED,
        Off.UNCONFIRMED,
        Off.NOT_WANTED,
        Off.NO_HEADBAND,
    )


def test_every_reason_has_its_sentence_and_says_what_to_do_where_something_can_be_done() -> None:
    assert set(safety.SENTENCES) == set(Off)
    assert set(safety.STOPPED) == set(m.FlickerStop)
    assert len(set(safety.SENTENCES.values())) == len(Off)


@given(
    settings=st.builds(
        Settings,
        flicker=st.builds(FlickerSettings, on=st.booleans(), seizures=st.sampled_from(Seizures)),
        display=st.builds(DisplaySettings, reduced_motion=st.booleans()),
    ),
    known=st.builds(
        Known,
        confirmed=st.none() | st.just(KNOWN.confirmed),
        ended=st.sampled_from(("", "2026-01-01", "2026-01-02")),
        stopped=st.booleans(),
        tried=st.none()
        | st.builds(
            Tried,
            right=st.integers(0, 20),
            trials=st.just(20),
            rhythms=st.just(3),
            day=st.just("2026-01-01"),
            electrodes=st.sets(st.sampled_from(ElectrodeAt)).map(tuple),
            board=st.sampled_from(("muse_2", "cyton")),
            used=st.integers(1, 10).map(lambda count: tuple(map(str, range(count)))),
        ),
    ),
    now=st.builds(
        Now,
        headband=st.booleans(),
        trouble=st.booleans(),
        at=st.just("2026-01-02T12:00:00+00:00"),
        changed=st.booleans(),
        board=st.sampled_from(("", "cyton")),
        stop=st.none() | st.sampled_from(m.FlickerStop),
        electrodes=st.frozensets(st.sampled_from(ElectrodeAt)),
    ),
)
def test_it_may_only_where_every_condition_is_met(settings: Settings, known: Known, now: Now) -> None:
    """The conditions once more, written down from the issue and not from the code."""
    may = (
        settings.flicker.on
        and settings.flicker.seizures == "no"
        and known.confirmed is not None
        and not settings.display.reduced_motion
        and now.headband
        and known.ended != "2026-01-02"
        and not known.stopped
        and not now.changed
        and not now.trouble
        and now.stop is None
        and known.tried is not None
        and known.tried.right >= 18
        and len(known.tried.used) < settings.flicker.days  # today is one more
        and set(known.tried.electrodes) <= now.electrodes
        and known.tried.electrodes
        and known.tried.board == "cyton" == now.board
    )
    assert (safety.reasons(settings, known, now) == ()) is bool(may)


class Kit:
    """A decision, the first since the start, and the desk that says what of it flickers."""

    def __init__(
        self,
        folder: Path,
        settings: Settings = ALLOWED,
        known: Known | None = KNOWN,
        places: Places | None = None,
    ) -> None:
        self.places = places or Places(runtime=folder, state=folder, share=folder)
        self.path = self.places.flicker
        if known is not None:
            self.path.write_bytes(msgspec.json.encode(known))
        self.desk = FlickerDesk(self.places, settings)
        self.writer = Writer()
        self.writer.propose("tea", "coffee", "water")
        self.writer.show()
        self.sits(*ElectrodeAt)
        self.before = self.slots()
        self.writer.state = msgspec.structs.replace(self.writer.state, decisions=self.writer.state.decisions + 1)

    def sits(self, *good: ElectrodeAt, board: str = "cyton") -> None:
        electrodes = tuple(
            Electrode(at=at, state=ElectrodeState.GOOD if at in good else ElectrodeState.LOOSE)
            for at in ElectrodeAt
        )
        state = self.writer.state
        inputs = msgspec.structs.replace(state.selector.inputs, headband=Headband.THERE)
        selector = msgspec.structs.replace(state.selector, inputs=inputs)
        worn = m.Worn(at_ns=1, electrodes=electrodes, board=board)
        self.writer.state = msgspec.structs.replace(state, worn=worn, selector=selector)

    def slots(self, *notices: m.Notice, later_s: float = 0.0, state: Deciding | None = None) -> tuple[int, ...]:
        return self.desk.slots(state or self.writer.state, notices, self.writer.now_ns + seconds(later_s))

    def told(self, wish: FlickerWish = FlickerWish.TELL, role: str = "") -> m.FlickerTold | m.Refused:
        return self.desk.asked(m.AskFlicker(request="1", wish=wish, role=role), self.writer.state, ())


def test_words_flicker_and_nothing_else(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    tiles = tuple(tile for tile in kit.writer.state.tiles if tile.slot != 1)
    assert kit.slots(state=msgspec.structs.replace(kit.writer.state, tiles=tiles)) == (0, 2)


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.WORDS])
def test_on_every_other_page_nothing_does(tmp_path: Path, mode: Mode) -> None:
    kit = Kit(tmp_path)
    now = msgspec.structs.replace(kit.writer.state.writing, mode=mode)
    assert kit.slots(state=msgspec.structs.replace(kit.writer.state, writing=now)) == ()


def test_a_call_for_help_any_trouble_and_the_display_end_it(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    calling = msgspec.structs.replace(kit.writer.state.writing, calling=True)
    assert kit.slots(state=msgspec.structs.replace(kit.writer.state, writing=calling)) == ()
    for trouble in m.Trouble:
        assert kit.slots(m.Notice(process="core", trouble=trouble)) == ()
    kit.desk.heard(m.Shown(at_ns=1, screen=None, flicker_stop=m.FlickerStop.UNSTEADY))
    assert kit.slots() == ()
    kit.desk.heard(m.Shown(at_ns=1, screen=None))
    assert kit.slots() == (0, 1, 2)


@pytest.mark.parametrize("enough", [{"mode": Mode.REST}, {"calling": True}])
def test_who_rests_or_calls_soon_after_has_had_enough_of_it_until_tomorrow(
    tmp_path: Path, enough: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = Kit(tmp_path)
    usual = kit.writer.state
    had_enough = msgspec.structs.replace(usual, writing=msgspec.structs.replace(usual.writing, **enough))
    assert kit.slots(state=had_enough) == ()
    assert kit.slots(state=usual) == (0, 1, 2)  # nothing had flickered yet
    assert kit.slots(state=had_enough, later_s=59) == ()
    assert kit.slots(state=usual, later_s=60) == ()
    again = Kit(tmp_path, known=None)
    assert again.slots() == ()
    monkeypatch.setattr("vybor.core.desks.flicker_desk.local_time", lambda: "2999-01-01T08:00:00+00:00")
    assert again.slots() == (0, 1, 2)


def test_who_rests_an_hour_later_simply_rests(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    usual = kit.writer.state
    rests = msgspec.structs.replace(usual, writing=msgspec.structs.replace(usual.writing, mode=Mode.REST))
    assert kit.slots() == (0, 1, 2)
    assert kit.slots(state=rests, later_s=3600) == ()
    kit.writer.choose(0)
    kit.sits(*ElectrodeAt)
    kit.writer.propose("please", "now", "again")
    assert kit.slots(later_s=3601) == (0, 1, 2)


def test_it_ends_by_itself_and_begins_with_the_next_choice(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    assert kit.slots(later_s=59) == (0, 1, 2)
    assert kit.slots(later_s=61) == ()
    assert kit.slots(later_s=62) == ()
    kit.writer.choose(0)
    kit.sits(*ElectrodeAt)
    kit.writer.propose("please", "now", "again")
    assert kit.slots(later_s=62) == (0, 1, 2)


def test_an_electrode_that_was_heard_in_the_trial_must_be_heard(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    kit.sits(*EARS)
    assert kit.slots() == (0, 1, 2)
    kit.sits(EARS[0], ElectrodeAt.LEFT_FOREHEAD)
    assert kit.slots() == ()


def test_days_of_use_are_counted_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kit = Kit(tmp_path)
    for day in range(2, 9):
        monkeypatch.setattr(
            "vybor.core.desks.flicker_desk.local_time", lambda day=day: f"2026-01-0{day}T08:00:00+00:00"
        )
        assert kit.slots() == ((0, 1, 2) if day < 8 else ())  # not for one turn
    assert len(Kit(tmp_path, known=None).desk.known.tried.used) == 7  # type: ignore[union-attr]


def test_what_cannot_be_read_confirms_nothing(tmp_path: Path) -> None:
    for content in (
        b"",
        b"[]",
        b"\xff\xfe",
        b"[" * 9000,
        b'{"confirmed": 7}',
        json.dumps({"confirmed": None}).encode(),
    ):
        (tmp_path / "flicker.json").write_bytes(content)
        kit = Kit(tmp_path, known=None)
        assert kit.desk.known == Known()
        assert kit.slots() == ()


def test_a_clinician_s_word_is_kept_by_role_and_day_and_can_be_forgotten(tmp_path: Path) -> None:
    kit = Kit(tmp_path, known=Known(tried=TRIED))
    assert kit.slots() == ()
    told = kit.told(FlickerWish.CONFIRM, "  neurologist\n of the ward ")
    assert isinstance(told, m.FlickerTold)
    assert told.confirmed.startswith("neurologist of the ward, 20")
    assert told.off == ()
    again = Kit(tmp_path, known=None)
    assert again.slots() == (0, 1, 2)
    gone = again.told(FlickerWish.FORGET)
    assert isinstance(gone, m.FlickerTold)
    assert (gone.confirmed, gone.tried) == ("", "")
    assert again.slots() == ()
    assert Kit(tmp_path, known=None).desk.known == Known()


@pytest.mark.parametrize("role", ["", "   ", "x" * 61, "a\x1b[31m"])
def test_nobody_and_nonsense_confirm_nothing(tmp_path: Path, role: str) -> None:
    kit = Kit(tmp_path, known=None)
    refused = kit.told(FlickerWish.CONFIRM, role)
    assert isinstance(refused, m.Refused)
    assert "by their role" in refused.reason
    assert kit.desk.known == Known()


@pytest.mark.parametrize("answer", [Seizures.UNANSWERED, Seizures.YES])
def test_without_a_no_on_seizures_nobody_can_confirm(tmp_path: Path, answer: Seizures) -> None:
    kit = Kit(tmp_path, wanting(seizures=answer), known=None)
    assert isinstance(kit.told(FlickerWish.CONFIRM, "neurologist"), m.Refused)
    assert kit.desk.known == Known()


def test_who_has_answered_since_the_start_hears_what_makes_it_hold(tmp_path: Path) -> None:
    """The answer stands in the settings by then, and core has not read it: that it is missing would be no help."""
    refused = Kit(tmp_path, wanting(seizures=Seizures.UNANSWERED), known=None).told(
        FlickerWish.CONFIRM, "neurologist"
    )
    assert isinstance(refused, m.Refused)
    assert refused.reason.endswith("and start core again")


@pytest.mark.parametrize("answer", [Seizures.UNANSWERED, Seizures.YES])
def test_a_word_that_was_given_with_another_answer_holds_no_more(tmp_path: Path, answer: Seizures) -> None:
    kit = Kit(tmp_path, wanting(seizures=answer))
    assert kit.desk.known.confirmed is None
    back = Kit(tmp_path, ALLOWED, known=None)
    assert back.slots() == ()
    assert back.desk.known.tried is not None


def test_a_disk_that_is_full_changes_nothing_but_the_next_start(tmp_path: Path) -> None:
    kit = Kit(tmp_path / "none", known=None)
    told = kit.told(FlickerWish.CONFIRM, "neurologist")
    assert isinstance(told, m.FlickerTold)
    assert told.confirmed
    assert not kit.path.exists()
