"""What a recording of `vybor gaze record` consists of: a line of JSON each, the first of which says what it is.

Times are seconds since it began, places fractions of the screen. A recording that was cut off anywhere can be
read up to there: its last line may be torn, and no other depends on it.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.contracts.messages import Area
from vybor.foundation import small_files
from vybor.foundation.errors import Missing, PlaceError

VERSION = 1
LARGEST_BYTES = 100_000_000
"""Ten hours at 15 pictures a second."""
LONGEST_LINE = 100_000
LONGEST_S, FARTHEST = 1e6, 100.0
"""Of a recording, and of a place in screens: what is beyond was said by no kit."""
TIMES = 4
"""Digits of a second, and of a place."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Begun(msgspec.Struct, frozen=True, kw_only=True, tag="recording", tag_field="kind"):
    """The first line."""

    version: int = VERSION
    at: str
    """When, as the kit's clock on the wall had it, in ISO 8601."""
    words: bool
    """Whether what stood on tiles, and what was written, is in it."""
    width: int
    height: int
    """Of the window by the settings, in pixels: the shape of the screen."""


class Look(msgspec.Struct, frozen=True, kw_only=True, tag="look", tag_field="kind", omit_defaults=True):
    """One picture of the eyes; without a place where they were closed, away or not to be measured."""

    t: float
    eyes: m.Eyes
    x: float | None = None
    y: float | None = None
    sd_x: float = 0.0
    sd_y: float = 0.0
    standing_x: float = 0.0
    """The part of it that is the same from look to look."""
    standing_y: float = 0.0


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tile."""

    slot: int
    role: m.Role
    area: Rectangle
    pad: Rectangle
    label: str = ""
    """With words alone, and so the next two."""
    grey: str = ""
    p: float | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True, tag="page", tag_field="kind", omit_defaults=True):
    """Other tiles are on the screen since then."""

    t: float
    offer: int
    mode: m.Mode
    zones: int
    language: str
    tiles: tuple[Place, ...]
    text: str = ""


class Lit(msgspec.Struct, frozen=True, kw_only=True, tag="lit", tag_field="kind", omit_defaults=True):
    """Another tile is lit since then, or none."""

    t: float
    slot: int | None
    armed: bool = False


class Dot(msgspec.Struct, frozen=True, kw_only=True, tag="dot", tag_field="kind"):
    """A dot for calibration is on the screen since then."""

    t: float
    dot: int
    x: float
    y: float


class Sign(msgspec.Struct, frozen=True, kw_only=True, tag="sign", tag_field="kind"):
    """A gesture that headband or camera saw."""

    t: float
    gesture: m.GestureKind
    lasted: float
    log_odds: float


class Press(msgspec.Struct, frozen=True, kw_only=True, tag="press", tag_field="kind"):
    """A switch was pressed."""

    t: float


class Choice(msgspec.Struct, frozen=True, kw_only=True, tag="choice", tag_field="kind", omit_defaults=True):
    """Something was chosen."""

    t: float
    action: m.Action
    slot: int
    offer: int
    written: str = ""
    """With words alone: what it added to the text."""


class Text(msgspec.Struct, frozen=True, kw_only=True, tag="text", tag_field="kind"):
    """Since then the text is open or, if not, private: nothing of that is recorded."""

    t: float
    is_open: bool


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag="end", tag_field="kind"):
    """It was ended, and not cut off."""

    t: float


Row = Look | Page | Lit | Dot | Sign | Press | Choice | Text | Ended


class Recorded(msgspec.Struct, frozen=True):
    """A recording as it was read."""

    path: Path
    begun: Begun
    rows: tuple[Row, ...]
    """By their times."""
    damaged: int
    """Lines that cannot be read, a torn last one apart."""

    @property
    def lasts_s(self) -> float:
        """Until the last of them."""
        return max((row.t for row in self.rows), default=0.0)


def line(row: Begun | Row) -> bytes:
    """As it is written."""
    return msgspec.json.encode(row) + b"\n"


def read(path: Path) -> Recorded:
    """All of it. Raises PlaceError for a file that cannot be read, and Missing for one that is no recording."""
    try:
        content = small_files.read(path, LARGEST_BYTES + LONGEST_LINE)
    except OSError as error:
        raise PlaceError(f"{path} cannot be read ({error.strerror}); name a recording") from None
    first, _, rest = content.partition(b"\n")
    try:
        begun = msgspec.json.decode(first, type=Begun)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Missing(f"{path} is no recording of `vybor gaze record`; name one") from None
    if begun.version > VERSION:
        raise Missing(f"{path} was recorded by a newer version of Vybor; replay it with that one")
    rows: list[Row] = []
    damaged = 0
    whole, _, _torn = rest.rpartition(b"\n")
    for one in _lines(whole):
        try:
            rows.append(_checked(msgspec.json.decode(one, type=Row)))
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
            damaged += 1
    return Recorded(path, begun, tuple(sorted(rows, key=lambda row: row.t)), damaged)


def _lines(whole: bytes) -> Iterator[bytes]:
    return (each for each in whole.split(b"\n") if each)


def _checked(row: Row) -> Row:
    """Raises ValueError for what no kit says. JSON has no numbers that are none."""
    if not 0 <= row.t < LONGEST_S:
        raise ValueError("it lies outside every recording")
    match row:
        case Look():
            numbers = (row.x or 0.0, row.y or 0.0, row.sd_x, row.sd_y, row.standing_x, row.standing_y)
            is_sane = all(abs(number) <= FARTHEST for number in numbers)
        case Sign():
            is_sane = 0 <= row.lasted < LONGEST_S and abs(row.log_odds) <= FARTHEST
        case Page():
            is_sane = all(map(_is_tile, row.tiles))
        case _:
            is_sane = True
    if not is_sane:
        raise ValueError("no kit says so")
    return row


def _is_tile(place: Place) -> bool:
    area, pad = (
        Area(left=left, top=top, right=right, bottom=bottom)
        for left, top, right, bottom in (place.area, place.pad)
    )
    body = without_pad(area, pad)
    return all(
        each.left < each.right and each.top < each.bottom and max(map(abs, place.area)) <= FARTHEST
        for each in (area, pad, body)
    )
