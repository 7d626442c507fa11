"""A picture on a panel that hangs turned: every pixel, every part of it, and the mouse."""

from collections.abc import Iterator

import pygame
import pytest

from unit.display_pages import light, page
from vybor.display.drawing.scene import Rect
from vybor.display.drawing.surface import Moved
from vybor.display.drawing.turning import Turn
from vybor.display.drawing.window import Window, open_window
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.settings import DisplaySettings

PICTURE = (800, 480)
every_turn = pytest.mark.parametrize("degrees", [0, 90, 180, 270])


@pytest.fixture
def window(degrees: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    opened = open_window(DisplaySettings(width=800, height=480, rotation=degrees), pointer=True)
    list(opened.happenings())
    yield opened
    opened.close()


def show(window: Window, showing: Showing) -> None:
    window.show(scene(showing, window.sheet, Words("en"), Ways()))


def on_panel() -> pygame.Surface:
    surface = pygame.display.get_surface()
    assert surface is not None
    return surface


@every_turn
def test_the_size_that_is_set_is_the_size_that_is_seen(window: Window, degrees: int) -> None:
    assert window.size == PICTURE
    assert on_panel().get_size() == (PICTURE if degrees % 180 == 0 else PICTURE[::-1])


@every_turn
def test_the_panel_shows_the_upright_picture_turned_also_when_only_a_part_is_new(
    window: Window, degrees: int
) -> None:
    """What is on the panel is turned back here by pygame, and must be what an upright window shows."""
    steps = (Showing(page()), Showing(page(), light(1)), Showing(page(), light(6, armed=True, pad_progress=0.5)))
    seen = []
    for showing in steps:
        show(window, showing)
        seen.append(pygame.image.tobytes(pygame.transform.rotate(on_panel(), degrees), "RGB"))
    window.close()
    upright = open_window(DisplaySettings(width=800, height=480), pointer=True)
    for showing, picture in zip(steps, seen, strict=True):
        show(upright, showing)
        assert pygame.image.tobytes(on_panel(), "RGB") == picture
    assert len(set(seen)) == len(steps)


@every_turn
def test_the_mouse_is_where_it_is_seen(window: Window, degrees: int) -> None:
    """A point of the upright picture is looked up on the panel by its colour, and the mouse put there."""
    show(window, Showing(page()))
    mark = Rect(600, 96, 1, 1)
    there = Turn(degrees).on_panel(mark, PICTURE)
    event = pygame.event.Event(
        pygame.MOUSEMOTION, pos=(there.x, there.y), rel=(1, 1), buttons=(0, 0, 0), touch=False
    )
    pygame.event.post(event)
    (moved,) = [happening for happening in window.happenings() if isinstance(happening, Moved)]
    assert (moved.x, moved.y) == pytest.approx((600.5 / 800, 96.5 / 480))


@every_turn
def test_four_parts_of_a_picture_cover_the_panel(degrees: int) -> None:
    turn = Turn(degrees)
    parts = [Rect(x, y, 400, 240) for x in (0, 400) for y in (0, 240)]
    placed = [turn.on_panel(part, PICTURE) for part in parts]
    width, height = turn.upright(PICTURE)
    assert sum(part.width * part.height for part in placed) == width * height
    assert {(part.x, part.y) for part in placed} == {(x, y) for x in (0, width // 2) for y in (0, height // 2)}


def test_a_panel_of_another_size_gets_a_new_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = open_window(DisplaySettings(width=800, height=480, rotation=90), pointer=True)
    try:
        show(window, Showing(page()))
        pygame.display.set_mode((600, 1024))
        assert window.size == (1024, 600)
        show(window, Showing(page()))
        turned_back = pygame.transform.rotate(on_panel(), 90)
        assert turned_back.get_size() == (1024, 600)
        assert turned_back.get_at((500, 60)) != turned_back.get_at((512, 300))
    finally:
        window.close()
