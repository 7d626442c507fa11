"""Signals to other programs: what is given, what is not, for how long, and that the wearer is told."""

import math
import threading
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.headband_listener import ALL, BLINK, GAZE, OPEN, PRIVATE, SHOWN, SWITCH, marks, sent
from unit.headband_replay import CYTON, chunk
from unit.test_headband_acquisition import HandClock, ScriptedHeadband
from unit.test_headband_lsl import in_a_network_of_its_own
from vybor import cli
from vybor.commands import asking, following, status
from vybor.commands.headband import stream as giving_out
from vybor.commands.headband.stream import choice
from vybor.contracts import messages as m
from vybor.contracts.messages import Signal
from vybor.display.pages.notes import is_told
from vybor.doctor import listening
from vybor.foundation.bus import Asked, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import Missing
from vybor.headband import giving
from vybor.headband.detecting import gestures
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.lsl.outlets import Eeg, Look, Mark, Sent
from vybor.headband.process import HeadbandRoom
from vybor.segments.rows import Kind
from vybor.streams import library

FELT = np.arange(80, dtype=np.float32).reshape(8, 10)


def test_a_real_inlet_gets_what_is_played(tmp_path: Path) -> None:
    """Five seconds: MNE, whose inlet it is, takes most of them to load."""
    in_a_network_of_its_own(tmp_path, "not slow", "unit/lsl_outlets.py")


@pytest.mark.slow
def test_a_real_inlet_gets_what_a_whole_kit_gives(tmp_path: Path) -> None:
    """Three real processes."""
    in_a_network_of_its_own(tmp_path, "slow", "unit/lsl_outlets.py")


def test_looks_acts_and_screens_are_given_by_places_and_without_words() -> None:
    found = sent(OPEN, GAZE, BLINK, SWITCH, SHOWN, SHOWN)
    assert [each for each in found if isinstance(each, Look)] == [Look(9, (0.1, 0.2, 0.01, 0.02, 1.0))]
    assert marks(found) == [
        ("events", 5, {"event": "open"}),
        ("events", 8, {"event": "double_blink", "log_odds": 2.5, "lasted_s": 0.4}),
        ("events", 10, {"event": "switch"}),
        ("screens", 11, {"page": "words", "offer": 7, "tiles": 0, "lit": 3}),
    ]
    assert "business" not in repr(found)


def test_a_dot_is_told_with_its_place() -> None:
    target = m.CalibrationTarget(at_ns=1, dot=2, dots=9, x=0.5, y=0.1)
    found = sent(OPEN, m.Shown(at_ns=12, screen=OPEN, target=target))
    assert marks(found)[-1] == ("screens", 12, {"dot": 2, "x": 0.5, "y": 0.1})


@pytest.mark.parametrize("closed", [(PRIVATE,), (msgspec.structs.replace(OPEN, incognito=True),), ()])
def test_of_a_private_text_and_before_that_is_known_only_eeg_is_given(closed: tuple[m.Screen, ...]) -> None:
    found = sent(*closed, GAZE, BLINK, SWITCH, SHOWN, giving.samples(chunk(0, FELT), CYTON))
    assert [type(each) for each in found] == [Eeg]
    begun = sent(OPEN, *closed, GAZE, OPEN, GAZE)
    expected = ["open", "private", "open"] if closed else ["open"]
    assert [said["event"] for _, _, said in marks(begun)] == expected


def test_only_what_is_asked_for_is_given() -> None:
    everything = (OPEN, GAZE, BLINK, SWITCH, SHOWN, giving.samples(chunk(0, FELT), CYTON))
    kinds = {signal: {type(each) for each in sent(*everything, signals=(signal,))} for signal in Signal}
    assert kinds == {Signal.EEG: {Eeg}, Signal.GAZE: {Look}, Signal.EVENTS: {Mark}, Signal.SCREENS: {Mark}}


def test_closed_eyes_and_no_face_are_no_points() -> None:
    closed = m.Gaze(at_ns=1, at_sd_ns=0, eyes=m.Eyes.CLOSED)
    *point, is_open = giving_out.numbers(closed)
    assert all(map(math.isnan, point))
    assert is_open == 0.0
    assert math.isnan(giving_out.numbers(msgspec.structs.replace(closed, eyes=m.Eyes.ABSENT))[-1])


# --- choices of the record --------------------------------------------------------------------------------


def decision(**changed: object) -> bytes:
    made = m.Decision(
        at_ns=77,
        session="s",
        number=4,
        action=m.Action.TAKE,
        slot=2,
        written="secret ",
        text_before="",
        text_after="secret ",
        offer=9,
        shown=(),
        evidence=m.Evidence(channel=m.Channelled.PAD, posterior=1.0, posterior_without_prior=1.0, gaze_age_ms=0.0),
    )
    return msgspec.msgpack.encode(msgspec.structs.replace(made, **changed))


def test_a_choice_is_told_by_its_place_and_of_a_private_text_none() -> None:
    assert marks(list(choice(decision()))) == [
        ("events", 77, {"event": "choice", "action": "take", "slot": 2, "offer": 9})
    ]
    assert choice(decision(learn=False)) == ()


@given(record=st.binary(max_size=60))
def test_a_record_that_cannot_be_read_is_no_choice(record: bytes) -> None:
    assert choice(record) == ()


class Answering:
    """A headband's part that is told who gives what, and a journal with a record that grows."""

    def __init__(self, runtime: Path, rows: tuple[m.KeptRow, ...]) -> None:
        self.rows, self.told = rows, list[m.GiveOut]()
        self.is_busy = False
        """Nobody answers any more."""
        self._over, self._begun = threading.Event(), threading.Event()
        self._speaker = threading.Thread(target=self._answer, args=(runtime,))
        self._speaker.start()
        self._begun.wait(5)

    def _answer(self, runtime: Path) -> None:
        buses = [Bus(name, runtime, SystemClock()) for name in ("headband", "journal")]
        self._begun.set()
        while not self._over.is_set():
            for bus in buses:
                for arrival in bus.receive(0.01):
                    if isinstance(arrival, Asked) and not self.is_busy:
                        bus.answer(arrival, self._reply(arrival.command))
        for bus in buses:
            bus.close()

    def _reply(self, command: m.AnyCommand) -> m.AnyReply:
        request, newest = command.request, (self.rows[0].boot, self.rows[0].sequence)
        match command:
            case m.GiveOut():
                self.told.append(command)
                return m.Done(request=request)
            case m.TellPaired():
                return m.Paired(
                    request=request, kit="k", workstation=None, deletions=0, oldest=(1, 1), newest=newest
                )
            case m.TellRows():
                later = tuple(
                    row for row in self.rows if (row.boot, row.sequence) > (command.boot, command.sequence)
                )
                return m.Rows(request=request, kit="k", rows=later)
            case _:
                return m.Refused(request=request)

    def close(self) -> None:
        self._over.set()
        self._speaker.join()


def row(sequence: int, kind: Kind, record: bytes) -> m.KeptRow:
    return m.KeptRow(boot=1, sequence=sequence, at="2026-01-01", kind=kind, record=record)


def test_new_choices_are_told_once_and_the_wearer_until_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "CHOICES_S", 0.0)
    rows = (
        row(1, Kind.DECISION, decision(at_ns=1)),  # before anybody asked
        row(2, Kind.UTTERANCE, b"secret"),
        row(3, Kind.DECISION, decision(at_ns=2, slot=5)),
    )
    with (
        closing(Answering(tmp_path, rows)) as kit,
        asking.reached("headband", "stream", tmp_path, SystemClock()) as headband,
        closing(listening.Ear(tmp_path, giving_out.HEARS, SystemClock())) as ear,
    ):
        giver = giving_out.Giver(headband, SystemClock(), (Signal.EVENTS,))
        assert giver.begin() == ""
        said = list[Sent]()
        until_s = time.perf_counter() + 5
        while not said and time.perf_counter() < until_s:
            said.extend(giver.turn(ear))
        for _ in range(4):
            said.extend(giver.turn(ear))
        giver.end()
    assert marks(said) == [("events", 2, {"event": "choice", "action": "take", "slot": 5, "offer": 9})]
    assert [each.signals for each in kit.told] == [(Signal.EVENTS,), ()]


def test_nothing_waits_for_an_answer_and_a_headband_that_gives_none_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "CHOICES_S", 0.0)
    monkeypatch.setattr(giving_out, "WAIT_S", 0.001)
    clock = HandClock()
    with (
        closing(Answering(tmp_path, (row(1, Kind.DECISION, decision()),))) as kit,
        asking.reached("headband", "stream", tmp_path, SystemClock()) as headband,
        closing(listening.Ear(tmp_path, giving_out.HEARS, SystemClock())) as ear,
    ):
        giver = giving_out.Giver(headband, clock, (Signal.EVENTS,))
        giver.begin()
        kit.is_busy = True
        began_s = time.perf_counter()
        for _ in range(4):  # the journal is asked at once, the headband's part after two seconds
            assert list(giver.turn(ear)) == []
            clock.at_ns += seconds(1.1)
        assert time.perf_counter() - began_s < following.ANSWER_S / 2
        clock.at_ns += seconds(following.ANSWER_S)
        with pytest.raises(Missing, match="the headband does not answer"):
            list(giver.turn(ear))


# --- samples ----------------------------------------------------------------------------------------------


def eeg(*chunks_of: tuple[int, np.ndarray]) -> list[Eeg]:
    messages = [giving.samples(chunk(first, felt), CYTON) for first, felt in chunks_of]
    return [each for each in sent(*messages) if isinstance(each, Eeg)]


def test_lost_samples_are_rows_that_are_no_numbers_at_their_times() -> None:
    before, after = eeg((0, FELT), (15, FELT))
    assert before.microvolts.tolist() == FELT.tolist()
    assert np.isnan(after.microvolts[:, :5]).all()
    assert after.microvolts[:, 5:].tolist() == FELT.tolist()
    assert after.at_ns == before.at_ns + round(10 * before.period_ns)
    assert before.labels == tuple(f"CH{number}" for number in range(1, 9))


def test_a_long_gap_shows_in_the_times_alone() -> None:
    before, after = eeg((0, FELT), (30 * CYTON.hz, FELT))
    assert after.microvolts.shape == FELT.shape
    assert after.at_ns - before.at_ns == seconds(30)


def test_a_headband_that_was_connected_anew_goes_on_behind() -> None:
    first = giving.samples(chunk(500, FELT), CYTON)
    anew = msgspec.structs.replace(giving.samples(chunk(0, FELT), CYTON), at_ns=first.at_ns + seconds(0.1))
    before, after = (each for each in sent(first, anew) if isinstance(each, Eeg))
    assert after.microvolts.shape[1] == 25
    assert after.at_ns == before.at_ns + round(10 * before.period_ns)


@given(
    microvolts=st.binary(max_size=100),
    labels=st.lists(st.text(max_size=3), max_size=9),
    first=st.integers(-(2**40), 2**40),
    period_ns=st.sampled_from([0.0, -1.0, 4e6, 1.0]),
)
def test_samples_that_make_no_sense_are_borne(
    microvolts: bytes, labels: list[str], first: int, period_ns: float
) -> None:
    odd = m.Samples(
        at_ns=1,
        first=first,
        period_ns=period_ns,
        at_sd_ns=0,
        board="cyton",
        hz=250,
        labels=tuple(labels),
        microvolts=microvolts,
    )
    good = giving.samples(chunk(0, FELT), CYTON)
    found = [each for each in sent(good, odd, good) if isinstance(each, Eeg)]
    assert 2 <= len(found) <= 3
    assert all(each.microvolts.shape[1] <= 10 + giving_out.FILLED_S * 250 for each in found)


# --- the wearer is told, and it ends ----------------------------------------------------------------------


class Told:
    """The headband's room, asked by a command."""

    def __init__(self, runtime: Path) -> None:
        self.clock = HandClock()
        self.headband = ScriptedHeadband()
        self.acquisition = Acquisition(self.headband, self.clock)
        self.bus = Bus("headband", runtime, self.clock)
        self.core = Bus("core", runtime, self.clock, [m.Samples])
        self.room = HeadbandRoom(self.acquisition, gestures.Rule(CYTON, 0.7), self.bus)

    def ask(self, command: m.AnyCommand) -> None:
        self.room.asked(Asked(b"x", command), self.clock.now_ns())

    def samples(self) -> list[m.Samples]:
        """What is on the bus of a tenth of a second."""
        self.headband.reads.append((chunk(self.clock.now_ns() // 10**8 * 25, FELT),))
        self.acquisition.turn()
        self.bus.receive(0.05)
        self.room.turn(self.clock.now_ns())
        heard = [got.message for _ in range(3) for got in self.core.receive(0.05) if isinstance(got, Heard)]
        return [each for each in heard if isinstance(each, m.Samples)]

    def close(self) -> None:
        self.bus.close()
        self.core.close()


def test_samples_are_said_only_while_somebody_gives_them_and_the_wearer_is_told(tmp_path: Path) -> None:
    told = Told(tmp_path)
    assert told.samples() == []
    far_ns = told.clock.now_ns() + seconds(3600)
    told.ask(m.GiveOut(request="1", signals=(Signal.EEG, Signal.GAZE), until_ns=far_ns))
    (one,) = told.samples()
    assert np.frombuffer(one.microvolts, "<f4").reshape(8, 10).tolist() == FELT.tolist()
    assert told.room.troubles()[-1] == m.Notice(
        process="headband", trouble=m.Trouble.GIVEN_OUT, detail="eeg, gaze"
    )
    told.clock.at_ns += giving.LONGEST_NS  # whoever gave them was ended, and said nothing more
    assert told.samples() == []
    assert m.Trouble.GIVEN_OUT not in [notice.trouble for notice in told.room.troubles()]
    told.close()


def test_who_wears_no_headband_is_told_too_when_looks_are_given(tmp_path: Path) -> None:
    clock, bus = HandClock(), Bus("headband", tmp_path, HandClock())
    room = HeadbandRoom(Acquisition(ScriptedHeadband(), clock), gestures.Rule(CYTON, 0.7), bus, is_worn=False)
    asked = m.GiveOut(request="1", signals=(Signal.GAZE,), until_ns=clock.now_ns() + seconds(5))
    room.asked(Asked(b"x", asked), clock.now_ns())
    room.turn(clock.now_ns())
    assert [notice.trouble for notice in room.troubles()] == [m.Trouble.GIVEN_OUT]
    bus.close()


def test_the_sign_stands_on_every_page_and_is_no_complaint() -> None:
    assert all(is_told(m.Trouble.GIVEN_OUT, mode) for mode in m.Mode)
    assert m.Trouble.GIVEN_OUT in status.NO_COMPLAINT


def test_it_stays_on_this_machine_unless_its_owner_has_set_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bytes] = []
    native = SimpleNamespace(lsl_set_config_content=told.append)
    monkeypatch.setattr(library, "loaded", lambda: SimpleNamespace(lib=SimpleNamespace(lib=native)))
    monkeypatch.delenv("LSLAPICFG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert library.keep_here() is not Path("/etc/lsl_api/lsl_api.cfg").exists()
    assert [b"ResolveScope = machine" in each for each in told] == [True] * len(told)
    (tmp_path / "lsl_api.cfg").write_text("[multicast]\nResolveScope = site\n")
    told.clear()
    assert not library.keep_here()
    assert told == []


def test_where_the_wearer_cannot_be_told_nothing_is_given(tmp_path: Path) -> None:
    given_out: list[Sent] = []
    with pytest.raises(Missing, match="no kit runs in"):
        giving_out.run(
            tmp_path,
            SystemClock(),
            lambda headband: giving_out.Giver(headband, SystemClock(), ALL),
            given_out.append,
            print,
        )
    assert given_out == []
    assert cli.main(["headband", "stream", "--runtime", str(tmp_path)]) == Missing.exit_code
