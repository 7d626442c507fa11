"""A clench stands alone; bites in a row are told and not believed, whatever their strength."""

import numpy as np
import pytest

from unit.headband_replay import READY_S, Microvolts, clench, felt, kinds, seen
from vybor.contracts import evidence
from vybor.contracts.messages import GestureKind
from vybor.headband.detecting import chewing, gestures
from vybor.headband.detecting.chewing import Bite, Judged, Mouth
from vybor.headband.detecting.clench import LONGEST_S, LOUD, QUIET, Burst
from world.cyton_scalp import HZ

CLENCH = GestureKind.CLENCH
BURST = Burst(onset=1000, end=1080, margin=4.0)


def row(pace_hz: float, count: int, lasts_s: float = 0.3, lone_s: float | None = None) -> Microvolts:
    """Bites on both sides in a row, and perhaps a clench some time after the last one's onset."""
    lasts_s = min(lasts_s, 0.45 / pace_hz) if count > 1 else lasts_s
    at_s = [READY_S + place / pace_hz for place in range(count)]
    if lone_s is not None:
        at_s.append(at_s[-1] + lone_s)
    return felt([(each, clench(lasts_s)) for each in at_s], at_s[-1] + 3)


def after(mouth: Mouth, strengths: list[float], first: int = 0) -> Mouth:
    for index, strength in enumerate(strengths, first):
        mouth = chewing.sample(mouth, index, strength, 100.0)
    return mouth


@pytest.mark.parametrize("pace_hz", [1.2, 1.6, 2.0, 2.4])
@pytest.mark.parametrize("count", [2, 5])
def test_bites_in_a_row_are_told_and_not_believed(pace_hz: float, count: int) -> None:
    found = kinds(seen(row(pace_hz, count)), CLENCH)
    assert len(found) == count
    assert {one.log_odds for one in found} == {evidence.CAP - gestures.IN_A_ROW}


def test_of_a_slow_row_the_first_bite_alone_may_be_taken_for_a_clench() -> None:
    first, *others = kinds(seen(row(0.85, 4)), CLENCH)
    assert first.log_odds == evidence.CAP
    assert [one.log_odds for one in others] == [evidence.CAP - gestures.IN_A_ROW] * 3


@pytest.mark.parametrize(("after_s", "is_believed"), [(1.0, False), (1.4, False), (1.6, True), (2.5, True)])
def test_a_clench_is_believed_once_the_row_before_it_is_over(after_s: float, is_believed: bool) -> None:
    found = kinds(seen(row(1.6, 4, lone_s=after_s)), CLENCH)
    assert (found[-1].log_odds == evidence.CAP) is is_believed


@pytest.mark.parametrize(("lasts_s", "known_s"), [(0.3, chewing.ALONE_S), (0.6, chewing.ALONE_S), (1.2, 1.32)])
def test_a_short_clench_waits_for_a_next_bite_and_a_long_one_does_not(lasts_s: float, known_s: float) -> None:
    (one,) = kinds(seen(row(1.0, 1, lasts_s)), CLENCH)
    assert (one.known - one.onset) / HZ == pytest.approx(known_s, abs=0.06)


def test_one_jaw_that_chews_spoils_a_clench_of_both() -> None:
    skin = row(1.6, 4)
    quiet = felt([], skin.shape[1] / HZ)
    ended = round((READY_S + 3 / 1.6 - 0.1) * HZ)
    skin[3, :ended] = quiet[3, :ended]
    (both,) = kinds(seen(skin), CLENCH)
    assert both.log_odds == evidence.CAP - gestures.IN_A_ROW


def test_a_clench_right_after_nothing_could_be_heard_is_not_believed() -> None:
    skin = felt([(READY_S + 2, clench()), (READY_S + 5, clench())], READY_S + 8)
    skin[2:4, round((READY_S + 1) * HZ) :][:, : HZ // 10] = np.nan
    assert [one.log_odds > 0 for one in kinds(seen(skin), CLENCH)] == [False, True]


def test_a_clench_whose_jaw_is_lost_before_it_is_known_is_never_told() -> None:
    skin = felt([(READY_S, clench(0.3))], READY_S + 3)
    skin[2:4, round((READY_S + 0.6) * HZ) :] = np.nan
    assert kinds(seen(skin), CLENCH) == []


def test_a_call_for_help_waits_for_nothing_and_is_spoiled_by_no_row() -> None:
    acts = [(READY_S + place / 1.6, clench(0.3)) for place in range(4)]
    skin = felt([*acts, (READY_S + 4 / 1.6, clench(4.0))], READY_S + 8)
    (held,) = kinds(seen(skin, hold_s=3.0), GestureKind.LONG_CLENCH)
    assert (held.known - held.onset) / HZ == pytest.approx(3.0, abs=0.01)
    assert held.log_odds > 2.0


def test_a_bite_begins_where_it_is_loud_goes_on_until_it_is_quiet_and_is_as_strong_as_it_was() -> None:
    mouth = after(Mouth(), [1.0, LOUD - 0.1, LOUD, 9.0, QUIET, LOUD, 8.0, QUIET - 0.1, QUIET, LOUD])
    assert mouth == Mouth((Bite(2, 9.0), Bite(9, LOUD)), is_loud=True)


def test_bites_are_forgotten_when_they_can_matter_no_more() -> None:
    mouth = after(Mouth((Bite(0, 9.0), Bite(150, 9.0))), [LOUD], first=round(chewing.REMEMBERED_S * 100) + 1)
    assert [bite.onset for bite in mouth.bites] == [150, 401]
    assert LONGEST_S + chewing.FARTHEST_S < chewing.REMEMBERED_S


@pytest.mark.parametrize(
    ("other", "is_alone"),
    [
        (Bite(1034, 20.0), True),
        (Bite(1035, 20.0), False),
        (Bite(1150, 20.0), False),
        (Bite(1151, 20.0), True),
        (Bite(966, 20.0), True),
        (Bite(965, 20.0), False),
        (Bite(850, 20.0), False),
        (Bite(849, 20.0), True),
        (Bite(960, 7.9), True),
        (Bite(960, 8.0), False),
    ],
)
def test_what_is_too_near_too_far_or_too_faint_makes_no_row(other: Bite, is_alone: bool) -> None:
    mouth = chewing.clenched(Mouth((Bite(998, 16.0), other)), BURST)
    left, told = chewing.judged(mouth, 1200, 100.0)
    assert told == (Judged(BURST, is_alone),)
    assert left.waiting == ()


def test_a_clench_is_judged_when_a_row_would_have_gone_on_or_has() -> None:
    mouth = chewing.clenched(Mouth((Bite(1000, 16.0),)), BURST)
    assert chewing.judged(mouth, 1089, 100.0) == (mouth, ())
    assert chewing.judged(mouth, 1090, 100.0)[1] == (Judged(BURST, True),)
    bitten = after(mouth, [9.0], first=1085)
    assert chewing.judged(bitten, 1085, 100.0)[1] == (Judged(BURST, False),)


@pytest.mark.parametrize(("deaf", "is_alone"), [(849, True), (850, False)])
def test_where_nothing_was_heard_a_bite_may_have_been(deaf: int, is_alone: bool) -> None:
    mouth = chewing.clenched(chewing.deafened(Mouth(is_loud=True, waiting=(BURST,)), deaf), BURST)
    assert (mouth.is_loud, mouth.waiting) == (False, (BURST,))
    assert chewing.judged(mouth, 1200, 100.0)[1] == (Judged(BURST, is_alone),)


def test_a_row_is_a_row_however_the_signal_is_cut() -> None:
    skin = row(1.6, 3, lone_s=2.0)
    assert seen(skin, cuts=[1]) == seen(skin)
