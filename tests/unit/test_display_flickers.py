"""Tiles that flicker, on a screen that nobody sees: exact square waves, and an end at anybody's word."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import pygame
import pytest

from unit.display_flicker_kit import FLICKERING, PERIOD_NS, SETTINGS, Kit, Panel
from unit.display_pages import dot, light, page
from vybor.contracts import messages as m
from vybor.contracts.messages import FlickerStop, Mode
from vybor.display.drawing import flicker
from vybor.display.drawing.palette import THEMES, Colour
from vybor.display.drawing.window import Window, open_window
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.flicker_settings import FlickerSettings
from vybor.foundation.settings import Theme


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


OTHERS = {
    "the menu": page(Mode.MENU),
    "rest": page(Mode.REST),
    "other words": page(candidates=("perhaps", "never", "soon")),
    "fewer words": page(candidates=("perhaps",)),
    "the kit": page(Mode.KIT),
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("frames", range(1, 9))
def test_whatever_comes_after_it_is_drawn_as_if_nothing_had_flickered(
    kit: Kit, tmp_path: Path, name: str, frames: int
) -> None:
    pictures(kit, [page()])
    usual = pictures(kit, [OTHERS[name]])
    pictures(kit, [page()])
    kit.hear(FLICKERING)
    for _ in range(frames):
        kit.turn()
        kit.panel.ns += 0 if kit.shown().flicker else PERIOD_NS
    assert pictures(kit, [OTHERS[name]]) == usual


@pytest.mark.parametrize("frames", range(1, 9))
def test_a_tile_that_is_lit_meanwhile_goes_dark_again(kit: Kit, frames: int) -> None:
    usual = pictures(kit, [page()])
    pictures(kit, [FLICKERING])
    kit.hear(light(1, armed=True))
    for _ in range(frames):
        kit.turn()
    kit.hear(m.Highlight(at_ns=1, offer=1, slot=None))
    for _ in range(3):
        kit.turn()
    assert pictures(kit, [page()]) == usual


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


@pytest.mark.parametrize("hz", [30, 75, 90, 120, 144, 240, 1000])
@pytest.mark.parametrize("turns", [1, 120])
def test_a_panel_that_gets_another_rate_stops_it_and_the_page_is_as_it_was(
    kit: Kit, hz: float, turns: int
) -> None:
    before = pictures(kit, [page()])
    kit.hear(FLICKERING)
    for _ in range(turns):
        kit.turn()
    assert kit.shown().flicker
    kit.panel.period_ns, began_ns = SECOND_NS / hz, kit.panel.ns
    while kit.shown().flicker and kit.panel.ns < began_ns + seconds(1):
        kit.turn()
    assert kit.panel.ns - began_ns < seconds(0.35 if hz > 60 else 0.5)
    assert kit.shown().flicker_stop is FlickerStop.UNSTEADY
    assert pictures(kit, [page(), FLICKERING]) == before


def test_a_panel_of_which_every_second_picture_was_measured_does_not_flicker_twice_as_fast(
    tmp_path: Path, window: Window, panel: Panel
) -> None:
    panel.period_ns = 2 * PERIOD_NS
    halved = Kit(tmp_path, window, panel, SETTINGS)
    panel.period_ns, began_ns = PERIOD_NS, panel.ns
    pictures(halved, [FLICKERING, FLICKERING])
    assert halved.shown().flicker_stop is FlickerStop.UNSTEADY
    assert panel.ns - began_ns < seconds(0.2)


def lights_up(kit: Kit, turns: int, screens: Sequence[m.Screen] = ()) -> list[float]:
    """When the first word's field became bright in so many turns, one of the screens said at each."""
    found: list[float] = []
    before = ground(kit, 0)
    for place in range(turns):
        if screens:
            kit.hear(screens[place % len(screens)])
        if kit.turn() > 0:
            kit.panel.ns += kit.panel.period_ns
        now = ground(kit, 0)
        found += [kit.panel.ns] if sum(now) > sum(before) else []
        before = now
    return found


def test_what_begins_and_ends_again_and_again_flashes_no_faster(kit: Kit) -> None:
    pictures(kit, [page()])
    one_less = page(flicker=(0, 1))
    for screens in ([FLICKERING, FLICKERING, page(), page()], [FLICKERING, one_less]):
        lit = lights_up(kit, 240, screens)
        assert 1 < len(lit) <= 12
        assert min(after - before for before, after in pairwise(lit)) >= seconds(0.4)


MEANWHILE: dict[str, Callable[[int], m.Message]] = {
    "a bar that grows": lambda time: light(1, armed=True, pad_progress=time / 20),
    "what nobody sees": lambda time: msgspec.structs.replace(FLICKERING, offer=time),
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_what_is_painted_meanwhile_makes_no_flash_more(
    tmp_path: Path, window: Window, panel: Panel, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Each time something is, one picture comes in which nothing is bright."""
    panel.period_ns = SECOND_NS / 240
    kit = Kit(tmp_path, window, panel, SETTINGS)
    seen: list[tuple[float, int]] = []

    def flip(_changed: object = None) -> None:
        panel.flip()
        seen.append((panel.ns, sum(ground(kit, 0))))

    pictures(kit, [page()])
    monkeypatch.setattr(window, "flip", flip)
    monkeypatch.setattr(pygame.display, "update", flip)
    kit.hear(FLICKERING)
    for time in range(20):
        kit.hear(MEANWHILE[name](time))
        for _ in range(16):
            kit.turn()
    lit = [at_ns for (_, before), (at_ns, now) in pairwise(seen) if now > before]
    assert kit.shown().flicker_stop is None
    assert len(lit) > 5
    assert min(after - before for before, after in pairwise(lit)) >= seconds(1 / 15)


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
    for _ in range(54):
        kit.turn()
    assert kit.shown().flicker_stop is None  # a slow press is a press
    for _ in range(8):
        kit.turn()
    assert kit.shown().flicker_stop is FlickerStop.UNWANTED
    assert [said for said in kit.bus.said if isinstance(said, m.SwitchPress)]  # it still chooses


def test_a_hold_that_begins_while_a_sentence_is_typed_out_ends_it_too(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(kit, [FLICKERING])
    monkeypatch.setattr(kit.display._text_out, "may_be_typed", lambda now_ns: True)
    press(pygame.K_RETURN)
    for _ in range(64):
        kit.turn()
    assert kit.shown().flicker_stop is FlickerStop.UNWANTED
    assert not [said for said in kit.bus.said if isinstance(said, m.SwitchPress)]


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


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_panel_that_hangs_turned_flickers_too_and_is_as_it_was_after(
    tmp_path: Path, panel: Panel, monkeypatch: pytest.MonkeyPatch, rotation: int
) -> None:
    settings = msgspec.structs.replace(
        SETTINGS, display=msgspec.structs.replace(SETTINGS.display, rotation=rotation)
    )
    turned = open_window(settings.display, pointer=False)
    monkeypatch.setattr(turned, "flip", panel.flip)
    kit = Kit(tmp_path, turned, panel, settings)

    def on_panel() -> bytes:
        surface = pygame.display.get_surface()
        assert surface is not None
        return pygame.image.tobytes(surface, "RGB")

    pictures(kit, [page()])
    before = on_panel()
    kit.hear(FLICKERING)
    seen = set()
    for _ in range(24):
        kit.turn()
        seen.add(on_panel())
    assert len(seen) == 8  # every mixture of three that are bright or not
    pictures(kit, [page()])
    assert on_panel() == before
    turned.close()
