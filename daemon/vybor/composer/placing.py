"""Choices in their places, and the tiles that they make. Pure; every page is built of these."""

from collections.abc import Iterable, Sequence

import msgspec

from vybor.composer.layout import TEN, Layout
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source

UPPER, CORNER, LOWER = (0, 1, 2), 3, (4, 5, 6, 7)
"""The upper row has the words and, in its corner, what ends them; the lower row the groups of letters."""
IN_ROWS = (*UPPER, CORNER, *LOWER)
LEFT, RIGHT = 8, 9
"""Beside the text: the way back, and the way to the menu."""


class Choice(m.Part, frozen=True, kw_only=True):
    """A tile before it has a place on the screen."""

    role: Role
    label: str = ""
    grey: str = ""
    source: Source | None = None
    p: float | None = None
    origin: str = ""
    places: int = 1
    """How many places of its row it takes, from its own to the right."""


ON_ONE_TILE = 30
"""Letters; more may not stand whole on a tile of a screen of 640 by 480."""
Placed = dict[int, Choice]
"""Choices by the number of their place."""


def in_a_row(choices: Iterable[Choice], slots: Sequence[int]) -> Placed:
    """Choices side by side, a long one on a tile as wide as two; those for which there is no room stay out."""
    placed: Placed = {}
    free, end = slots[0], slots[-1] + 1
    for choice in choices:
        places = 2 if is_long(choice.label) else 1
        if free + places <= end:
            placed[free] = msgspec.structs.replace(choice, places=places)
            free += places
    return placed


def is_long(sentence: str) -> bool:
    """Whether it needs a tile as wide as two."""
    return len(sentence) > ON_ONE_TILE


def tiles_of(placed: Placed, layout: Layout = TEN) -> tuple[m.Tile, ...]:
    """The tiles, in the order of their places."""
    return tuple(_tile(slot, choice, layout) for slot, choice in sorted(placed.items()))


def _tile(slot: int, choice: Choice, layout: Layout) -> m.Tile:
    first, last = layout.zones[slot], layout.zones[slot + choice.places - 1]
    return m.Tile(
        slot=slot,
        role=choice.role,
        area=msgspec.structs.replace(first.area, right=last.area.right),
        pad=msgspec.structs.replace(first.pad, right=last.pad.right),
        label=choice.label,
        grey=choice.grey,
        source=choice.source,
        p=choice.p,
        origin=choice.origin,
    )
