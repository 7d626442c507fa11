"""What flickers on the screen: exact square waves by frames, never a flash, and an end at anybody's word."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.display_pages import dot, page
from unit.test_display_window import Bus
from vybor.contracts import messages as m
from vybor.contracts.messages import FlickerStop
from vybor.display import flicker
from vybor.display.flicker import Refresh
from vybor.display.palette import THEMES, Colour
from vybor.display.process import Display
from vybor.display.scene import Rect
from vybor.display.window import Window, open_window
from vybor.foundation.bus import Heard
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.flicker_settings import HIGHEST, FlickerSettings
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings, Settings, Theme
from vybor.foundation.start import Start

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


class Panel:
    """A screen that is refreshed sixty times a second, and a clock that goes on while it is waited for."""

    def __init__(self) -> None:
        self.ns = float(seconds(1000))
        self.late_ns = 0.0

    def now_ns(self) -> int:
        return round(self.ns)

    def flip(self) -> None:
        frame = (self.ns + self.late_ns + 1) // PERIOD_NS + 1
        self.ns = frame * PERIOD_NS


class Kit:
    """A display on a panel, and what it says."""

    def __init__(self, folder: Path, window: Window, panel: Panel, settings: Settings) -> None:
        self.panel, self.window, self.bus = panel, window, Bus()
        places = Places(runtime=folder, state=folder, share=folder)
        start = Start(places=places, settings=settings, clock=panel, heart=NoHeartbeat())
        self.display = Display(start, self.bus, window)  # type: ignore[arg-type]
        self.said: m.Screen | None = None

    def hear(self, message: m.Message) -> None:
        self.said = message if isinstance(message, m.Screen) else self.said
        self.display.heard(Heard("core", message, 0), self.panel.now_ns())  # type: ignore[arg-type]

    def turn(self, *, is_silent: bool = False) -> float:
        """One turn; the core says again what it last said, unless it is silent."""
        if self.said and not is_silent:
            self.hear(self.said)
        return self.display.turn(self.panel.now_ns())

    def shown(self) -> m.Shown:
        return [said for said in self.bus.said if isinstance(said, m.Shown)][-1]


SETTINGS = Settings(
    display=DisplaySettings(width=800, height=480, switch_key="return"), flicker=FlickerSettings(on=True)
)
FLICKERING = page(flicker=(0, 1, 2))


@pytest.fixture
def panel() -> Panel:
    return Panel()


@pytest.fixture
def window(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    opened = open_window(SETTINGS.display, pointer=False)
    monkeypatch.setattr(opened, "flip", panel.flip)
    yield opened
    opened.close()


@pytest.fixture
def kit(tmp_path: Path, window: Window, panel: Panel) -> Kit:
    return Kit(tmp_path, window, panel, SETTINGS)


def ground(kit: Kit, slot: int) -> tuple[int, int, int]:
    """The colour of the corner of a field, where no word stands."""
    tile = next(tile for tile in FLICKERING.tiles if tile.slot == slot)
    field = flicker.field(kit.window.sheet.rect(tile.area), 800, 480)
    surface = pygame.display.get_surface()
    assert surface is not None
    red, green, blue, _ = surface.get_at((field.x + 1, field.y + 2))
    return red, green, blue


def test_each_tile_follows_its_square_wave_frame_by_frame(kit: Kit) -> None:
    kit.hear(FLICKERING)
    kit.turn()
    frames = [[ground(kit, slot) for slot in range(3)]]
    for _ in range(239):
        assert kit.turn() == 0.0  # the next frame is due at once
        frames.append([ground(kit, slot) for slot in range(3)])
    plain, bright = THEMES[Theme.DARK], flicker.brightened(THEMES[Theme.DARK], SETTINGS.flicker.contrast)
    for slot, period in enumerate((8, 6, 5)):
        expected = [
            (bright if flicker.is_bright(frame, period) else plain)[Colour.TILE] for frame in range(len(frames))
        ]
        assert [frame[slot] for frame in frames] == expected
    told = kit.shown()
    assert [(each.slot, each.hz) for each in told.flicker] == [
        (0, pytest.approx(7.5)),
        (1, pytest.approx(10.0)),
        (2, pytest.approx(12.0)),
    ]
    assert told.flicker_ns > 0
    assert told.flicker_stop is None


def pictures(kit: Kit, screens: Sequence[m.Screen]) -> bytes:
    for screen in screens:
        kit.hear(screen)
        for _ in range(3):
            if kit.turn() > 0:  # what flickers waits for the panel itself
                kit.panel.ns += PERIOD_NS
    return kit.window.picture()


def test_what_has_flickered_is_as_it_was_before(kit: Kit) -> None:
    before = pictures(kit, [page()])
    assert pictures(kit, [FLICKERING]) != before
    assert pictures(kit, [page()]) == before
    assert kit.shown().flicker == ()
    assert kit.shown().flicker_ns == 0


def test_words_that_change_flicker_on_and_are_read_as_ever(kit: Kit) -> None:
    pictures(kit, [FLICKERING])
    since_ns = kit.shown().flicker_ns
    other = ("perhaps", "never", "soon")
    flickering = {pictures(kit, [page(candidates=other, flicker=(0, 1, 2))]) for _ in range(8)}
    assert kit.shown().flicker_ns == since_ns
    assert len(flickering) > 2
    still = pictures(kit, [page(candidates=other)])
    assert pictures(kit, [page(), page(candidates=other)]) == still


@pytest.mark.parametrize("slots", [(0,), (1, 2), (0, 1, 2), (0, 9), (44,)])
def test_only_tiles_that_are_there_and_have_a_rhythm_flicker(kit: Kit, slots: tuple[int, ...]) -> None:
    pictures(kit, [page(flicker=slots)])
    assert [each.slot for each in kit.shown().flicker] == [slot for slot in slots if slot < 3]


def test_where_nothing_is_to_flicker_nothing_is_measured_drawn_or_said(
    tmp_path: Path, window: Window, panel: Panel
) -> None:
    off = Kit(tmp_path, window, panel, msgspec.structs.replace(SETTINGS, flicker=FlickerSettings()))
    before_ns = panel.ns
    assert pictures(off, [FLICKERING]) == pictures(off, [page()])
    assert off.shown().flicker == ()
    assert panel.ns - before_ns == pytest.approx(6 * PERIOD_NS)  # none was waited for


def test_with_little_motion_it_is_refused(tmp_path: Path, window: Window, panel: Panel) -> None:
    display = msgspec.structs.replace(SETTINGS.display, reduced_motion=True)
    calm = Kit(tmp_path, window, panel, msgspec.structs.replace(SETTINGS, display=display))
    assert pictures(calm, [FLICKERING]) == pictures(calm, [page()])


def test_a_screen_that_nobody_waits_for_is_refused(
    tmp_path: Path, window: Window, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "flip", lambda: None)
    hasty = Kit(tmp_path, window, panel, SETTINGS)
    assert pictures(hasty, [FLICKERING]) == pictures(hasty, [page()])
    assert hasty.shown().flicker_stop is FlickerStop.UNSTEADY


def test_a_display_that_is_late_too_often_stops_and_says_so(kit: Kit) -> None:
    before = pictures(kit, [page()])
    kit.hear(FLICKERING)
    kit.panel.late_ns = 2 * PERIOD_NS
    for _ in range(30):
        kit.turn()
    assert kit.shown().flicker_stop is FlickerStop.UNSTEADY
    assert kit.shown().flicker == ()
    kit.panel.late_ns = 0.0
    assert pictures(kit, [page()]) == before


def press(key: int, kind: int = pygame.KEYDOWN) -> None:
    pygame.event.post(pygame.event.Event(kind, key=key))


def test_escape_ends_it_at_once_and_for_good(kit: Kit) -> None:
    before = pictures(kit, [page()])
    pictures(kit, [FLICKERING])
    press(pygame.K_ESCAPE)
    kit.turn()
    assert kit.window.picture() == before
    assert kit.shown().flicker_stop is FlickerStop.UNWANTED
    assert pictures(kit, [page(), FLICKERING]) == before


def test_a_switch_that_is_held_ends_it_and_one_that_is_pressed_does_not(kit: Kit) -> None:
    pictures(kit, [FLICKERING])
    press(pygame.K_RETURN)
    kit.turn()
    press(pygame.K_RETURN, pygame.KEYUP)
    for _ in range(120):
        kit.turn()
    assert kit.shown().flicker_stop is None
    press(pygame.K_RETURN)
    for _ in range(62):
        kit.turn()
    assert kit.shown().flicker_stop is FlickerStop.UNWANTED
    assert [said for said in kit.bus.said if isinstance(said, m.SwitchPress)]  # it still chooses


def test_escape_where_nothing_flickers_does_nothing(kit: Kit) -> None:
    pictures(kit, [page()])
    press(pygame.K_ESCAPE)
    kit.turn()
    pictures(kit, [FLICKERING])
    assert kit.shown().flicker_stop is None


def test_a_dot_of_calibration_and_a_silent_core_end_it(kit: Kit) -> None:
    pictures(kit, [FLICKERING])
    kit.hear(dot(0))
    kit.turn()
    assert kit.shown().flicker == ()
    kit.panel.ns += seconds(3)
    kit.hear(FLICKERING)
    kit.turn()
    kit.panel.ns += PERIOD_NS
    kit.turn()
    assert kit.shown().flicker
    kit.panel.ns += seconds(1)
    kit.turn(is_silent=True)
    assert kit.shown().core_silent
    assert kit.shown().flicker == ()
