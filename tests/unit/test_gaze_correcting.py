"""Tiles that were taken teach how far looks fall beside; looks of another time, and too few, do not."""

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.points import correcting as c
from vybor.points.fixation import Fixation, Noise

BIAS, NOISE = Noise(0.05, 0.1), Noise(0.01, 0.02)
FRAME_NS = seconds(1 / 15)
AREA = m.Area(left=0.25, top=0.1, right=0.5, bottom=0.31)
TOLD = m.LookedAt(at_ns=seconds(9), area=AREA, from_ns=seconds(1), until_ns=seconds(2))


def after_looks(error: tuple[float, float], begin_s: float = 1.0, for_s: float = 1.0) -> c.Correcting:
    known = c.begin(BIAS, NOISE)
    for number in range(round(for_s * 15)):
        known = c.saw(known, seconds(begin_s) + number * FRAME_NS, 0.375 + error[0], 0.205 + error[1])
    return known


def here(known: c.Correcting) -> m.GazePoint:
    return c.point(known, Fixation(x=0.4, y=0.3, looks=5, at_ns=seconds(3)), seconds(3))


def test_a_tile_that_was_taken_moves_the_next_looks_and_makes_them_more_exact() -> None:
    before, after = here(c.begin(BIAS, NOISE)), here(c.looked(after_looks((0.05, 0.1)), TOLD))
    assert (before.x, before.y) == (0.4, 0.3)
    assert after.x < 0.39
    assert after.y < 0.26
    assert after.sd_x < before.sd_x
    assert after.sd_y < before.sd_y


def test_looks_of_another_time_teach_nothing() -> None:
    known = after_looks((0.05, 0.1), begin_s=4.0)
    assert c.looked(known, TOLD) is known


def test_two_looks_teach_nothing() -> None:
    known = after_looks((0.05, 0.1), for_s=2 / 15)
    assert c.looked(known, TOLD) is known


@pytest.mark.parametrize("side", ["right", "bottom"])
def test_a_tile_without_a_size_teaches_nothing(side: str) -> None:
    flat = msgspec.structs.replace(AREA, **{side: 0.0})
    known = after_looks((0.05, 0.1))
    assert c.looked(known, msgspec.structs.replace(TOLD, area=flat)) is known


def test_a_look_on_the_way_counts_for_nothing() -> None:
    steady = after_looks((0.02, 0.02))
    jumpy = c.saw(steady, seconds(1.97), 0.9, 0.9)
    assert here(c.looked(jumpy, TOLD)).x == pytest.approx(here(c.looked(steady, TOLD)).x, abs=1e-3)


def test_looks_of_long_ago_are_forgotten() -> None:
    known = c.saw(after_looks((0.0, 0.0)), seconds(2) + c.KEPT_NS, 0.5, 0.5)
    assert all(look.at_ns >= seconds(2) for look in known.raw)


@pytest.mark.parametrize("looks", [1, 5])
def test_the_point_says_how_exact_it_is_and_how_much_of_that_stands(looks: int) -> None:
    seen = c.point(c.begin(BIAS, NOISE), Fixation(x=0.5, y=0.5, looks=looks, at_ns=1), 1)
    assert seen.sd_x == pytest.approx((BIAS.x**2 + NOISE.x**2 / looks) ** 0.5)
    assert seen.sd_y == pytest.approx((BIAS.y**2 + NOISE.y**2 / looks) ** 0.5)
    assert (seen.standing_x, seen.standing_y) == (BIAS.x, BIAS.y)


def test_looks_that_follow_each_other_at_once_say_no_more_for_being_many() -> None:
    """A camera of twice the pictures does not see twice as exactly where somebody looks."""
    wide = Noise(1.0, 1.0)
    few, many = (c.begin(BIAS, wide), c.begin(BIAS, wide))
    for number in range(31):
        many = c.saw(many, seconds(1) + number * seconds(1 / 30), 0.4, 0.2)
        if number % 2 == 0:
            few = c.saw(few, seconds(1) + number * seconds(1 / 30), 0.4, 0.2)
    (from_few,), (from_many,) = c.looked(few, TOLD).field.known, c.looked(many, TOLD).field.known
    assert from_many.sd_x == pytest.approx(from_few.sd_x)
    assert from_few.sd_x == pytest.approx((1 / 6 + (c.WITHIN_TILE * 0.25) ** 2) ** 0.5, rel=0.01)


def test_looks_before_those_at_the_tile_teach_nothing_of_it() -> None:
    steady, known = after_looks((0.02, 0.02)), c.begin(BIAS, NOISE)
    for number in range(40):
        known = c.saw(known, seconds(0.2) + number * seconds(0.015), 0.325, 0.105)
    for look in steady.raw:
        known = c.saw(known, look.at_ns, look.x, look.y)
    assert here(c.looked(known, TOLD)) == here(c.looked(steady, TOLD))
