"""Where looks fell in a recording, page by page: for how long the eyes were around each place. Pure numpy."""

from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.commands.gaze import rows
from vybor.commands.gaze.replay import LONGEST_LOOK_S
from vybor.gaze.points.model import Numbers

CELLS_ACROSS, CELLS_DOWN = 160, 96
MARGIN = 0.15
"""So much of the screen around it is drawn too: eyes often rest beyond the edge."""
MOST_PAGES = 3
LEAST_S = 1.0
"""A page that was looked at for less is not drawn."""
NARROWEST = 0.02
"""A look is drawn at least so wide, in fractions of the screen: one of a mouse is a speck."""


class Heated(msgspec.Struct, frozen=True, kw_only=True):
    """A page, and how long the eyes were where on it."""

    page: rows.Page
    """As it was longest."""
    looked_s: float
    seconds: Numbers
    """Seconds that looks gave each cell: CELLS_DOWN x CELLS_ACROSS, from the upper left corner of the margin."""
    slots: tuple[tuple[int, int], ...]
    """(slot, how often it was chosen there)."""

    @property
    def cell(self) -> float:
        """How much of the screen a cell is."""
        return (1 + 2 * MARGIN) ** 2 / self.seconds.size


class _Gathered:
    """What comes together for one page."""

    def __init__(self) -> None:
        self.pages: dict[rows.Page, float] = {}
        self.looks: list[tuple[rows.Look, float]] = []
        self.chosen: dict[int, int] = {}


def heated(recorded: rows.Recorded) -> tuple[Heated, ...]:
    """The pages that were looked at longest; those whose tiles lie in the same places are one."""
    found = _gathered(recorded.rows)
    made = [_heated(each) for each in found if sum(spent_s for _, spent_s in each.looks) >= LEAST_S]
    return tuple(sorted(made, key=lambda each: -each.looked_s)[:MOST_PAGES])


def _gathered(some: Sequence[rows.Row]) -> list[_Gathered]:
    gathered: dict[object, _Gathered] = {}
    of_offer: dict[int, _Gathered] = {}
    page: rows.Page | None = None
    for row, next_s in zip(some, _next_looks(some), strict=True):
        match row:
            case rows.Page():
                page = row
                of_offer[row.offer] = gathered.setdefault(_places(row), _Gathered())
            case rows.Dot() | rows.Text():
                page = None
            case rows.Choice():
                if there := of_offer.get(row.offer):
                    there.chosen[row.slot] = there.chosen.get(row.slot, 0) + 1
            case rows.Look() if page is not None and row.x is not None:
                there, spent_s = gathered[_places(page)], min(next_s - row.t, LONGEST_LOOK_S)
                there.looks.append((row, spent_s))
                there.pages[page] = there.pages.get(page, 0.0) + spent_s
    return list(gathered.values())


def _next_looks(some: Sequence[rows.Row]) -> list[float]:
    """For each row, when the next look is; its own time where none is."""
    found, next_s = [], some[-1].t if some else 0.0
    for row in reversed(some):
        found.append(next_s)
        next_s = row.t if isinstance(row, rows.Look) else next_s
    return found[::-1]


def _places(page: rows.Page) -> tuple[object, ...]:
    return page.mode, page.zones, tuple((tile.slot, tile.role, tile.area) for tile in page.tiles)


def _heated(gathered: _Gathered) -> Heated:
    seconds = np.zeros((CELLS_DOWN, CELLS_ACROSS))
    across, down = _middles(CELLS_ACROSS), _middles(CELLS_DOWN)
    for look, spent_s in gathered.looks:
        x, y = look.x or 0.0, look.y or 0.0
        shape = np.outer(_bell(down, y, look.sd_y), _bell(across, x, look.sd_x))
        seconds += spent_s * shape / max(float(shape.sum()), 1e-9)
    return Heated(
        page=max(gathered.pages, key=lambda page: gathered.pages[page]),
        looked_s=sum(spent_s for _, spent_s in gathered.looks),
        seconds=seconds,
        slots=tuple(sorted(gathered.chosen.items())),
    )


def _middles(cells: int) -> Numbers:
    middles: Numbers = -MARGIN + (1 + 2 * MARGIN) * (np.arange(cells) + 0.5) / cells
    return middles


def _bell(places: Numbers, middle: float, sd: float) -> Numbers:
    wide = min(max(abs(sd), NARROWEST), 1.0)
    bell: Numbers = np.exp(-0.5 * ((places - min(max(middle, -1.0), 2.0)) / wide) ** 2)
    return bell
