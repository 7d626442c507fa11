"""`vybor gaze record`: where the eyes rest, what is shown and what is chosen, because somebody asked for it.

Never a picture of the camera, never words unless they are asked for, and of a private text nothing at all. The
gaze part tells the wearer as long as it goes on; where it cannot, nothing is recorded.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import msgspec

from vybor.commands import asking, open_text
from vybor.commands.following import Following
from vybor.commands.gaze import rows
from vybor.commands.open_text import Came
from vybor.commands.recording import created, full
from vybor.contracts import messages as m
from vybor.doctor import listening
from vybor.foundation import clock as clocks
from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import Missing
from vybor.foundation.settings import DisplaySettings

HEARS = (m.Screen, m.Gaze, m.Shown, m.Gesture, m.SwitchPress)
"""The deciding part first: of what has come, whether the text is private is read before all else."""
WAIT_S = 0.05
NO_LOOK = "no look came, so nothing was recorded; see `vybor status` for the eyes, and whether the text is private"
WORDLESS = "it has no words; whoever knows the letters' places can tell from it what was spelled"
WORDY = "what was written, and what was offered, is in it"


class Chosen(msgspec.Struct, frozen=True, tag="Decision"):
    """What is read of a decision."""

    at_ns: int
    action: m.Action
    slot: int
    offer: int
    written: str
    learn: bool = True


class Watching(msgspec.Struct, frozen=True):
    """What is known between two messages."""

    began_ns: int
    words: bool = False
    text: open_text.Waiting[rows.Row] = open_text.Waiting()
    page: tuple[object, ...] = ()
    """What the last page said…"""
    lit: tuple[object, ...] = ()
    """…and what was lit then."""
    dot: int | None = None
    look_s: float | None = None
    """When the last look was. What is newest is heard once more when the ear opens."""


def step(watching: Watching, message: m.AnyMessage, came: Came) -> tuple[Watching, tuple[rows.Row, ...]]:
    """Take in a message; what is to be written of it at once."""
    if isinstance(message, m.Screen):
        return _screen(watching, message, came)
    if not open_text.may_be_told(watching.text, message.at_ns):
        return watching, ()
    watching, seen = _seen(watching, message)
    return msgspec.structs.replace(watching, text=open_text.holding(watching.text, seen, came)), ()


def released(watching: Watching, now_ns: int) -> tuple[Watching, tuple[rows.Row, ...]]:
    """What was held back long enough, of an open text."""
    text, told = open_text.released(watching.text, now_ns)
    return msgspec.structs.replace(watching, text=text), told


def choice(watching: Watching, record: bytes) -> tuple[rows.Row, ...]:
    """What is told of a decision of the record: nothing of a private text, nor of what cannot be read."""
    try:
        chosen = msgspec.msgpack.decode(record, type=Chosen)
    except NOT_UNDERSTOOD:
        return ()
    at_s = _s(watching, chosen.at_ns)
    if not chosen.learn or at_s < 0:
        return ()
    written = chosen.written if watching.words else ""
    return (rows.Choice(t=at_s, action=chosen.action, slot=chosen.slot, offer=chosen.offer, written=written),)


def _screen(watching: Watching, screen: m.Screen, came: Came) -> tuple[Watching, tuple[rows.Row, ...]]:
    """Whether the text is private; when that changes it is told, so that silence can be understood."""
    was_open = watching.text.is_open
    text, is_anew = open_text.screened(watching.text, screen, came)
    watching = msgspec.structs.replace(watching, text=text)
    if is_anew:
        watching = msgspec.structs.replace(watching, page=(), lit=(), dot=None)
    if text.is_open is was_open:
        return watching, ()
    return watching, (rows.Text(t=max(0.0, _s(watching, screen.at_ns)), is_open=text.is_open),)


def _seen(watching: Watching, message: m.AnyMessage) -> tuple[Watching, tuple[rows.Row, ...]]:
    at_s = _s(watching, message.at_ns)
    match message:
        case _ if at_s < 0:
            return watching, ()
        case m.Gaze() if at_s == watching.look_s:
            return watching, ()
        case m.Gaze():
            return msgspec.structs.replace(watching, look_s=at_s), (_look(message, at_s),)
        case m.Gesture():
            lasted = _digits((message.ended_ns - message.at_ns) / SECOND_NS)
            sign = rows.Sign(t=at_s, gesture=message.kind, lasted=lasted, log_odds=_digits(message.log_odds))
            return watching, (sign,)
        case m.SwitchPress():
            return watching, (rows.Press(t=at_s),)
        case m.Shown():
            return _shown(watching, message, at_s)
        case _:
            return watching, ()


def _look(look: m.Gaze, at_s: float) -> rows.Look:
    point = look.point
    if point is None:
        return rows.Look(t=at_s, eyes=look.eyes)
    return rows.Look(
        t=at_s,
        eyes=look.eyes,
        x=_digits(point.x),
        y=_digits(point.y),
        sd_x=_digits(point.sd_x),
        sd_y=_digits(point.sd_y),
        standing_x=_digits(point.standing_x),
        standing_y=_digits(point.standing_y),
    )


def _shown(watching: Watching, shown: m.Shown, at_s: float) -> tuple[Watching, tuple[rows.Row, ...]]:
    """A page, what is lit, or a dot: what has changed of them."""
    target, screen = shown.target, shown.screen
    if target is not None and target.dot is not None:
        if target.dot == watching.dot:
            return watching, ()
        dot = rows.Dot(t=at_s, dot=target.dot, x=target.x, y=target.y)
        return msgspec.structs.replace(watching, dot=target.dot, page=(), lit=()), (dot,)
    if screen is None or not open_text.is_open(screen):
        return watching, ()
    told: list[rows.Row] = []
    page = _page(watching, screen, at_s)
    if (known := _without_time(page)) != watching.page:
        watching = msgspec.structs.replace(watching, page=known, lit=(), dot=None)
        told.append(page)
    light = shown.highlight
    lit = (light.slot, light.armed) if light and light.offer == screen.offer else (None, False)
    if lit != watching.lit:
        watching = msgspec.structs.replace(watching, lit=lit)
        told.append(rows.Lit(t=at_s, slot=lit[0], armed=lit[1]))
    return watching, tuple(told)


def _page(watching: Watching, screen: m.Screen, at_s: float) -> rows.Page:
    return rows.Page(
        t=at_s,
        offer=screen.offer,
        mode=screen.mode,
        zones=screen.zones,
        language=screen.language,
        tiles=tuple(_place(tile, words=watching.words) for tile in screen.tiles),
        text=screen.text if watching.words else "",
    )


def _place(tile: m.Tile, *, words: bool) -> rows.Place:
    bare = rows.Place(slot=tile.slot, role=tile.role, area=_rectangle(tile.area), pad=_rectangle(tile.pad))
    return msgspec.structs.replace(bare, label=tile.label, grey=tile.grey, p=tile.p) if words else bare


def _rectangle(area: m.Area) -> rows.Rectangle:
    return _digits(area.left), _digits(area.top), _digits(area.right), _digits(area.bottom)


def _without_time(page: rows.Page) -> tuple[object, ...]:
    return page.offer, page.mode, page.zones, page.tiles, page.text


def _s(watching: Watching, at_ns: int) -> float:
    return _digits((at_ns - watching.began_ns) / SECOND_NS)


def _digits(value: float) -> float:
    return round(value, rows.TIMES)


# --- the shell --------------------------------------------------------------------------------------------------


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be recorded, and for how long."""

    path: Path
    minutes: float
    words: bool = False


class Recording:
    """A recording in progress."""

    def __init__(self, wish: Wish, file: BinaryIO, clock: Clock) -> None:
        self._wish = wish
        self._file = file
        self._clock = clock
        self._watching = Watching(clock.now_ns(), wish.words)
        self._bytes = 0
        self.looks = self.choices = 0
        self._is_asked_to_end = False

    def end(self) -> None:
        """Ask it to end; what came until then is kept."""
        self._is_asked_to_end = True

    @property
    def begins(self) -> str:
        """What is about to happen."""
        return f"recording to {self._wish.path}, and the wearer is told; Ctrl-C ends it"

    @property
    def ended(self) -> str:
        """What was recorded, where it lies, and who can read it."""
        what = WORDY if self._wish.words else WORDLESS
        why = ", when it was full" if self._is_full else ""
        return (
            f"{self._wish.path.absolute()}: {self.looks} looks, {self.choices} choices{why}. It is not encrypted: "
            f"{what}. Delete it when nobody needs it any more."
        )

    def begin(self, display: DisplaySettings) -> None:
        """Write what it is. Raises PlaceError."""
        at, words = clocks.local_time(), self._wish.words
        self._write((rows.Begun(at=at, words=words, width=display.width, height=display.height),))

    def run(self, following: Following, ear: listening.Ear) -> None:
        """Record until it is over. Raises Missing where the wearer cannot be told any more, and PlaceError."""
        turned_ns = self._clock.now_ns()
        until_ns = turned_ns + seconds(60 * self._wish.minutes)
        while not self._is_asked_to_end and not self._is_full and self._clock.now_ns() < until_ns:
            self._take(following.turn())
            began_ns = self._clock.now_ns()
            for each in ear.heard(WAIT_S):
                self._watching, told = step(self._watching, each.message, Came(turned_ns, each.arrived_ns))
                self._write(told)
            turned_ns = began_ns
            self._watching, told = released(self._watching, self._clock.now_ns())
            self._write(told)
        following.take_back()
        self._take(following.last_choices())
        self._write((rows.Ended(t=_s(self._watching, self._clock.now_ns())),))
        following.end()
        if not self.looks:
            raise Missing(NO_LOOK)

    @property
    def _is_full(self) -> bool:
        return self._bytes >= rows.LARGEST_BYTES

    def _take(self, records: Iterable[bytes]) -> None:
        for record in records:
            self._write(choice(self._watching, record))

    def _write(self, some: Iterable[rows.Begun | rows.Row]) -> None:
        """A line each, and each by itself: what was written is whole, whatever happens. Raises PlaceError."""
        try:
            for row in some:
                self._bytes += self._file.write(rows.line(row))
                self.looks += isinstance(row, rows.Look)
                self.choices += isinstance(row, rows.Choice)
        except OSError as error:
            raise full(self._wish.path, error) from None


def recorded(
    wish: Wish, runtime: Path, display: DisplaySettings, clock: Clock, begun: Callable[[Recording], None]
) -> Recording:
    """Record a kit that runs, until it is over; `begun` is told once it goes on.

    Raises Missing where none runs, the wearer cannot be told, or no look came (there is no file then), and
    PlaceError where the file cannot be.
    """

    def renewal(request: str, until_ns: int) -> m.RecordLooks:
        return m.RecordLooks(request=request, until_ns=until_ns, words=wish.words)

    with asking.reached("gaze", "recorder", runtime, clock) as gaze, created(wish.path) as file:
        following, recording = Following(gaze, "gaze part", clock, renewal), Recording(wish, file, clock)
        try:
            following.begin(choices=True)
            recording.begin(display)
            begun(recording)
            with closing(listening.Ear(runtime, HEARS, clock)) as ear:
                recording.run(following, ear)
        except Missing as error:
            following.take_back()
            if not recording.looks:
                wish.path.unlink(missing_ok=True)
                raise
            raise Missing(f"{error}; what came until then is in {wish.path}") from None
        except KeyboardInterrupt:  # before it goes on: from then on Ctrl-C ends it with a whole file
            if not recording.looks:
                wish.path.unlink(missing_ok=True)
            raise
    return recording
