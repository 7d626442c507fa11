"""What flickers on the screen: in which rhythms, by which frames, how bright and how large; never a flash."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.display import flicker
from vybor.display.flicker import Refresh
from vybor.display.palette import THEMES, Colour
from vybor.display.scene import Rect
from vybor.foundation.clock import SECOND_NS
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
