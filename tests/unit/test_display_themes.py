"""The colours of a display that runs: by the clock, and on wish."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pygame
import pytest

from unit.display_pages import light, page, sheet
from unit.test_display_window import Bus, Clock
from vybor import cli
from vybor.contracts import messages as m
from vybor.display.drawing.palette import THEMES, Colour
from vybor.display.drawing.window import Window, open_window
from vybor.display.night import KEPT, by_day
from vybor.display.process import Display
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.bus import Asked, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.errors import PlaceError
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings, Settings, Theme
from vybor.foundation.start import Start

LIGHT = DisplaySettings(width=800, height=480, theme=Theme.LIGHT, night="22:00-07:00")


class Room:
    """A display at a time of day."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.clock, self.bus, self.minutes = Clock(), Bus(), 12 * 60
        self.window = window
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

    def night(self, *, wanted: bool) -> m.Reply:
        self.display.asked(Asked(b"core", m.WearNight(request=str(wanted), night=wanted)), self.clock.ns)
        self.turn()
        return self.bus.answers[-1]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Room]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = open_window(LIGHT, pointer=False)
    list(window.happenings())
    yield Room(window, tmp_path)
    window.close()


def restarted(room: Room, folder: Path) -> Room:
    """The display starts again, with a fresh window."""
    room.window.wear(LIGHT.theme)
    return Room(room.window, folder)


def ground() -> tuple[int, ...]:
    """The colour between two tiles."""
    surface = pygame.display.get_surface()
    assert surface is not None
    return tuple(surface.get_at((0, 0)))[:3]


def test_the_settings_colours_are_worn_from_the_first_picture(room: Room) -> None:
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


def test_when_the_night_begins_everything_is_drawn_anew_and_it_is_said(room: Room) -> None:
    for minutes, theme in ((22 * 60, Theme.NIGHT), (7 * 60, Theme.LIGHT)):
        room.minutes = minutes
        (said,) = room.turn()
        assert isinstance(said, m.Shown)
        assert said.is_night == (theme is Theme.NIGHT)
        assert ground() == THEMES[theme][Colour.GROUND]
        assert room.turn() == []


def test_the_wearers_night_outlasts_a_restart_and_ends_with_the_settings_night(room: Room, tmp_path: Path) -> None:
    assert room.night(wanted=True) == m.Done(request="True")
    assert ground() == THEMES[Theme.NIGHT][Colour.GROUND]
    again = restarted(room, tmp_path)
    assert ground() == THEMES[Theme.NIGHT][Colour.GROUND]
    again.minutes = 23 * 60
    again.turn()
    again.minutes = 8 * 60
    again.turn()
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]
    restarted(room, tmp_path)
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


def test_the_wearers_day_holds_until_the_settings_day(room: Room) -> None:
    room.minutes = 23 * 60
    room.turn()
    room.night(wanted=False)
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]
    for minutes, theme in ((6 * 60, Theme.LIGHT), (8 * 60, Theme.LIGHT), (22 * 60, Theme.NIGHT)):
        room.minutes = minutes
        room.turn()
        assert ground() == THEMES[theme][Colour.GROUND]


def test_a_command_of_the_owners_takes_the_place_of_what_the_wearer_chose(room: Room, tmp_path: Path) -> None:
    room.night(wanted=True)
    room.asked("contrast")
    assert ground() == THEMES[Theme.CONTRAST][Colour.GROUND]
    restarted(room, tmp_path)
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


@pytest.mark.parametrize("kept", [b"pink", b"\xff\x00", b"n" * 1000])
def test_a_damaged_note_of_the_colours_is_no_wish(room: Room, tmp_path: Path, kept: bytes) -> None:
    (tmp_path / KEPT).write_bytes(kept)
    restarted(room, tmp_path)
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


def test_colours_that_cannot_be_kept_are_worn_all_the_same(room: Room, tmp_path: Path) -> None:
    (tmp_path / KEPT).mkdir()
    assert isinstance(room.night(wanted=True), m.Done)
    assert ground() == THEMES[Theme.NIGHT][Colour.GROUND]
    assert isinstance(room.asked(""), m.Done)
    assert ground() == THEMES[Theme.LIGHT][Colour.GROUND]


@pytest.mark.parametrize("theme", list(Theme))
def test_the_colours_of_the_day_are_never_those_of_the_night(theme: Theme) -> None:
    assert by_day(DisplaySettings(theme=theme)) is (Theme.DARK if theme is Theme.NIGHT else theme)


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


def test_who_may_not_hear_the_kit_is_told_so_when_they_wish_for_other_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exists = Path.exists

    def shut(path: Path, **how: bool) -> bool:
        if path.is_relative_to(tmp_path):
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path, **how)

    monkeypatch.setattr(Path, "exists", shut)
    assert cli.main(["display", "--theme", "night", "--runtime", str(tmp_path)]) == PlaceError.exit_code
    told = capsys.readouterr()
    assert told.out == ""
    assert "use sudo, or join the group" in told.err
