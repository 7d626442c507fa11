"""When a jaw is loud, for how long, and how loud on its weaker side: on muscle that is drawn."""

import msgspec
import numpy as np
import pytest

from vybor.headband.detecting import clench
from vybor.headband.detecting.clench import BASELINE_BLOCKS, LOUD, Burst, Jaw

HZ = 100
USUAL = 2.0
READY_S = 5.0
FALLS_S = 0.08
"""About how long the power takes to follow."""


def heard(*parts: tuple[float, float], hold_s: float = 0.0, other: float = 1.0) -> tuple[Jaw, list[Burst]]:
    """A jaw at rest, then so many times as loud for so many seconds; the other side's share of it."""
    jaw, bursts = clench.begin(HZ, 0, hold_s), []
    loudness = np.concatenate([np.full(round(lasts_s * HZ), times) for times, lasts_s in ((1.0, READY_S), *parts)])
    for index, times in enumerate(loudness):
        sign = 1.0 if index % 2 else -1.0
        sides = (sign * USUAL * times, sign * USUAL * (max(1.0, times * other)))
        jaw, burst = clench.sample(jaw, sides)
        bursts += [burst] if burst else []
        if (index + 1) % (HZ // 10) == 0:
            jaw = clench.block_over(jaw)
    return jaw, bursts


REST = (1.0, 1.0)


def test_how_loud_it_is_usually_is_known_after_two_seconds() -> None:
    jaw = clench.begin(HZ, 0)
    for index in range(2 * HZ):
        assert (jaw.baseline, jaw.stronger) == ((), 0.0)
        jaw, _ = clench.sample(jaw, (50.0, 50.0))
        jaw = clench.block_over(jaw) if index % 10 == 9 else jaw
    assert jaw.baseline == pytest.approx((50.0, 50.0))
    jaw, _ = heard()
    assert jaw.baseline == pytest.approx((USUAL, USUAL))
    assert jaw.stronger == pytest.approx(1.0)


@pytest.mark.parametrize(("times", "count"), [(LOUD - 0.1, 0), (LOUD + 0.1, 1)])
def test_a_clench_is_four_times_as_loud_as_usual(times: float, count: int) -> None:
    _, bursts = heard((times, 0.6), REST)
    assert len(bursts) == count
    assert [one.margin for one in bursts] == pytest.approx([times / LOUD] * count, rel=0.01)


@pytest.mark.parametrize(("other", "count"), [(0.45, 0), (0.55, 1)])
def test_the_weaker_side_has_to_be_loud_and_its_share_is_told(other: float, count: int) -> None:
    jaw, bursts = heard((8.0, 0.6), other=other)
    assert bursts == []
    assert jaw.stronger == pytest.approx(8.0, rel=0.01)
    _, bursts = heard((8.0, 0.6), REST, other=other)
    assert [one.balance for one in bursts] == pytest.approx([other] * count, abs=0.02)


@pytest.mark.parametrize(("lasts_s", "count"), [(0.12, 0), (0.3, 1), (1.5, 1), (1.8, 0)])
def test_a_clench_lasts_neither_too_short_nor_too_long(lasts_s: float, count: int) -> None:
    _, bursts = heard((8.0, lasts_s), REST)
    assert len(bursts) == count
    for one in bursts:
        assert one.onset == pytest.approx(READY_S * HZ, abs=3)
        assert one.end == pytest.approx((READY_S + lasts_s + FALLS_S) * HZ, abs=5)


def test_it_goes_on_until_it_is_half_as_loud_as_it_began() -> None:
    _, bursts = heard((8.0, 0.4), (2.2, 0.2), (8.0, 0.4), REST)
    assert len(bursts) == 1
    _, bursts = heard((8.0, 0.4), (1.5, 0.3), (8.0, 0.4), REST)
    assert len(bursts) == 2


def test_an_amplifier_is_never_quieter_than_a_microvolt() -> None:
    jaw = clench.begin(HZ, 0)
    for index in range(4 * HZ):
        jaw, _ = clench.sample(jaw, (0.1 * (-1) ** index,))
        jaw = clench.block_over(jaw) if index % 10 == 9 else jaw
    assert jaw.baseline == (1.0,)


def test_what_is_loud_for_long_becomes_the_usual_and_a_clench_does_not() -> None:
    short, _ = heard((8.0, 1.6))
    assert len(short.history[0]) == pytest.approx(READY_S * 10, abs=2)
    long, _ = heard((8.0, 22.0))
    assert len(long.history[0]) == BASELINE_BLOCKS
    assert long.baseline == pytest.approx((16.0, 16.0))
    held, _ = heard((8.0, 4.0), hold_s=3.0)
    assert len(held.history[0]) == pytest.approx(READY_S * 10, abs=2)


def test_a_held_clench_is_told_once_while_it_lasts_by_how_loud_it_was_all_in_all() -> None:
    jaw, bursts = heard((8.0, 1.0), (4.0, 3.0), hold_s=2.0)
    (held,) = bursts
    assert (held.is_held, held.end - held.onset) == (True, 2 * HZ)
    assert held.margin == pytest.approx(6.0 / LOUD, rel=0.05)
    assert jaw.loud_since is not None
    assert heard((8.0, 1.9), REST, hold_s=2.0)[1] == []


@pytest.mark.parametrize(("after_s", "is_known"), [(2.7, True), (3.3, False)])
def test_for_three_seconds_it_is_known_when_it_was_loud(after_s: float, is_known: bool) -> None:
    began = round(READY_S * HZ)
    last, _ = heard((8.0, 0.5), (1.0, after_s - 0.4), (8.0, 0.4), (1.0, 0.4))
    assert clench.loud_between(last, began, began + 10) is is_known


def test_loud_is_loud_up_to_its_ends_and_as_long_as_it_goes_on() -> None:
    jaw = Jaw(hz=HZ, index=500, louds=((100, 150),))
    told = [clench.loud_between(jaw, *span) for span in ((50, 99), (50, 100), (150, 200), (151, 200))]
    assert told == [False, True, True, False]
    going_on = msgspec.structs.replace(jaw, loud_since=400)
    assert [clench.loud_between(going_on, 200, last) for last in (399, 400)] == [False, True]


def test_what_cannot_be_believed_ends_what_was_loud() -> None:
    jaw, _ = heard((8.0, 0.5))
    deaf = clench.blinded(jaw)
    assert (deaf.loud_since, deaf.power) == (None, ())
    assert clench.loud_between(deaf, jaw.index - 5, jaw.index)
