"""Lids, jaw, electrodes and gaps together: what one of them says of the other."""

import math
from collections import Counter

import numpy as np
import pytest

from unit.headband_replay import CYTON, READY_S, Microvolts, blink, blinks, chunk, clench, felt, kinds, seen
from vybor.contracts import evidence
from vybor.contracts.messages import GestureKind
from vybor.headband import believing
from vybor.headband.detecting import cutting, gestures
from vybor.headband.detecting.template import Own
from world.cyton_scalp import HZ, muscle_shape

BLINK, DOUBLE, CLENCH = GestureKind.BLINK, GestureKind.DOUBLE_BLINK, GestureKind.CLENCH


def with_a_gap(skin: Microvolts, from_s: float, lasts_s: float) -> list[gestures.Seen]:
    """What is seen where samples were lost."""
    rule = gestures.Rule(CYTON, pair_s=0.7)
    start, end = round(from_s * HZ), round((from_s + lasts_s) * HZ)
    state, before = gestures.step(None, chunk(0, skin[:, :start]), rule)
    _, after = gestures.step(state, chunk(end, skin[:, end:]), rule)
    return [*before, *after]


@pytest.mark.parametrize(("lasts_s", "count"), [(0.3, 1), (0.6, 0)])
def test_after_a_short_gap_it_goes_on_and_after_a_longer_one_it_learns_anew(lasts_s: float, count: int) -> None:
    skin = felt([(READY_S + 2.5, blinks(2))], READY_S + 5)
    assert len(kinds(with_a_gap(skin, READY_S + 0.5, lasts_s), DOUBLE)) == count


def test_blinks_just_before_a_clench_are_its_own() -> None:
    single = felt([(READY_S, blink()), (READY_S + 0.42, clench())], READY_S + 3)
    assert Counter(one.kind for one in seen(single)) == {CLENCH: 1}
    double = felt([(READY_S, blinks(2)), (READY_S + 0.85, clench())], READY_S + 4)
    assert kinds(seen(double), DOUBLE) == []


def test_muscle_that_begins_before_a_double_blink_is_known_vetoes_it() -> None:
    """At the jaws alone, when the second blink by itself is not known either."""
    skin = felt([(READY_S, blinks(2, 0.05))], READY_S + 3)
    assert len(kinds(seen(skin), DOUBLE)) == 1
    at = round((READY_S + 0.74) * HZ)
    skin[2:4, at : at + HZ // 2] += muscle_shape(np.random.default_rng(1), HZ // 2)[2:4].astype(np.float32)
    assert kinds(seen(skin), DOUBLE) == []


def test_a_blink_whose_electrodes_are_lost_before_it_is_known_is_never_told() -> None:
    skin = felt([(READY_S, blink(300))], READY_S + 3)
    assert len(kinds(seen(skin), BLINK)) == 1
    skin[:2, round((READY_S + 0.32) * HZ) :] = np.nan
    assert seen(skin) == []


def test_a_clench_of_which_one_jaw_is_lost_before_it_is_known_is_never_told() -> None:
    skin = felt([(READY_S, clench(0.3))], READY_S + 3)
    assert len(kinds(seen(skin), CLENCH)) == 1
    skin[3, round((READY_S + 0.6) * HZ) :] = np.nan
    assert kinds(seen(skin), CLENCH) == []


def test_a_bite_in_a_row_is_likelier_none_however_strong_and_nothing_is_surer_than_the_cap() -> None:
    skin = felt([(READY_S + 0.6 * place, clench(0.3)) for place in range(3)], READY_S + 4)
    assert all(one.log_odds < 0 for one in kinds(seen(skin), CLENCH))
    rule = gestures.Rule(CYTON, pair_s=0.7, own=Own(clench_margin=1_000.0))
    _, noticed = gestures.step(None, chunk(0, skin), rule)
    bites = [one for one in noticed if one.kind is CLENCH]
    assert [believing.believed(one, believing.Known(rule.own)).log_odds for one in bites] == [-evidence.CAP] * 3


def test_alpha_hides_no_blink_that_is_four_times_as_high() -> None:
    skin = felt([(READY_S + 2 * place, blink(160)) for place in range(3)], READY_S + 7)
    skin[:2] += (40 * np.sin(2 * np.pi * 10 * np.arange(skin.shape[1]) / HZ)).astype(np.float32)
    assert len(kinds(seen(skin), BLINK)) == 3


def test_two_blinks_of_unlike_heights_are_believed_less() -> None:
    even = felt([(READY_S, blink(75)), (READY_S + 0.48, blink(75))], READY_S + 3)
    uneven = felt([(READY_S, blink(150)), (READY_S + 0.48, blink(75))], READY_S + 3)
    (like,), (unlike,) = (kinds(seen(each), DOUBLE) for each in (even, uneven))
    higher = 2 * math.log2(unlike.height / like.height)
    assert unlike.log_odds <= like.log_odds + higher - 0.5


def test_samples_are_numbers_as_far_as_the_converter_goes() -> None:
    felt_now = np.array([[np.nan, np.inf, -np.inf, 1e9, -1e9, 7.0]], np.float32)
    told = cutting.numbers(felt_now, 100.0)
    assert np.array_equal(told, [[np.nan, np.nan, np.nan, 100.0, -100.0, 7.0]], equal_nan=True)


def test_samples_are_cut_where_blocks_end_and_missing_ones_are_held() -> None:
    signal = np.arange(12.0).reshape(1, 12)
    assert [piece.shape[1] for piece in cutting.pieces(7, signal, 5)] == [3, 5, 4]
    missing = np.array([[True, False, True, True]])
    assert cutting.held(np.array([9.0]), np.array([[np.nan, 1.0, np.nan, np.nan]]), missing).tolist() == [
        [9, 1, 1, 1]
    ]
