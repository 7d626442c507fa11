"""What flickers on the screen: in which rhythms, by which frames, how bright and how large; never a flash."""

import random
from collections.abc import Sequence
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.display.drawing import flicker
from vybor.display.drawing.flicker import Refresh
from vybor.display.drawing.palette import THEMES, Colour
from vybor.display.drawing.scene import Rect
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.flicker_settings import HIGHEST, FlickerSettings
from vybor.foundation.settings import Theme

PERIOD_NS = SECOND_NS / 60
STEADY = Refresh(PERIOD_NS, 0.01)
A_FLASH = 0.1
"""WCAG 2.3.1: a change of so much of the greatest relative luminance."""


def test_at_sixty_pictures_a_second_rhythms_are_exact_divisors() -> None:
    frames = flicker.rhythms(STEADY)
    assert [60 / each for each in frames] == [7.5, 10.0, 12.0]


@given(st.floats(24.0, 250.0))
def test_rhythms_stay_below_the_provocative_band_and_none_is_a_multiple(hz: float) -> None:
    rhythms = [hz / frames for frames in flicker.rhythms(Refresh(SECOND_NS / hz, 0.0))]
    assert len(rhythms) <= flicker.MOST
    assert rhythms == sorted(set(rhythms))
    assert all(7.0 - 1e-9 <= each <= 13.0 + 1e-9 for each in rhythms)
    assert all(other < 2 * each for each in rhythms for other in rhythms)


@pytest.mark.parametrize("frames", [4, 5, 6, 8])
def test_the_square_wave_repeats_after_its_frames_and_is_bright_for_half_of_them(frames: int) -> None:
    wave = [flicker.is_bright(frame, frames) for frame in range(10 * frames)]
    assert wave == wave[:frames] * 10
    assert sum(wave[:frames]) == (frames + 1) // 2
    assert sum(before != after for before, after in pairwise(wave[: frames + 1])) == 2


def test_the_refresh_is_the_median_of_flips_and_steady_or_not() -> None:
    steady = flicker.measured([round(place * PERIOD_NS) for place in range(60)])
    assert steady.hz == pytest.approx(60.0)
    assert steady.is_steady
    one_late = flicker.measured([round((place + (place > 30)) * PERIOD_NS) for place in range(60)])
    assert one_late.is_steady
    shaking = flicker.measured([round(place * PERIOD_NS + (place % 3) * 4e6) for place in range(60)])
    assert not shaking.is_steady
    assert not flicker.measured([place * 100_000 for place in range(60)]).is_steady  # nobody waits for a screen
    assert not flicker.measured([]).is_steady
    assert not flicker.measured([5, 5, 5]).is_steady


def test_frames_that_are_missed_are_counted_and_keep_the_phase() -> None:
    now = flicker.begun((0,), STEADY, 0)
    assert now is not None
    for flip in (1, 2, 4, 5):
        now = flicker.flipped(now, STEADY, round(flip * PERIOD_NS))
    assert now.frame == 5
    assert not flicker.is_unsteady(now)
    for flip in range(7, 40, 2):
        now = flicker.flipped(now, STEADY, round(flip * PERIOD_NS))
    assert flicker.is_unsteady(now)


def panel_lit(flips_ns: Sequence[float], refresh: Refresh = STEADY) -> tuple[list[list[float]], float | None]:
    """When each field became bright on a panel that flips at these times, and when it was stopped."""
    now = flicker.begun((0, 1, 2), refresh, 0)
    assert now is not None
    lit: list[list[float]] = [[] for _ in now.fields]
    before = (False,) * len(lit)
    for at_ns in flips_ns:
        for place, (is_bright, was) in enumerate(zip(now.bright, before, strict=True)):
            lit[place] += [at_ns] if is_bright and not was else []
        before = now.bright
        now = flicker.flipped(now, refresh, round(at_ns))
        if flicker.is_unsteady(now):
            return lit, at_ns
    return lit, None


def slowest_ns(lit: list[list[float]]) -> float:
    """The shortest time from becoming bright to becoming bright again, of all fields."""
    return min(after - before for field in lit for before, after in pairwise(field))


def even(hz: float, lasts_s: float = 3.0, from_ns: float = 0.0) -> list[float]:
    return [from_ns + (place + 1) * SECOND_NS / hz for place in range(round(lasts_s * hz))]


@pytest.mark.parametrize("hz", [63.2, 66, 70, 75, 90, 100, 120, 144, 165, 240, 1000, 20_000])
@pytest.mark.parametrize("begins_s", [0.0, 2.0])
def test_a_screen_that_is_faster_than_it_was_measured_is_stopped_before_anything_provokes(
    hz: float, begins_s: float
) -> None:
    usual = even(60, begins_s)
    lit, stopped_ns = panel_lit([*usual, *even(hz, 3.0, usual[-1] if usual else 0.0)])
    assert stopped_ns is not None
    assert stopped_ns < seconds(begins_s + 0.4)
    if begins_s:
        assert slowest_ns(lit) >= seconds(1 / 15)


@pytest.mark.parametrize("hz", [56.8, 50, 48, 40, 30, 24, 20])
def test_a_screen_that_is_slower_than_it_was_measured_is_stopped(hz: float) -> None:
    _, stopped_ns = panel_lit(even(hz))
    assert stopped_ns is not None
    assert stopped_ns < seconds(0.8)


@pytest.mark.parametrize("measured_hz", [24, 25, 30, 50, 60, 75, 90, 120, 144, 165, 240])
@pytest.mark.parametrize("times", [0.98, 1.0, 1.02])
def test_a_screen_that_is_as_it_was_measured_goes_on_in_its_exact_rhythm(measured_hz: float, times: float) -> None:
    refresh = Refresh(SECOND_NS / measured_hz, 0.0)
    dice = random.Random(7)
    flips = [at_ns + dice.uniform(-0.02, 0.02) * refresh.period_ns for at_ns in even(measured_hz * times, 20.0)]
    lit, stopped_ns = panel_lit(flips, refresh)
    assert stopped_ns is None
    for place, frames in enumerate(flicker.rhythms(refresh)):
        assert len(lit[place]) == -(-len(flips) // frames)


@pytest.mark.parametrize(
    "spreads", [(1.0, 0.78, 1.0, 1.22), (0.5, 1.5), (0.4, 1.6, 1.0), (0.8, 1.2), (0.3, 0.9), (1.0, 0.2, 1.0, 0.2)]
)
def test_flips_off_the_beat_are_unsteady_though_none_is_late(spreads: tuple[float, ...]) -> None:
    flips = list(accumulate(period * PERIOD_NS for period in spreads * 60))
    _, stopped_ns = panel_lit(flips)
    assert stopped_ns is not None
    assert stopped_ns < seconds(0.6)


@given(st.lists(st.floats(0.01, 3.0), min_size=100, max_size=300))
def test_whatever_a_screen_does_nothing_becomes_bright_again_too_soon(periods: list[float]) -> None:
    """Not even within a rhythm that is lost: the quickest of the last flips is what the next one may be."""
    flips = list(accumulate(period * PERIOD_NS for period in periods))
    lit, _ = panel_lit(flips)
    assert all(
        after - before >= flicker.TURNS_AGAIN_NS - PERIOD_NS for each in lit for before, after in pairwise(each)
    )


@pytest.mark.parametrize(("measured_hz", "hz"), [(25, 31), (50, 62), (26, 33)])
def test_the_quickest_of_the_last_flips_says_how_soon_the_next_may_come(measured_hz: float, hz: float) -> None:
    refresh = Refresh(SECOND_NS / measured_hz, 0.0)
    usual = even(measured_hz, 2.0)
    lit, stopped_ns = panel_lit([*usual, *even(hz, 3.0, usual[-1])], refresh)
    assert stopped_ns is not None
    assert slowest_ns(lit) >= seconds(1 / 15)


def test_the_first_flip_says_where_the_screen_is_and_is_neither_late_nor_early() -> None:
    for periods in (0.1, 0.5, 2.5):
        now = flicker.begun((0,), STEADY, 0)
        assert now is not None
        now = flicker.flipped(now, STEADY, round(periods * PERIOD_NS))
        assert (now.frame, now.late, now.early) == (1, 0.0, 0)


def test_one_flip_that_is_told_late_and_the_early_one_after_it_change_nothing() -> None:
    flips = [at_ns + (0.4 * PERIOD_NS if place % 40 == 20 else 0.0) for place, at_ns in enumerate(even(60, 20.0))]
    lit, stopped_ns = panel_lit(flips)
    assert stopped_ns is None
    assert [len(each) for each in lit] == [150, 200, 240]


def test_what_is_painted_between_makes_no_flash_more() -> None:
    """Two hundred and forty pictures a second, and a bar that grows: each time all is dark for one."""
    refresh = Refresh(SECOND_NS / 240, 0.0)
    now = flicker.begun((0, 1, 2), refresh, 0)
    assert now is not None
    lit: list[list[float]] = [[], [], []]
    before = (False,) * 3
    for place, at_ns in enumerate(even(240)):
        if place % 16 == 15:
            now, before = flicker.repainted(now, round(at_ns)), (False,) * 3
            continue
        for which, (is_bright, was) in enumerate(zip(now.bright, before, strict=True)):
            lit[which] += [at_ns] if is_bright and not was else []
        before = now.bright
        now = flicker.flipped(now, refresh, round(at_ns))
    assert all(len(each) > 3 for each in lit)
    assert slowest_ns(lit) >= seconds(1 / 15)


@pytest.mark.parametrize(
    ("spread", "steady"), [(0.0, True), (0.09, True), (0.12, False), (0.2, False), (0.3, False)]
)
def test_a_screen_is_steady_within_a_tenth_of_a_period(spread: float, steady: bool) -> None:
    flips = list(accumulate(PERIOD_NS * (1 + (spread if place % 2 else -spread)) for place in range(60)))
    found = flicker.measured([round(at_ns) for at_ns in flips])
    assert Refresh(PERIOD_NS, spread).is_steady is steady
    assert found.is_steady is (steady and spread == 0.0)  # of two kinds of periods, one is two spreads off


@pytest.mark.parametrize(
    ("hz", "steady"), [(20, False), (24.1, True), (60, True), (249, True), (260, False), (400, False)]
)
def test_what_is_no_panel_is_not_steady(hz: float, steady: bool) -> None:
    assert flicker.measured([round(at_ns) for at_ns in even(hz)]).is_steady is steady


def test_every_place_keeps_its_rhythm_whatever_else_flickers() -> None:
    alone, all_of_them = flicker.begun((2,), STEADY, 0), flicker.begun((0, 1, 2), STEADY, 0)
    assert flicker.told(alone, STEADY) == flicker.told(all_of_them, STEADY)[2:]
    assert flicker.begun((7,), STEADY, 0) is None
    assert flicker.begun((0,), Refresh(PERIOD_NS, 0.5), 0) is None


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("contrast", [0.02, 0.05, HIGHEST])
def test_no_theme_flashes_nor_turns_red(theme: Theme, contrast: float) -> None:
    palette = THEMES[theme]
    bright = flicker.brightened(palette, contrast)
    for colour in Colour:
        before, after = palette[colour], bright[colour]
        change = abs(flicker.luminance(after) - flicker.luminance(before))
        assert change < A_FLASH
        assert (before != after) is (colour in flicker.GROUNDS)
        if before != after:
            assert len({new - old for old, new in zip(before, after, strict=True)}) == 1  # a grey
            assert after[0] / max(1, sum(after)) < 0.8  # no saturated red (WCAG)


@pytest.mark.parametrize("theme", [theme for theme in Theme if theme is not Theme.NIGHT])
def test_words_can_be_read_while_their_ground_is_bright(theme: Theme) -> None:
    bright = flicker.brightened(THEMES[theme], FlickerSettings().contrast)
    for ground in flicker.GROUNDS:
        lighter, darker = sorted((flicker.luminance(bright[ground]), flicker.luminance(bright[Colour.INK])))[::-1]
        assert (lighter + 0.05) / (darker + 0.05) >= 6


def test_luminance_is_that_of_wcag() -> None:
    assert flicker.luminance((0, 0, 0)) == 0.0
    assert flicker.luminance((255, 255, 255)) == pytest.approx(1.0)
    assert flicker.luminance((255, 0, 0)) == pytest.approx(0.2126)


@given(st.integers(1, 2000), st.integers(1, 2000))
def test_a_field_lies_within_its_tile_and_all_of_them_are_a_ninth_at_most(width: int, height: int) -> None:
    tile = Rect(10, 20, width, height)
    found = flicker.field(tile, 2000, 2000)
    assert found.common(tile) == found
    assert flicker.MOST * found.width * found.height <= 2000 * 2000 / 9
