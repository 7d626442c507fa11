"""The colours of a display that runs: by the clock, and on wish."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pygame
import pytest

from unit.display_pages import light, page, sheet
from unit.test_display_window import Bus, Clock
from vybor.contracts import messages as m
from vybor.display.palette import THEMES, Colour
from vybor.display.process import Display
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.display.window import Window, open_window
from vybor.display.words import Words
from vybor.foundation.bus import Asked, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings, Settings, Theme
from vybor.foundation.start import Start

LIGHT = DisplaySettings(width=800, height=480, theme=Theme.LIGHT, night="22:00-07:00")


class Room:
    """A display at a time of day."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.clock, self.bus, self.minutes = Clock(), Bus(), 12 * 60
        places = Places(runtime=folder, state=folder, share=folder)
        start = Start(places=places, settings=Settings(display=LIGHT), clock=self.clock, heart=NoHeartbeat())
        self.display = Display(start, self.bus, window, lambda: self.minutes)
        self.display.heard(Heard("core", page(), 0), self.clock.ns)
        self.turn()

    def turn(self) -> list[m.Message]:
        self.clock.ns += seconds(0.05)
        self.display.heard(Heard("core", page(), 0), self.clock.ns)
        self.bus.said.clear()
        self.display.turn(self.clock.ns)
        return list(self.bus.said)

    def asked(self, theme: str) -> m.Reply:
        self.display.asked(Asked(b"test", m.WearTheme(request=theme, theme=theme)), self.clock.ns)
        self.turn()
        return self.bus.answers[-1]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Room]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = open_window(LIGHT, pointer=False)
    list(window.happenings())
    yield Room(window, tmp_path)
    window.close()


def ground() -> tuple[int, ...]:
    """The colour between two tiles."""
    surface = pygame.display.get_surface()
    assert surface is not None
    return tuple(surface.get_at((0, 0)))[:3]


def test_the_settings_colours_are_worn_from_the_first_picture(room: Room) -> None:
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


def test_when_the_night_begins_everything_is_drawn_anew_and_nothing_new_is_said(room: Room) -> None:
    room.minutes = 22 * 60
    assert room.turn() == []
    assert ground() == THEMES[Theme.NIGHT][Colour.GROUND]
    room.minutes = 7 * 60
    assert room.turn() == []
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


def test_a_wish_is_done_at_once_and_taken_back(room: Room) -> None:
    assert room.asked("night") == m.Done(request="night")
    assert ground() == THEMES[Theme.NIGHT][Colour.GROUND]
    assert isinstance(room.asked("contrast"), m.Done)
    assert ground() == THEMES[Theme.CONTRAST][Colour.GROUND]
    assert isinstance(room.asked(""), m.Done)
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


def test_a_theme_that_does_not_exist_is_refused_in_a_sentence(room: Room) -> None:
    assert room.asked("pink") == m.Refused(
        request="pink", reason="there is no theme pink; there are dark, light, contrast, night"
    )
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


@pytest.mark.parametrize("reduced", [False, True])
def test_with_little_motion_a_pad_fills_in_four_steps(reduced: bool) -> None:

    ways = msgspec.structs.replace(Ways(), reduced_motion=reduced)
    drawn = {
        scene(Showing(page(), light(0, armed=True, pad_progress=n / 40)), sheet(800, 480), Words("en"), ways)
        for n in range(41)
    }
    assert (len(drawn) == 5) == reduced
