"""What the selector knows, and what it has chosen. Pure data."""

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.closing import Closing
from vybor.foundation.clock import seconds
from vybor.selector import belief as b
from vybor.selector.edge import AtEdge
from vybor.selector.flicker import Heard
from vybor.selector.ways import Inputs, Way

STALE_NS = seconds(0.6)
"""A look older than this says nothing about a press or a gesture."""
REMEMBERED_NS = seconds(3)
"""Looks are kept so long: a double blink is known about a second after the look that it confirms."""


class Look(msgspec.Struct, frozen=True):
    """What was believed at the capture time of one look."""

    at_ns: int
    offer: int
    slot: int | None
    posterior: float
    posterior_without_prior: float
    slot_without_prior: int | None
    armed: bool
    on_pad: bool = False
    """Whether it was the tile's edge rather than its words."""
    flicker: float = 0.0
    """What the brain's answer to flicker said of that tile then."""


class Act(msgspec.Struct, frozen=True):
    """A press or a gesture, as evidence that something is to be chosen."""

    at_ns: int
    """When it began."""
    at_sd_ns: int
    known_ns: int
    """When it was over, at least."""
    channel: m.Channelled
    log_odds: float
    """That it was meant."""


class Signal(msgspec.Struct, frozen=True):
    """A gesture too weak to choose alone, and the tile that was looked at: it shortens the look at the pad."""

    slot: int
    at_ns: int
    log_odds: float


class Lit(msgspec.Struct, frozen=True):
    """Tiles that the display said it has lit for scanning, and since when."""

    at_ns: int
    slots: tuple[int, ...]


class Scan(msgspec.Struct, frozen=True):
    """Tiles that light up in turn: the rows, or the tiles of one row."""

    began_ns: int
    """When the first of them is due."""
    row: tuple[int, ...] = ()
    """The row that was taken; none yet: the rows light up."""
    row_posterior: float = 1.0
    passes: int = 0
    """Rounds over the rows before that one was taken."""
    lit: tuple[Lit, ...] = ()


class Selection(msgspec.Struct, frozen=True):
    """A tile was chosen."""

    offer: int
    slot: int
    evidence: m.Evidence


class Selector(msgspec.Struct, frozen=True):
    """All that the selector knows."""

    offer: int = 0
    tiles: tuple[m.Tile, ...] = ()
    shown_ns: int = 0
    stood_ns: tuple[tuple[int, int], ...] = ()
    """(slot, since when what it shows has stood there)."""
    belief: b.Belief = b.Belief((), (), 0)
    at_edge: AtEdge = AtEdge()
    point_ns: int = 0
    """The last look with a place."""
    paused: bool = False
    """Closed eyes were seen since: that time is no looking."""
    slot: int | None = None
    """The tile that leads, once it is likelier than not."""
    sure: bool = False
    sure_ns: int = 0
    """How long the leading tile has been looked at for certain, blinks aside."""
    pad_ns: int | None = None
    """How long its pad has been looked at since it opened; None: the eyes are not on it."""
    left_edges: float | None = None
    """Log-odds that the eyes have left the pads since the last choice; before that no pad confirms again. None:
    they have, or nothing was chosen yet."""
    signal: Signal | None = None
    quiet_until_ns: int = 0
    looks: tuple[Look, ...] = ()
    gaze_ns: tuple[tuple[int, int], ...] = ()
    """(slot, nanoseconds its body was looked at) since this offer was shown: a stare at the edge reads nothing."""
    inputs: Inputs = Inputs()
    lids: Closing = Closing()
    ways: tuple[Way, ...] | None = None
    """The ways to choose that are open now; None: those of the settings."""
    scan: Scan | None = None
    """None unless tiles light up in turn."""
    flicker: Heard | None = None
    """The newest window of a headband that sees what flickers."""
    signs: tuple[m.SignMade, ...] = ()
    """Those by a headband since the last choice, for the record; the newest."""


def same(tile: m.Tile) -> tuple[object, ...]:
    """What makes a tile the same for the eyes: where it lies, its role, and its words or what it stands for."""
    members = tuple((each.slot, each.role, each.label) for each in tile.members)
    return tile.slot, tile.role, tile.label, tile.area, members
