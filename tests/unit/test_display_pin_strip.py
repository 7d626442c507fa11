"""The PIN for the carer's page on the kit's own screen: whole wherever it stands, and in nobody's way."""

import msgspec
import pytest

from unit.display_pages import light, on_zones, page
from unit.test_display_showing import BEGAN_NS, after, heard
from unit.test_display_view import composed, said
from vybor.contracts import messages as m
from vybor.display.showing import PANEL_SILENT_NS, Showing, hear, showing

PIN = m.PanelStatus(at_ns=1, pin="482913", certificate="3A9F 11B2 77E0 41CC")
TOLD = "PIN 482 913, certificate 3A9F 11B2 77E0 41CC…"
SIZES = [(480, 320), (800, 480), (1280, 720), (480, 800)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("zones", [10, 8, 6, 4, 2])
def test_it_is_whole_beside_tiles_that_stay_where_they_are(size: tuple[int, int], zones: int) -> None:
    screen = on_zones(page(), zones) if zones < 10 else page()
    with_it = composed(Showing(screen, light(2), panel=PIN), size)
    without = composed(Showing(screen, light(2)), size)
    assert TOLD in said(with_it.patches[-1])
    assert with_it.patches[1:-1] == without.patches[1:]
    band, strip = with_it.patches[0].rect, with_it.patches[-1].rect
    assert band.height > 0
    assert (band.bottom, strip.bottom) == (strip.y, without.patches[0].rect.bottom)


@pytest.mark.parametrize("size", SIZES)
def test_it_is_whole_where_there_are_no_tiles(size: tuple[int, int]) -> None:
    starting = after(heard(), 3)
    for shown in (starting, Showing(page(), core_silent=True), Showing()):
        drawn = composed(msgspec.structs.replace(shown, panel=PIN), size)
        *others, strip = drawn.patches
        assert TOLD in said(strip)
        assert (strip.rect.bottom, drawn.height) == (size[1], size[1])
        assert all(patch.rect.bottom <= strip.rect.y for patch in others)


def test_text_and_pin_share_the_middle() -> None:
    text = said(composed(Showing(page(), panel=PIN)).patches[0])
    assert "Good morning" in text


def test_it_goes_when_nobody_is_asked_any_more_and_when_the_page_is_gone() -> None:
    known = heard(page(), PIN)
    assert after(known, 0.1).panel == PIN
    assert after(hear(known, m.PanelStatus(at_ns=2), BEGAN_NS), 0.1).panel is None
    fresh = hear(known, page(), BEGAN_NS + PANEL_SILENT_NS)
    assert showing(fresh, BEGAN_NS + PANEL_SILENT_NS).panel == PIN
    assert showing(fresh, BEGAN_NS + PANEL_SILENT_NS + 1).panel is None


def test_dots_are_looked_at_without_it() -> None:
    known = heard(page(), PIN, m.CalibrationTarget(at_ns=1, dot=2, dots=9))
    assert after(known, 0.1).panel is None


def test_another_pin_looks_different_and_the_same_said_again_does_not() -> None:
    shown = Showing(page(), panel=PIN)
    assert shown.looks_like(Showing(page(), panel=msgspec.structs.replace(PIN, at_ns=9)))
    assert not shown.looks_like(Showing(page(), panel=msgspec.structs.replace(PIN, pin="482914")))
    assert not shown.looks_like(Showing(page()))


OFF = m.PowerAsked(at_ns=1, wish=m.PowerWish.OFF, left_s=25)
AGAIN = m.PowerAsked(at_ns=1, wish=m.PowerWish.RESTART, left_s=10)
STOP = {"en": "Choose anything to stop it.", "ru": "Любой выбор остановит."}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("zones", [10, 8, 6, 4, 2])
@pytest.mark.parametrize("asked", [OFF, AGAIN])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_the_wearer_can_stop_is_whole_beside_tiles(
    size: tuple[int, int], zones: int, asked: m.PowerAsked, language: str
) -> None:
    screen = msgspec.structs.replace(on_zones(page(), zones) if zones < 10 else page(), language=language)
    drawn = composed(Showing(screen, light(2), power=asked), size)
    told = said(drawn.patches[-1])
    assert str(asked.left_s) in told
    assert STOP[language] in told
    assert drawn.patches[1:-1] == composed(Showing(screen, light(2)), size).patches[1:]
    assert drawn.patches[0].rect.height > 0


def test_what_the_wearer_can_stop_goes_before_a_pin() -> None:
    told = said(composed(Showing(page(), panel=PIN, power=OFF)).patches[-1])
    assert STOP["en"] in told
    assert "PIN" not in told


@pytest.mark.parametrize("end", [end for end in m.PowerEnd if end is not m.PowerEnd.WAITS])
def test_it_goes_when_it_is_stopped_or_done_and_when_core_is_gone(end: m.PowerEnd) -> None:
    known = heard(page(), OFF)
    assert after(known, 0.1).power == OFF
    assert after(hear(known, msgspec.structs.replace(OFF, end=end), BEGAN_NS), 0.1).power is None
    assert after(hear(known, m.PowerAsked(at_ns=2), BEGAN_NS), 0.1).power is None
    assert after(known, 5).power is None


def test_another_count_looks_different_and_the_same_said_again_does_not() -> None:
    shown = Showing(page(), power=OFF)
    assert shown.looks_like(Showing(page(), power=msgspec.structs.replace(OFF, at_ns=9)))
    assert not shown.looks_like(Showing(page(), power=msgspec.structs.replace(OFF, left_s=20)))
    assert not shown.looks_like(Showing(page(), power=AGAIN))
