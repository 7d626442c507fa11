"""The screen of the other person: the display's own code with another page, in a process of its own.

It hears what core publishes and publishes nothing, so that nothing of it can disturb who writes.
"""

from pathlib import Path

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.display import night
from vybor.display.drawing import picture
from vybor.display.drawing.surface import Closed, Uncovered
from vybor.display.drawing.window import Window, open_window
from vybor.display.pages import partner as partner_page
from vybor.display.says import words
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import Clock, minutes_of_the_day
from vybor.foundation.loop import Stop, deliver
from vybor.foundation.settings import DisplaySettings, Settings, Theme

NAME = "partner-screen"
TURN_S = 0.1
SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.Screen])
"""The other person need not know of a moment's silence."""


class PartnerScreen:
    """What core said last, in front of the other person."""

    def __init__(self, settings: Settings, bus: Bus, window: Window, began_ns: int) -> None:
        self._settings = settings
        self._bus = bus
        self._window = window
        self._screen: m.Screen | None = None
        self._heard_ns = began_ns
        self._shown: tuple[object, ...] | None = None
        self._theme = settings.display.theme
        self.closed = False

    def heard(self, heard: Heard, now_ns: int) -> None:
        """A screen."""
        if isinstance(heard.message, m.Screen):
            self._screen, self._heard_ns = heard.message, now_ns

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Save a picture; nothing else is asked of it."""
        if isinstance(asked.command, m.SavePicture):
            self._bus.answer(asked, picture.answer(asked.command, self._window))
        else:
            reason = f"this screen does not know {type(asked.command).__name__}; ask it for SavePicture"
            self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """It asks nothing."""

    def turn(self, now_ns: int) -> float:
        """Show what has changed."""
        for happening in self._window.happenings():
            match happening:
                case Closed():
                    self.closed = True
                case Uncovered():
                    self._shown = None
        self._show(now_ns)
        return TURN_S

    def troubles(self) -> tuple[m.Notice, ...]:
        """It reports none: nobody depends on it."""
        return ()

    def close(self) -> None:
        """Give the screen back."""
        self._window.close()

    def _show(self, now_ns: int) -> None:
        settings = self._settings.display
        silent = now_ns - self._heard_ns > SILENT_NS
        theme = _theme(settings, self._screen)
        if theme is not self._theme:
            self._theme = theme
            self._window.wear(theme)
        if (now := (self._screen, silent, theme)) == self._shown:
            return
        self._shown = now
        language = self._screen.language if self._screen else self._settings.language
        draft = settings.partner_shows_draft
        page = partner_page.scene(self._screen, silent, draft, self._window.sheet, words.words_in(language))
        self._window.show(page)


def run(settings: Settings, runtime: Path, clock: Clock, *, fullscreen: bool, screen: int) -> None:
    """Show the page until the window is closed or the process is asked to end.

    Raises Missing if there is no such screen, PlaceError and AddressInUse as the bus does.
    """
    bus = Bus(NAME, runtime, clock, [m.Screen])
    try:
        window = open_window(_facing(settings.display, fullscreen), pointer=True, screen=screen)
        room = PartnerScreen(settings, bus, window, clock.now_ns())
        try:
            _until_closed(room, bus, clock)
        finally:
            room.close()
    finally:
        bus.close()


def _until_closed(room: PartnerScreen, bus: Bus, clock: Clock) -> None:
    stop = Stop()
    wait_s = 0.0
    while not (stop or room.closed):
        deliver(room, bus, wait_s, clock)
        wait_s = room.turn(clock.now_ns())
        bus.tend()


def _theme(settings: DisplaySettings, screen: m.Screen | None) -> Theme:
    """The night's while the wearer's screen has them: two screens beside each other are one room's light."""
    if screen is None:
        return night.theme(settings, minutes_of_the_day(), None)
    return Theme.NIGHT if screen.is_night else night.by_day(settings)


def _facing(settings: DisplaySettings, fullscreen: bool) -> DisplaySettings:
    """The settings of a window that is turned to the other person."""
    return msgspec.structs.replace(settings, rotation=settings.partner_rotation, fullscreen=fullscreen)
