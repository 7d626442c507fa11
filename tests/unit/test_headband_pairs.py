"""How long two blinks wait for a third, and what spoils the quiet around them, to the sample."""

import msgspec
import numpy as np
import pytest

from unit.headband_replay import READY_S, blink, blinks, felt, kinds, seen
from unit.test_headband_gestures import as_muse
from vybor.contracts.messages import GestureKind
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import blink as lids
from vybor.headband.detecting import pairs
from vybor.headband.detecting.blink import Deflection, Lids
from vybor.headband.detecting.pairs import Pair, Patience, Train
from world.cyton_scalp import HZ

DOUBLE = GestureKind.DOUBLE_BLINK
NEVER = 10_000.0
"""Samples: a train whose blinks may lie as far apart as they like."""


def a_blink(onset: int, end: int, microvolts: float = 100.0) -> Deflection:
    return Deflection(onset, end, True, microvolts, 2.0, 0.1)


def closes_at(train: Train, longest: float, patience: Patience = pairs.USUAL) -> int | None:
    """The first sample at which there is a pair; 100 samples a second."""
    return next((at for at in range(1000) if pairs.closed(train, at, 100.0, longest, patience)[1]), None)


@pytest.mark.parametrize(
    ("second", "longest", "at"),
    [
        ((120, 130), NEVER, 158),  # .28 s after it has half opened
        ((130, 140), NEVER, 169),  # 1.45 times the gap of .2
        ((160, 170), NEVER, 243),
        ((160, 170), 70.0, 234),  # blinks of a train are .7 s apart, and another would be seen .04 s after
        ((120, 130), 20.0, 158),  # never less than the shortest quiet
    ],
)
def test_two_blinks_wait_as_long_as_a_third_may_come(second: tuple[int, int], longest: float, at: int) -> None:
    assert closes_at(Train((a_blink(100, 110), a_blink(*second)), second[0]), longest) == at


def test_the_wait_is_a_matter_of_patience() -> None:
    train = Train((a_blink(100, 110), a_blink(160, 170)), 160)
    assert closes_at(train, NEVER, Patience(0.1, 0.8)) == 210
    assert closes_at(train, NEVER, Patience(0.5, 0.8)) == 220


@pytest.mark.parametrize(
    ("first", "second", "is_pair"),
    [
        ((100, 110, 100.0), (117, 125, 100.0), False),
        ((100, 110, 100.0), (118, 125, 100.0), True),
        ((100, 110, 100.0), (150, 160, 40.0), True),
        ((100, 110, 100.0), (150, 160, 39.9), False),
        ((100, 110, 39.9), (150, 160, 100.0), False),
        ((100, 110, -40.0), (150, 160, -100.0), True),
        ((100, 110, 100.0), (150, 160, -100.0), False),
    ],
)
def test_two_blinks_are_alike_and_not_too_quick(
    first: tuple[int, int, float], second: tuple[int, int, float], is_pair: bool
) -> None:
    both = a_blink(*first), a_blink(*second)
    after, pair = pairs.closed(Train(both, second[0]), 400, 100.0, NEVER)
    assert pair == (Pair(*both) if is_pair else None)
    assert after.spoiled


def test_a_train_goes_on_as_long_as_onsets_lie_within_the_longest_gap() -> None:
    first = pairs.joined(Train(), a_blink(100, 110), 70.0)
    near, far = (pairs.joined(first, a_blink(at, at + 10), 70.0) for at in (170, 171))
    assert [len(each.blinks) for each in (near, far)] == [2, 1]
    third = pairs.joined(near, a_blink(240, 250), 70.0)
    assert (third.spoiled, closes_at(third, 70.0)) == (True, None)
    fourth = pairs.joined(third, a_blink(300, 310), 70.0)
    assert (fourth.spoiled, len(fourth.blinks)) == (True, 3)
    anew = pairs.joined(fourth, a_blink(500, 510), 70.0)
    assert (anew.spoiled, len(anew.blinks)) == (False, 1)


def test_what_is_no_blink_spoils_the_quiet_until_it_is_long_over() -> None:
    swing = msgspec.structs.replace(a_blink(100, 110), is_blink=False)
    train = pairs.joined(pairs.joined(Train(), swing, 70.0), a_blink(150, 160), 70.0)
    assert train.spoiled
    assert not pairs.joined(train, a_blink(221, 230), 70.0).spoiled
    assert pairs.spoiled(Train((), 300), 200) == Train((), 300, spoiled=True)
    assert pairs.spoiled(Train((), 100), 200) == Train((), 200, spoiled=True)


@pytest.mark.parametrize(
    ("trace", "microvolts", "is_one"),
    [
        ((0.0, 0.0, 24.0), 100.0, False),
        ((0.0, 0.0, 25.0), 100.0, True),
        ((0.0, 0.0, -25.0), -100.0, True),
        ((0.0, 0.0, -25.0), 100.0, False),
        ((25.0, 0.0, 0.0), 100.0, False),
        ((0.0, *(25.0,) * 8), 100.0, False),  # .08 s ago it was as high
        ((0.0, *(25.0,) * 7), 100.0, True),
        ((), 100.0, False),
    ],
)
def test_a_blink_that_is_on_its_way_is_felt_before_it_is_one(
    trace: tuple[float, ...], microvolts: float, is_one: bool
) -> None:
    now = Lids(hz=100.0, first=0, index=50, trace=trace)
    assert lids.begins(now, microvolts) is is_one


def test_a_pair_is_not_told_while_a_third_blink_begins() -> None:
    """Faint ones: the third begins just before the wait is over, and is below what counts when it is."""
    waited_s = closes_by(0.48, 80)
    for early_s in (0.05, 0.07):
        late = (READY_S + 0.48 + waited_s - early_s, blink(80))
        skin = felt([(READY_S, blinks(2, 0.2, 80)), late], READY_S + 3)
        assert kinds(seen(skin), DOUBLE) == [], early_s


def closes_by(rhythm_s: float, microvolts: float = 300) -> float:
    """How long after the second onset such a pair is told."""
    (found,) = kinds(seen(felt([(READY_S, blinks(2, rhythm_s - 0.28, microvolts))], READY_S + 3)), DOUBLE)
    return found.known / HZ - READY_S - rhythm_s


@pytest.mark.parametrize("rhythm_s", [0.55, 0.65])
def test_slow_pairs_wait_no_longer_than_blinks_of_a_train_lie_apart(rhythm_s: float) -> None:
    assert closes_by(rhythm_s) <= 0.7 + pairs.BEGUN_S + 0.06


def test_a_drift_against_the_blinks_spoils_no_double_blink() -> None:
    """An electrode that settles, by 250 microvolts within .6 s, just before."""
    acts = [(READY_S + 2 * place, blink(200)) for place in range(6)]
    two_s = READY_S + 14
    skin = felt([*acts, (two_s, blinks(2, microvolts=200))], two_s + 3)
    at_s = np.arange(skin.shape[1]) / HZ
    drift = -250 * np.clip((at_s - two_s + 0.7) / 0.6, 0, 1)
    skin[:2] += drift.astype(np.float32)
    assert len(kinds(seen(skin), DOUBLE)) == 1


def test_high_and_quick_blinks_are_not_taken_for_muscle_at_the_ears_of_a_muse() -> None:
    acts = [
        (READY_S + 3 * place + late_s, blink(500, duration_s=0.16)) for place in range(3) for late_s in (0.0, 0.4)
    ]
    assert len(kinds(seen(as_muse(felt(acts, READY_S + 10), 1.75), board=BY_NAME["muse_2016"]), DOUBLE)) == 3
