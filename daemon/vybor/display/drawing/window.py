"""The window: pygame's display, its events, and the picture of what is in it."""

import io
import logging
import os
from collections.abc import Iterator, Sequence

import msgspec
import pygame

from vybor.contracts.messages import Area
from vybor.display.drawing import connectors, fonts
from vybor.display.drawing.flashing import Flasher
from vybor.display.drawing.paint import Painter
from vybor.display.drawing.palette import THEMES
from vybor.display.drawing.scene import Patch, Rect, Scene, Sheet
from vybor.display.drawing.surface import (
    TEXT,
    Closed,
    Escaped,
    Happening,
    Left,
    Moved,
    Pressed,
    Released,
    Uncovered,
)
from vybor.display.drawing.turning import Turn
from vybor.foundation.errors import Missing, SettingsError
from vybor.foundation.settings import DisplaySettings, Theme

log = logging.getLogger("vybor.display")

SMALLEST = (320, 240)
UNSEEN = ("dummy", "offscreen")
"""Drivers without a keyboard or a mouse. SDL takes one by itself where it finds no screen: nobody would see it."""


def within(size: tuple[int, int], desktop: tuple[int, int]) -> tuple[int, int]:
    """A window's size, no larger than the desktop that it opens on: what lies beside a screen cannot be chosen."""
    return min(size[0], desktop[0]), min(size[1], desktop[1])


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How a window looks, whatever is in it."""

    theme: Theme = Theme.DARK
    text: float = 1.0
    turn: Turn = Turn()


def look_of(settings: DisplaySettings) -> Look:
    """The look that the settings ask for."""
    return Look(theme=settings.theme, text=TEXT[settings.text_size], turn=Turn(settings.rotation))


def open_window(settings: DisplaySettings, *, pointer: bool, screen: int = 1) -> "Window":
    """Open a screen of this machine, counted from 1; `pointer` says whether the mouse is seen.

    Raises Missing if there is no such screen or no font, SettingsError if the switch's key does not exist.
    """
    if card := connectors.card_with_screen(
        connectors.CARDS
    ):  # Pi 5: card numbers change between boots (SDL #13705)
        os.environ.setdefault("SDL_KMSDRM_DEVICE_INDEX", card)
    look = look_of(settings)
    try:
        pygame.display.init()
        driver = pygame.display.get_driver()
        if driver.lower() != "kmsdrm":  # which has no software framebuffer: with this, SDL opens no window there
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        there = pygame.display.get_num_displays()
        if screen > there:
            raise Missing(f"there is no screen {screen}; this machine has {there}: name one, counted from 1")
        whole = settings.fullscreen or driver.lower() == "kmsdrm"
        size = (0, 0) if whole else look.turn.upright((settings.width, settings.height))
        if not whole and driver.lower() not in UNSEEN:
            size = within(size, pygame.display.get_desktop_sizes()[screen - 1])
        flags = pygame.FULLSCREEN if whole else pygame.RESIZABLE
        pygame.display.set_mode(size, flags, display=screen - 1)
    except pygame.error as error:
        raise Missing(f"no screen can be opened ({error}); connect one, or start the kit on a desktop") from None
    if driver.lower() in UNSEEN and "SDL_VIDEODRIVER" not in os.environ:
        raise Missing("no screen can be opened (SDL finds none); connect one, or start the kit on a desktop")
    pygame.display.set_caption("Vybor")
    pygame.mouse.set_visible(pointer)
    pygame.font.init()
    drawn_on = card if driver.lower() == "kmsdrm" else None  # a desktop knows its screens itself
    window = Window(_key(settings.switch_key), fonts.choose(fonts.installed()), look, drawn_on)
    log.info("screen open: driver=%s width=%d height=%d", driver, *window.size)
    return window


def _key(name: str) -> int:
    try:
        return pygame.key.key_code(name)
    except ValueError:
        raise SettingsError(f'display.switch_key: there is no key "{name}"; name one as "space" or "f5"') from None


class Window:
    """An open window. Everybody else sees it upright; it alone knows how its panel hangs."""

    def __init__(self, switch_key: int, letters: fonts.Fonts, look: Look, card: str | None = None) -> None:
        """`card`: the number of the graphics card that is drawn on without a desktop between."""
        self._card = card
        self._switch_key = switch_key
        self._letters = letters
        self._look = look
        self._painter = Painter(letters, THEMES[look.theme])
        self.painted = 0
        """How often a scene changed the picture."""
        self._flasher = Flasher()
        self._turned: pygame.Surface | None = None
        """The upright picture, where the panel hangs turned."""
        self._can_act = pygame.display.get_driver() not in UNSEEN

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as they are seen."""
        return self._look.turn.upright(pygame.display.get_window_size())

    @property
    def sheet(self) -> Sheet:
        """What a scene for this window is composed on; a smaller window shows a part of it."""
        width, height = self.size
        letters = self._letters.width_of
        return Sheet(max(width, SMALLEST[0]), max(height, SMALLEST[1]), letters, self._look.text)

    @property
    def is_there(self) -> bool:
        """A window that is open is seen, while a screen is connected to its card."""
        return self._card is None or not connectors.is_pulled_out(connectors.CARDS, self._card)

    @property
    def is_attended(self) -> bool:
        """Whether a key or a mouse may act on it now."""
        return self._can_act and (pygame.key.get_focused() or pygame.mouse.get_focused())

    @property
    def has_keyboard(self) -> bool:
        """Whether what is typed on this desktop now comes into this window."""
        return self._can_act and pygame.key.get_focused()

    def wear(self, theme: Theme) -> None:
        """Other colours, from the next scene on."""
        self._painter.wear(THEMES[theme])

    def happenings(self) -> Iterator[Happening]:
        """What has happened since the last call."""
        for event in pygame.event.get():
            match event.type:
                case pygame.QUIT:
                    yield Closed()
                case pygame.KEYDOWN if event.key == self._switch_key:
                    yield Pressed()
                case pygame.KEYUP if event.key == self._switch_key:
                    yield Released()
                case pygame.KEYDOWN if event.key == pygame.K_ESCAPE:
                    yield Escaped()
                case pygame.MOUSEMOTION:
                    width, height = pygame.display.get_window_size()
                    place = (event.pos[0] + 0.5) / width, (event.pos[1] + 0.5) / height
                    yield Moved(*self._look.turn.seen(place))
                case pygame.WINDOWLEAVE:
                    yield Left()
                case pygame.WINDOWEXPOSED | pygame.WINDOWSIZECHANGED:
                    self._painter.forget()
                    yield Uncovered()

    def show(self, scene: Scene) -> None:
        """Put a scene on the screen; it is there when this returns."""
        picture = self._picture()
        restored = self._flasher.end(picture)  # before anything is painted over it
        redrawn = self._painter.paint(picture, scene)
        if changed := [*restored, *redrawn]:
            self.painted += 1
            pygame.display.update(changed if picture is _surface() else list(self._turn(picture, changed)))

    def shown_ns(self, now_ns: int) -> int | None:
        """What was shown is there: now."""
        return now_ns

    def prepare_flicker(self, areas: Sequence[Area], contrast: float) -> None:
        """Be ready to let the tiles of these areas flicker, as they are painted now."""
        scene = self._painter.last
        rects = [self.sheet.rect(area) for area in areas]
        found = {patch.rect: patch for patch in scene.patches} if scene else {}
        patches = [found.get(rect, Patch(rect, ())) for rect in rects]
        self._flasher.prepare(self._picture(), self._painter, patches, contrast)

    def flash(self, bright: Sequence[bool]) -> None:
        """Show one frame of what flickers, at the next refresh; of nothing: all as it was."""
        picture = self._picture()
        changed = self._flasher.draw(picture, bright) if bright else self._flasher.end(picture)
        if picture is not _surface():
            list(self._turn(picture, changed))
        self.flip()

    def flip(self) -> None:
        """Show what is drawn, at the next refresh where the screen is waited for."""
        pygame.display.flip()

    def picture(self) -> bytes:
        """What is on the screen, upright, as a PNG file."""
        written = io.BytesIO()
        pygame.image.save(self._picture(), written, "screen.png")
        return written.getvalue()

    def close(self) -> None:
        """Give the screen back."""
        pygame.quit()

    def _picture(self) -> pygame.Surface:
        """What is painted on: the screen itself, or a picture that is turned onto it."""
        if not self._look.turn.degrees:
            return _surface()
        if self._turned is None or self._turned.get_size() != self.size:
            self._turned = pygame.Surface(self.size).convert(_surface())
            self._painter.forget()
        return self._turned

    def _turn(self, picture: pygame.Surface, redrawn: list[Rect]) -> Iterator[Rect]:
        """Bring parts of the upright picture onto the panel; yields where they are there."""
        whole = Rect(0, 0, *picture.get_size())
        for rect in (each.common(whole) for each in redrawn):
            there = self._look.turn.on_panel(rect, picture.get_size())
            part = pygame.transform.rotate(picture.subsurface(rect), -self._look.turn.degrees)
            _surface().blit(part, (there.x, there.y))
            yield there


def _surface() -> pygame.Surface:
    """What is drawn on. pygame gives another one after each change of the window's size."""
    surface = pygame.display.get_surface()
    if surface is None:
        raise Missing("the window is gone; start the display again")
    return surface
