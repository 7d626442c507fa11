"""A person's own blinks and clenches, turns of the head, and raised brows."""

import itertools

import msgspec
import numpy as np
import pytest

from unit.headband_replay import CYTON, READY_S, Microvolts, blinks, chunk, clench, felt, kinds
from vybor.contracts import evidence
from vybor.contracts.messages import GestureKind
from vybor.headband.detecting import gestures, template
from vybor.headband.detecting.template import Own
from vybor.headband.port import Motion
from world.cyton_scalp import HZ, muscle_shape

GYRO_HZ = 52.0


def seen(
    skin: Microvolts, rule: gestures.Rule, turning: tuple[float, float] | None = None, offset: float = 4.0
) -> list[gestures.Seen]:
    """The gestures in a signal, with a gyroscope if the head is said to turn between two seconds."""
    state: gestures.Sensing | None = None
    found: list[gestures.Seen] = []
    for start, end in itertools.pairwise([*range(0, skin.shape[1], 25), skin.shape[1]]):
        piece = chunk(start, skin[:, start:end])
        if turning is not None:
            piece = msgspec.structs.replace(piece, motion=motion(start / HZ, end / HZ, turning, offset))
        state, noticed = gestures.step(state, piece, rule)
        found.extend(noticed)
    return found


def motion(from_s: float, to_s: float, turning: tuple[float, float], offset: float) -> Motion:
    first, last = round(from_s * GYRO_HZ), round(to_s * GYRO_HZ)
    at_s = np.arange(first, last) / GYRO_HZ
    gyro = np.full((3, last - first), offset, np.float32)
    gyro[2, (at_s >= turning[0]) & (at_s <= turning[1])] += 90.0
    period_ns = 1e9 / GYRO_HZ
    return Motion(
        first=first,
        gyro=gyro,
        accel=np.zeros_like(gyro),
        at_ns=round(first * period_ns),
        period_ns=period_ns,
    )


@pytest.mark.parametrize("offset", [0.0, 4.0, -25.0])
def test_blinks_that_come_with_a_turn_of_the_head_are_not_believed(offset: float) -> None:
    skin = felt([(READY_S, blinks(2)), (READY_S + 3, blinks(2))], READY_S + 6)
    rule = gestures.Rule(CYTON, pair_s=0.7)
    still = seen(skin, rule, (90.0, 91.0), offset)
    turned = seen(skin, rule, (READY_S + 0.1, READY_S + 0.5), offset)
    assert len(kinds(still, GestureKind.DOUBLE_BLINK)) == 2
    (left,) = kinds(turned, GestureKind.DOUBLE_BLINK)
    assert left.onset / HZ == pytest.approx(READY_S + 3, abs=0.1)
    assert [one for one in turned if one.onset / HZ < READY_S + 2] == []


def test_a_gyroscope_that_says_nothing_vetoes_nothing() -> None:
    skin = felt([(READY_S, blinks(2))], READY_S + 3)
    rule = gestures.Rule(CYTON, pair_s=0.7)
    assert kinds(seen(skin, rule, (READY_S, READY_S + 1), np.nan), GestureKind.DOUBLE_BLINK)


def test_a_double_blink_of_another_height_or_rhythm_is_believed_less() -> None:
    skin = felt([(READY_S, blinks(2, microvolts=300))], READY_S + 3)
    (usual,) = kinds(seen(skin, gestures.Rule(CYTON, pair_s=0.7)), GestureKind.DOUBLE_BLINK)
    mine = Own(blink_microvolts=usual.height, rhythm_s=usual.width_s)
    odds = [
        kinds(seen(skin, gestures.Rule(CYTON, pair_s=0.7, own=own)), GestureKind.DOUBLE_BLINK)[0].log_odds
        for own in (
            mine,
            msgspec.structs.replace(mine, blink_microvolts=usual.height * 4),
            msgspec.structs.replace(mine, rhythm_s=usual.width_s / 4),
        )
    ]
    assert odds[0] == usual.log_odds == evidence.CAP
    assert odds[1] < 1.0
    assert odds[2] < 1.0


def test_a_clench_that_is_weaker_than_this_persons_is_believed_less_and_a_stronger_one_is_not() -> None:
    own = Own(clench_margin=8.0)
    assert template.doubt_of_clench(own, 8.0) == template.doubt_of_clench(own, 30.0) == 0.0
    assert template.doubt_of_clench(own, 2.0) == pytest.approx(1.5 * template.PER_OCTAVE)
    assert template.doubt_of_clench(Own(), 2.0) == 0.0


def forehead(lasts_s: float) -> Microvolts:
    """A forehead's muscle that works for so long, where the jaw rests."""
    skin = felt([], READY_S + 4)
    length = round(lasts_s * HZ)
    burst = muscle_shape(np.random.default_rng(3), length)
    at = round(READY_S * HZ)
    skin[:2, at : at + length] += (4 * burst[:2]).astype(np.float32)
    return skin


def test_raised_brows_are_told_where_that_is_wanted() -> None:
    skin = forehead(0.6)
    wanted = seen(skin, gestures.Rule(CYTON, pair_s=0.7, brow=True))
    (brow,) = kinds(wanted, GestureKind.BROW)
    assert brow.onset / HZ == pytest.approx(READY_S, abs=0.1)
    assert 0 < brow.log_odds <= evidence.CAP - gestures.BROW < evidence.CAP
    assert kinds(seen(skin, gestures.Rule(CYTON, pair_s=0.7)), GestureKind.BROW) == []


@pytest.mark.parametrize("lasts_s", [0.1, 2.5])
def test_a_twitch_and_a_frown_are_no_raised_brows(lasts_s: float) -> None:
    assert kinds(seen(forehead(lasts_s), gestures.Rule(CYTON, pair_s=0.7, brow=True)), GestureKind.BROW) == []


def test_a_clench_moves_the_forehead_and_raises_no_brows() -> None:
    skin = felt([(READY_S + 3 * place, clench()) for place in range(3)], READY_S + 9)
    found = seen(skin, gestures.Rule(CYTON, pair_s=0.7, brow=True))
    assert {one.kind for one in found} == {GestureKind.CLENCH}


def test_where_the_jaw_cannot_be_heard_no_brows_are_told() -> None:
    skin = forehead(0.6)
    skin[2:4] = np.nan
    assert kinds(seen(skin, gestures.Rule(CYTON, pair_s=0.7, brow=True)), GestureKind.BROW) == []


def test_a_jaw_that_is_much_louder_than_the_other_is_believed_less() -> None:
    skin = felt([(READY_S, clench())], READY_S + 3)
    quiet = felt([], READY_S + 3)
    uneven = skin.copy()
    uneven[2] = quiet[2] + 3 * (skin[2] - quiet[2])
    rule = gestures.Rule(CYTON, pair_s=0.7)
    (even,), (chewed,) = (kinds(seen(each, rule), GestureKind.CLENCH) for each in (skin, uneven))
    assert even.log_odds == evidence.CAP
    assert chewed.log_odds < even.log_odds
