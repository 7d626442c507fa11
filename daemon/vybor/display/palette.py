"""The colours of the screen. Everything that is read stands out from its ground by at least 7 to 1 (WCAG AAA)."""

Colour = tuple[int, int, int]

GROUND: Colour = (12, 16, 22)
TILE: Colour = (27, 35, 47)
TILE_LIT: Colour = (37, 52, 74)
TILE_EDGE: Colour = (62, 76, 97)
"""The quiet outline of a tile: it carries no meaning."""
INK: Colour = (246, 248, 251)
GREY: Colour = (202, 210, 221)
"""The continuation behind a word, headings, hints: read second, and still easily."""
ACCENT: Colour = (133, 208, 255)
"""What the eyes are on, the caret, the letters being spelled: each with a shape of its own as well."""
WARNING: Colour = (255, 207, 102)
FILL: Colour = (12, 82, 126)
"""The filled part of a pad: as dark as a text in INK on it allows, and still other than GROUND."""

READABLE: tuple[tuple[Colour, Colour], ...] = (
    *((colour, ground) for colour in (INK, GREY) for ground in (GROUND, TILE, TILE_LIT)),
    *((colour, GROUND) for colour in (ACCENT, WARNING)),
    (ACCENT, TILE_LIT),
    (INK, FILL),
)
"""Every pair of a colour and the ground that it stands on."""
