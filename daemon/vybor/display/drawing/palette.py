"""The colours of the screen, theme by theme. What is read stands out from its ground by at least 7 to 1 (WCAG)."""

from enum import StrEnum

from vybor.foundation.settings import Theme

Rgb = tuple[int, int, int]


class Colour(StrEnum):
    """What a colour is for; how it looks is the theme's."""

    GROUND = "ground"
    TILE = "tile"
    TILE_LIT = "tile_lit"
    TILE_EDGE = "tile_edge"
    """The quiet outline of a tile: it carries no meaning."""
    INK = "ink"
    GREY = "grey"
    """The continuation behind a word, headings, hints: read second, and still easily."""
    ACCENT = "accent"
    """What the eyes are on, the caret, the letters being spelled: each with a shape of its own as well."""
    WARNING = "warning"
    FILL = "fill"
    """The filled part of a pad: as near to INK as a text in INK on it allows, and still other than GROUND."""


Palette = dict[Colour, Rgb]

THEMES: dict[Theme, Palette] = {
    Theme.DARK: {
        Colour.GROUND: (12, 16, 22),
        Colour.TILE: (27, 35, 47),
        Colour.TILE_LIT: (37, 52, 74),
        Colour.TILE_EDGE: (62, 76, 97),
        Colour.INK: (246, 248, 251),
        Colour.GREY: (202, 210, 221),
        Colour.ACCENT: (133, 208, 255),
        Colour.WARNING: (255, 207, 102),
        Colour.FILL: (12, 82, 126),
    },
    Theme.LIGHT: {
        Colour.GROUND: (238, 241, 245),
        Colour.TILE: (255, 255, 255),
        Colour.TILE_LIT: (222, 236, 255),
        Colour.TILE_EDGE: (160, 170, 184),
        Colour.INK: (16, 20, 26),
        Colour.GREY: (62, 70, 82),
        Colour.ACCENT: (0, 66, 140),
        Colour.WARNING: (118, 52, 0),
        Colour.FILL: (150, 200, 245),
    },
    Theme.CONTRAST: {
        Colour.GROUND: (0, 0, 0),
        Colour.TILE: (0, 0, 0),
        Colour.TILE_LIT: (66, 66, 0),
        Colour.TILE_EDGE: (170, 170, 0),
        Colour.INK: (255, 255, 0),
        Colour.GREY: (232, 232, 150),
        Colour.ACCENT: (255, 255, 255),
        Colour.WARNING: (255, 205, 130),
        Colour.FILL: (80, 80, 0),
    },
    Theme.NIGHT: {
        Colour.GROUND: (0, 0, 0),
        Colour.TILE: (12, 8, 5),
        Colour.TILE_LIT: (30, 18, 7),
        Colour.TILE_EDGE: (70, 46, 26),
        Colour.INK: (222, 170, 112),
        Colour.GREY: (206, 156, 102),
        Colour.ACCENT: (236, 168, 84),
        Colour.WARNING: (255, 150, 110),
        Colour.FILL: (56, 31, 10),
    },
}

READABLE: tuple[tuple[Colour, Colour], ...] = (
    *((colour, ground) for colour in (Colour.INK, Colour.GREY) for ground in (Colour.GROUND, Colour.TILE)),
    *((colour, Colour.TILE_LIT) for colour in (Colour.INK, Colour.GREY, Colour.ACCENT)),
    *((colour, Colour.GROUND) for colour in (Colour.ACCENT, Colour.WARNING)),
    (Colour.INK, Colour.FILL),
    (Colour.GROUND, Colour.WARNING),
)
"""Every pair of a colour and the ground that it stands on."""
