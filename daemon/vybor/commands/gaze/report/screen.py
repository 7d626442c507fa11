"""The display's own picture of a recorded page, drawn without a window."""

import os

import numpy as np
import numpy.typing as npt
import pygame

from vybor.commands.gaze import rows
from vybor.commands.gaze.replay import tile
from vybor.contracts import messages as m
from vybor.display.drawing import fonts
from vybor.display.drawing.icons import OF_ROLE
from vybor.display.drawing.paint import Painter
from vybor.display.drawing.palette import THEMES
from vybor.display.drawing.scene import Sheet
from vybor.display.drawing.surface import TEXT
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.settings import DisplaySettings, Theme

HIDDEN = "…"
"""Stands for words that were not recorded."""
LABELLED = (m.Role.INTENT, m.Role.FIT_EFFORT, m.Role.FOLD, m.Role.LETTER, m.Role.MARK)
"""Beside those that have a picture of their own, these say nothing without a label, or what they hold."""
MORE_THAN_TILES = (
    *(m.Mode.FITTING, m.Mode.SHARING, m.Mode.UNPAIR_SURE, m.Mode.PAIR_SURE, m.Mode.ERASING, m.Mode.ERASE_SURE),
    *(m.Mode.PRACTICE_CALL, m.Mode.PRACTICE_OVER, m.Mode.READ_ASKED),
)
"""Pages on which something stands between the tiles that no recording has."""


def pixels(page: rows.Page, begun: rows.Begun, display: DisplaySettings) -> npt.NDArray[np.uint8]:
    """What stood on the screen, rows x columns x red, green and blue; without words where none were recorded."""
    _begin()
    letters = fonts.choose(fonts.installed())
    sheet = Sheet(begun.width, begun.height, letters.width_of, TEXT[display.text_size])
    shown = scene(Showing(screen(page)), sheet, Words(page.language), Ways())
    surface = pygame.Surface((begun.width, begun.height))
    Painter(letters, THEMES[Theme.LIGHT]).paint(surface, shown)
    found: npt.NDArray[np.uint8] = np.transpose(pygame.surfarray.array3d(surface), (1, 0, 2))
    return found


def _begin() -> None:
    """SDL's driver without a screen, unless one is open: pygame draws letters for a surface alone."""
    pygame.font.init()
    if pygame.display.get_surface() is None:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        pygame.display.init()
        pygame.display.set_mode((1, 1))


def screen(page: rows.Page) -> m.Screen:
    """As the display takes it."""
    tiles = tuple(tile(_legible(each)) for each in page.tiles)
    return m.Screen(
        at_ns=0,
        offer=page.offer,
        mode=m.Mode.WORDS if page.mode in MORE_THAN_TILES else page.mode,
        text=page.text or HIDDEN,
        tiles=tiles,
        zones=page.zones,
        language=page.language,
    )


def _legible(place: rows.Place) -> rows.Place:
    is_drawn = place.role in OF_ROLE and place.role not in LABELLED
    if (place.label or is_drawn) and place.role is not m.Role.FOLD:
        return place
    return rows.Place(slot=place.slot, role=m.Role.CANDIDATE, area=place.area, pad=place.pad, label=HIDDEN)
