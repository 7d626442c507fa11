"""How far a headband's signs are believed: by a fitting, by what was learned, and by which of both is newer."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.headband_replay import CYTON, READY_S, Microvolts, blinks, chunk, clench, felt, kinds
from unit.headband_replay import seen as replayed
from unit.test_headband_acquisition import HandClock, ScriptedHeadband
from vybor.contracts import evidence
from vybor.contracts import messages as m
from vybor.contracts.messages import GestureKind
from vybor.contracts.numbers import SignsNumbers
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, HeadbandSettings, Settings
from vybor.headband import believing
from vybor.headband.believing import Belief
from vybor.headband.detecting import gestures, template
from vybor.headband.detecting.gestures import Seen
from vybor.headband.detecting.template import Own
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.process import HeadbandRoom, message, own
from vybor.selector import weigh
from world.cyton_scalp import HZ

DOUBLE, CLENCH = GestureKind.DOUBLE_BLINK, GestureKind.CLENCH
FITTED = Own(blink_microvolts=200.0, rhythm_s=0.4, clench_margin=4.0)
SETTINGS = Settings(headband=HeadbandSettings(blink_microvolts=400.0, blink_rhythm_s=0.4))


def double(log_odds: float, height: float = 200.0, rhythm_s: float = 0.4) -> Seen:
    return Seen(DOUBLE, 0, 1, 2, log_odds, height, rhythm_s)


def test_nothing_learned_leaves_all_to_the_fitting() -> None:
    known = believing.known(FITTED, SignsNumbers())
    assert known.own == FITTED
    unlike = double(1.25, height=100.0)  # an octave: .75 was taken
    assert believing.believed(unlike, known) == Belief(plain=2.0, log_odds=1.25)
    single = Seen(GestureKind.BLINK, 0, 1, 2, evidence.UNASKED, 90.0, 0.1)
    assert believing.believed(single, known) == Belief(evidence.UNASKED, evidence.UNASKED)


def test_what_was_learned_of_a_kind_stands_in_the_fittings_place_and_of_the_other_that_holds() -> None:
    known = believing.known(FITTED, SignsNumbers(blink_rhythm_s=0.6, blink_shift=0.5))
    assert known.own == Own(blink_microvolts=0.0, rhythm_s=0.6, clench_margin=4.0)
    told = believing.believed(double(2.0, height=20.0, rhythm_s=0.6), known)
    assert told == Belief(plain=2.0, log_odds=2.5)
    weak = Seen(CLENCH, 0, 1, 2, 1.0, 2.0)
    assert believing.believed(weak, known).log_odds == 1.0


def test_nothing_is_believed_further_than_the_best_that_was_ever_measured() -> None:
    known = believing.known(Own(), SignsNumbers(blink_shift=1.0))
    assert believing.believed(double(2.8), known).log_odds == evidence.CAP


@given(
    plain=st.floats(-3, 3),
    height=st.floats(30, 1500),
    rhythm_s=st.floats(0.15, 1.5),
    numbers=st.builds(
        SignsNumbers,
        blink_microvolts=st.none() | st.floats(30, 1500),
        blink_rhythm_s=st.none() | st.floats(0.15, 1.5),
        blink_shift=st.floats(-1, 1),
    ),
)
def test_the_surest_sign_that_is_like_the_person_s_chooses_whatever_was_learned(
    plain: float, height: float, rhythm_s: float, numbers: SignsNumbers
) -> None:
    known = believing.known(Own(), numbers)
    assert believing.of_plain(DOUBLE, plain, (height, rhythm_s), known) <= evidence.CAP
    like = (numbers.blink_microvolts or height, numbers.blink_rhythm_s or rhythm_s)
    surest = believing.of_plain(DOUBLE, evidence.CAP, like, known)
    assert weigh.is_meant(0.93, surest, CommitSettings()), "where the tile is not quite sure, too"


@pytest.mark.parametrize("certainty", [0.5, 0.9, 0.94, 0.95, 0.96])
@pytest.mark.parametrize("kind", [DOUBLE, CLENCH])
def test_the_surest_sign_chooses_however_much_certainty_is_asked_for(kind: GestureKind, certainty: float) -> None:
    learned = SignsNumbers(blink_shift=-1.0, clench_shift=-1.0)
    rule = CommitSettings(certainty=certainty)
    surest = believing.of_plain(kind, evidence.CAP, (100.0, 0.4), believing.known(Own(), learned, certainty))
    assert weigh.is_meant((1 + certainty) / 2, surest, rule)
    assert (surest == evidence.CAP - 1) is (certainty <= 0.9), "where it does no harm it is taken wholly"


def test_where_the_surest_sign_does_not_choose_by_itself_nothing_is_taken_and_nothing_given() -> None:
    assert believing.least_shift(0.99) == 0.0


@given(
    shift=st.floats(-1, 1),
    certainty=st.floats(0.5, 0.99),
    margin=st.floats(1, 100),
    own_margin=st.sampled_from([0.0, 4.0, 8.0]),
)
def test_a_bite_in_a_row_chooses_nothing_whatever_was_learned_even_with_a_look_at_the_edge(
    shift: float, certainty: float, margin: float, own_margin: float
) -> None:
    known = believing.known(Own(clench_margin=own_margin), SignsNumbers(clench_shift=shift), certainty)
    doubt = template.doubt_of_clench(known.own, margin)
    bite = Seen(CLENCH, 0, 1, 2, evidence.log_odds(margin) - gestures.IN_A_ROW - doubt, margin)
    told = believing.believed(bite, known)
    assert told == Belief(-evidence.CAP, -evidence.CAP)
    rule = CommitSettings(certainty=certainty)
    assert not weigh.is_meant(1.0, told.log_odds, rule)
    if certainty >= 0.7:
        assert not weigh.is_meant(1.0, told.log_odds + 0.75 * weigh.of_pad(rule), rule)


@pytest.mark.parametrize("own_margin", [0.0, 4.0, 8.0])
def test_what_a_weak_clench_would_be_worth_of_anybody_is_told_as_it_is(own_margin: float) -> None:
    """Uneven, and a fifth of what is usual of the person: all of it is added up before it is held to the cap."""
    its = Own(clench_margin=own_margin)
    for others in (1.5, 3.0, 6.0):
        plain = evidence.log_odds(1.1) - others
        weak = Seen(CLENCH, 0, 1, 2, plain - template.doubt_of_clench(its, 1.1), 1.1)
        told = believing.believed(weak, believing.Known(its))
        assert told.plain == pytest.approx(max(-evidence.CAP, plain))
        assert told.log_odds == max(-evidence.CAP, weak.log_odds)


def test_the_detector_tells_height_and_rhythm_of_a_double_blink_and_takes_what_is_said_here_to_be_taken() -> None:
    skin = felt([(READY_S, blinks(2, gap_s=0.12, microvolts=300))], READY_S + 3)
    (plain,) = kinds(replayed(skin), DOUBLE)
    strange = Own(blink_microvolts=plain.height * 3, rhythm_s=plain.width_s * 2)
    (taken,) = kinds(with_own(skin, strange), DOUBLE)
    told = message(taken, chunk(0, skin[:, :1]), believing.known(strange, SignsNumbers()))
    assert told.rhythm_s == pytest.approx(0.4, abs=0.05)
    assert told.height == pytest.approx(plain.height, abs=0.01)
    assert taken.log_odds < plain.log_odds - 1
    assert told.log_odds == pytest.approx(taken.log_odds, abs=0.001)
    assert told.plain == pytest.approx(plain.log_odds, abs=0.001)


def test_and_likewise_of_a_clench() -> None:
    skin = felt([(READY_S, clench())], READY_S + 3)
    (plain,) = kinds(replayed(skin), CLENCH)
    stronger = Own(clench_margin=plain.height * 4)
    (taken,) = kinds(with_own(skin, stronger), CLENCH)
    told = message(taken, chunk(0, skin[:, :1]), believing.known(stronger, SignsNumbers()))
    assert taken.log_odds < plain.log_odds
    assert (told.plain, told.rhythm_s) == (pytest.approx(plain.log_odds, abs=0.001), 0.0)

    row = felt([(READY_S + 0.6 * place, clench(0.3)) for place in range(3)], READY_S + 4)
    strange = believing.known(stronger, SignsNumbers())
    bites = [message(one, chunk(0, row[:, :1]), strange) for one in kinds(with_own(row, stronger), CLENCH)]
    assert [(one.plain, one.log_odds) for one in bites] == [(-evidence.CAP, -evidence.CAP)] * 3


def with_own(skin: Microvolts, its: Own) -> list[Seen]:
    rule = gestures.Rule(CYTON, pair_s=0.7, own=its)
    return [*gestures.step(None, chunk(0, skin), rule)[1]]


# --- the room -----------------------------------------------------------------------------------------------


class Room:
    """A headband's room that felt a double blink; what it says of the next one."""

    def __init__(self, runtime: Path, settings: Settings) -> None:
        self.clock = HandClock()
        acquisition = Acquisition(ScriptedHeadband(), self.clock)
        self.bus = Bus("headband", runtime, self.clock)
        rule = gestures.Rule(CYTON, 0.7, own=own(settings.headband))
        self.room = HeadbandRoom(acquisition, rule, self.bus, settings)

    def hears(self, message_: m.AnyMessage) -> Own:
        self.room.heard(Heard("core", message_, 0), self.clock.now_ns())
        return self.room._rule.own


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    found = Room(tmp_path, SETTINGS)
    yield found
    found.bus.close()


LEARNED = SignsNumbers(blink_microvolts=120.0, blink_rhythm_s=0.6, fitting=1)
FIRST = m.Fitted(at_ns=1, fittings=1)


def test_what_was_learned_since_the_last_fitting_holds_and_one_made_later_wins(room: Room) -> None:
    of_settings = Own(blink_microvolts=400.0, rhythm_s=0.4)
    assert room.hears(FIRST) == of_settings
    assert room.hears(m.SignsWorn(at_ns=2, numbers=LEARNED)) == Own(blink_microvolts=120.0, rhythm_s=0.6)
    value = m.FitValue(key="headband.blink_microvolts", value=90.0, was=400.0)
    later = m.Fitted(at_ns=3, values=(value,), fittings=2)
    assert room.hears(later) == Own(blink_microvolts=90.0, rhythm_s=0.4)
    assert room.hears(m.SignsWorn(at_ns=4, numbers=LEARNED)) == Own(blink_microvolts=90.0, rhythm_s=0.4)
    again = msgspec.structs.replace(LEARNED, fitting=2)
    assert room.hears(m.SignsWorn(at_ns=5, numbers=again)) == Own(blink_microvolts=120.0, rhythm_s=0.6)
    assert room.hears(m.SignsWorn(at_ns=6, numbers=SignsNumbers())) == Own(blink_microvolts=90.0, rhythm_s=0.4)
    assert room.hears(m.Worn(at_ns=7)) == Own(blink_microvolts=90.0, rhythm_s=0.4), "nothing else is heard"


def test_who_wants_nothing_learned_is_believed_by_the_fitting_alone(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(
        SETTINGS, headband=msgspec.structs.replace(SETTINGS.headband, learned=False)
    )
    room = Room(tmp_path, settings)
    room.hears(FIRST)
    assert room.hears(m.SignsWorn(at_ns=2, numbers=LEARNED)) == Own(blink_microvolts=400.0, rhythm_s=0.4)
    room.bus.close()


def test_what_was_learned_takes_no_more_than_the_certainty_of_the_settings_leaves(tmp_path: Path) -> None:
    room = Room(tmp_path, msgspec.structs.replace(SETTINGS, commit=CommitSettings(certainty=0.96)))
    room.hears(m.SignsWorn(at_ns=1, numbers=SignsNumbers(blink_shift=-1.0)))
    told = message(double(evidence.CAP), chunk(0, np.zeros((8, 1), np.float32)), room.room._known)
    assert evidence.CAP - 1 < told.log_odds < evidence.CAP
    assert weigh.is_meant(0.98, told.log_odds, CommitSettings(certainty=0.96))
    room.bus.close()


def test_what_is_told_on_the_bus_is_believed_by_what_was_learned(tmp_path: Path) -> None:
    clock, headband = HandClock(), ScriptedHeadband()
    acquisition = Acquisition(headband, clock)
    bus, core = Bus("headband", tmp_path, clock), Bus("core", tmp_path, clock, [m.Gesture])
    room = HeadbandRoom(acquisition, gestures.Rule(CYTON, 0.7), bus)
    room.heard(Heard("generator", m.SignsWorn(at_ns=1, numbers=SignsNumbers(blink_shift=-1.0)), 0), 1)
    skin = felt([(READY_S, blinks(2, microvolts=300))], READY_S + 3)
    told: list[m.Gesture] = []
    began_ns = clock.now_ns() - seconds(1)
    for start in range(0, skin.shape[1], HZ):
        one = np.ascontiguousarray(skin[:, start : start + HZ])
        headband.reads.append((chunk(start, one, began_ns=began_ns),))
        acquisition.turn()
        room.turn(clock.now_ns())
        clock.at_ns += seconds(1)
        arrived = [got.message for _ in range(3) for got in core.receive(0.02) if isinstance(got, Heard)]
        told += [each for each in arrived if isinstance(each, m.Gesture) and each.kind is DOUBLE]
    bus.close()
    core.close()
    (one,) = told
    assert one.plain == evidence.CAP
    assert one.log_odds == evidence.CAP - 1
