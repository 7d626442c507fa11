"""The window: pygame's display, its events, and the picture of what is in it."""

import io
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pygame

from vybor.display import fonts
from vybor.display.paint import Painter
from vybor.display.scene import Scene, Sheet
from vybor.foundation.errors import Missing, SettingsError
from vybor.foundation.settings import DisplaySettings

log = logging.getLogger("vybor.display")

CARDS = Path("/sys/class/drm")
SMALLEST = (320, 240)
UNSEEN = ("dummy", "offscreen")
"""Drivers without a keyboard or a mouse. SDL takes one by itself where it finds no screen: nobody would see it."""


class Pressed(msgspec.Struct, frozen=True):
    """The switch's key went down."""


class Moved(msgspec.Struct, frozen=True):
    """The mouse is at this fraction of the screen."""

    x: float
    y: float


class Left(msgspec.Struct, frozen=True):
    """The mouse is outside the window."""


class Closed(msgspec.Struct, frozen=True):
    """Somebody closed the window."""


class Uncovered(msgspec.Struct, frozen=True):
    """The window has another size, or its picture was lost."""


Happening = Pressed | Moved | Left | Closed | Uncovered


def card_with_screen(cards: Path) -> str | None:
    """The number of the graphics card that a screen is connected to; None if none is, or only by chance."""
    for status in sorted(cards.glob("card*-*/status")):
        if status.read_text(encoding="ascii").strip() == "connected":
            return status.parent.name.partition("-")[0].removeprefix("card")
    return None


def open_window(settings: DisplaySettings, *, pointer: bool) -> "Window":
    """Open the screen of this machine; `pointer` says whether the mouse is seen.

    Raises Missing if there is no screen or no font, SettingsError if the switch's key does not exist.
    """
    if card := card_with_screen(CARDS):  # Pi 5: card numbers change between boots (SDL #13705)
        os.environ.setdefault("SDL_KMSDRM_DEVICE_INDEX", card)
    try:
        pygame.display.init()
        driver = pygame.display.get_driver()
        if driver.lower() != "kmsdrm":  # which has no software framebuffer: with this, SDL opens no window there
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        whole = settings.fullscreen or driver.lower() == "kmsdrm"
        size = (0, 0) if whole else (settings.width, settings.height)
        pygame.display.set_mode(size, pygame.FULLSCREEN if whole else pygame.RESIZABLE)
    except pygame.error as error:
        raise Missing(f"no screen can be opened ({error}); connect one, or start the kit on a desktop") from None
    if driver.lower() in UNSEEN and "SDL_VIDEODRIVER" not in os.environ:
        raise Missing("no screen can be opened (SDL finds none); connect one, or start the kit on a desktop")
    pygame.display.set_caption("Vybor")
    pygame.mouse.set_visible(pointer)
    pygame.font.init()
    window = Window(_key(settings.switch_key), fonts.choose(fonts.installed()))
    log.info("screen open: driver=%s width=%d height=%d", driver, *window.size)
    return window


def _key(name: str) -> int:
    try:
        return pygame.key.key_code(name)
    except ValueError:
        raise SettingsError(f'display.switch_key: there is no key "{name}"; name one as "space" or "f5"') from None


class Window:
    """An open window."""

    def __init__(self, switch_key: int, letters: fonts.Fonts) -> None:
        self._switch_key = switch_key
        self._letters = letters
        self._painter = Painter(letters)
        self._can_act = pygame.display.get_driver() not in UNSEEN

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return pygame.display.get_window_size()

    @property
    def sheet(self) -> Sheet:
        """What a scene for this window is composed on; a smaller window shows a part of it."""
        width, height = self.size
        return Sheet(max(width, SMALLEST[0]), max(height, SMALLEST[1]), self._letters.width_of)

    @property
    def is_attended(self) -> bool:
        """Whether a key or a mouse may act on it now."""
        return self._can_act and (pygame.key.get_focused() or pygame.mouse.get_focused())

    def happenings(self) -> Iterator[Happening]:
        """What has happened since the last call."""
        for event in pygame.event.get():
            match event.type:
                case pygame.QUIT:
                    yield Closed()
                case pygame.KEYDOWN if event.key == self._switch_key:
                    yield Pressed()
                case pygame.MOUSEMOTION:
                    width, height = self.size
                    yield Moved((event.pos[0] + 0.5) / width, (event.pos[1] + 0.5) / height)
                case pygame.WINDOWLEAVE:
                    yield Left()
                case pygame.WINDOWEXPOSED | pygame.WINDOWSIZECHANGED:
                    self._painter.forget()
                    yield Uncovered()

    def show(self, scene: Scene) -> None:
        """Put a scene on the screen; it is there when this returns."""
        if redrawn := self._painter.paint(_surface(), scene):
            pygame.display.update(redrawn)

    def picture(self) -> bytes:
        """What is on the screen, as a PNG file."""
        written = io.BytesIO()
        pygame.image.save(_surface(), written, "screen.png")
        return written.getvalue()

    def close(self) -> None:
        """Give the screen back."""
        pygame.quit()


def _surface() -> pygame.Surface:
    """What is drawn on. pygame gives another one after each change of the window's size."""
    surface = pygame.display.get_surface()
    if surface is None:
        raise Missing("the window is gone; start the display again")
    return surface
