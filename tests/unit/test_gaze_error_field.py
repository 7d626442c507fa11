"""How far looks fall beside: an offset is learned from few places, a gain is told from it, nothing wild counts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.foundation.clock import seconds
from vybor.points.error_field import MOST, ErrorField, Known, corrected, looked
from vybor.points.fixation import Noise

BIAS = Noise(0.07, 0.12)
PLACES = ((0.5, 0.5), (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
INSIDE = st.floats(0, 1)


def known(x: float, y: float, error: tuple[float, float], at_ns: int = 0, sd: float = 0.01) -> Known:
    return Known(at_ns=at_ns, x=x, y=y, error_x=error[0], error_y=error[1], sd_x=sd, sd_y=sd)


def after(offset: tuple[float, float], gain: float = 0.0) -> ErrorField:
    field = ErrorField(BIAS)
    for x, y in PLACES:
        field = looked(field, known(x, y, (offset[0] + gain * (x - 0.5), offset[1] + gain * (y - 0.5))))
    return field


def test_of_a_fresh_calibration_nothing_is_taken_off() -> None:
    seen = corrected(ErrorField(BIAS), 0.3, 0.4, 0)
    assert (seen.x, seen.y, seen.bias) == (0.3, 0.4, BIAS)


@pytest.mark.parametrize("place", [(0.125, 0.2), (0.5, 0.5), (0.875, 0.79), (0.4, 1.04)])
def test_an_offset_is_taken_off_everywhere(place: tuple[float, float]) -> None:
    seen = corrected(after((0.06, -0.1)), place[0] + 0.06, place[1] - 0.1, 0)
    assert seen.x == pytest.approx(place[0], abs=0.02)
    assert seen.y == pytest.approx(place[1], abs=0.04)
    assert seen.bias.x < 0.6 * BIAS.x
    assert seen.bias.y < 0.7 * BIAS.y


@pytest.mark.parametrize("place", [(0.15, 0.15), (0.85, 0.5), (0.5, 0.85)])
def test_looks_that_are_drawn_to_the_middle_are_drawn_out_again(place: tuple[float, float]) -> None:
    gain = -0.2
    seen_at = [value + gain * (value - 0.5) for value in place]
    seen = corrected(after((0.0, 0.0), gain), seen_at[0], seen_at[1], 0)
    assert math.dist((seen.x, seen.y), place) < 0.12 * math.dist(seen_at, place)  # one round leaves a fifth


def test_what_was_known_grows_old() -> None:
    field = after((0.06, -0.1))
    ages = [corrected(field, 0.5, 0.5, seconds(60 * minutes)) for minutes in (0, 10, 120)]
    assert ages[0].bias.x < ages[1].bias.x < ages[2].bias.x <= BIAS.x
    assert ages[0].x < ages[2].x < 0.5  # less is taken off


def test_a_place_that_was_hardly_looked_at_says_nothing() -> None:
    field = after((0.01, 0.0))
    assert looked(field, known(0.5, 0.5, (0.5, 0.0))) is field
    assert looked(field, known(0.5, 0.5, (math.nan, 0.0))) is field


def test_the_newest_places_are_kept() -> None:
    field = ErrorField(BIAS)
    for number in range(MOST + 5):
        field = looked(field, known(0.5, 0.5, (0.01, 0.01), at_ns=number))
    assert len(field.known) == MOST
    assert field.known[0].at_ns == 5


def test_what_it_says_of_its_exactness_comes_true() -> None:
    """Errors drawn from offset, gain and what is around, as they are taken to be: two in three within one."""
    chance = np.random.default_rng(3)
    within = []
    for _ in range(150):
        offset = chance.normal(0, np.sqrt(0.5) * np.array([BIAS.x, BIAS.y]))
        slope = chance.normal(0, np.sqrt(0.25 * 1.5) * np.array([BIAS.x, BIAS.y])[:, None] * np.ones((2, 2)))

        def error(place: np.ndarray, offset: np.ndarray = offset, slope: np.ndarray = slope) -> np.ndarray:
            moved: np.ndarray = offset + slope @ (2 * place - 1)
            return moved

        field = ErrorField(BIAS)
        for place in map(np.array, PLACES):
            seen = error(place) + chance.normal(0, 0.01, 2)
            field = looked(field, known(place[0], place[1], (seen[0], seen[1])))
        place = chance.uniform(0.1, 0.9, 2)
        raw = place + error(place)
        got = corrected(field, raw[0], raw[1], 0)
        within += [abs(got.x - place[0]) < got.bias.x, abs(got.y - place[1]) < got.bias.y]
    assert 0.6 < np.mean(within) < 0.97


@given(
    st.lists(st.tuples(INSIDE, INSIDE, st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)), max_size=30), INSIDE, INSIDE
)
def test_whatever_was_looked_at_a_look_stays_a_look(
    places: list[tuple[float, float, float, float]], x: float, y: float
) -> None:
    field = ErrorField(BIAS)
    for number, (at_x, at_y, error_x, error_y) in enumerate(places):
        field = looked(field, known(at_x, at_y, (error_x, error_y), at_ns=number))
    seen = corrected(field, x, y, seconds(60))
    assert all(math.isfinite(value) for value in (seen.x, seen.y, seen.bias.x, seen.bias.y))
    assert 0 <= seen.bias.y <= 2 * BIAS.y


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 1e9])
@pytest.mark.parametrize("axis", [0, 1])
def test_what_is_no_place_says_nothing_on_either_axis(wrong: float, axis: int) -> None:
    field = after((0.01, 0.0))
    error = (wrong, 0.0) if axis == 0 else (0.0, wrong)
    assert looked(field, known(0.5, 0.5, error)) is field
