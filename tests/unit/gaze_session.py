"""A session before the kit by the numbers: what the bus says of it, and the recording of that."""

import msgspec

from vybor.commands.gaze import record as recording
from vybor.commands.gaze import rows
from vybor.commands.open_text import Came
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds

BEGAN_NS = seconds(500)
FRAME_S = 1 / 15
SECRET = "nobody's business"
TILES = tuple(
    m.Tile(
        slot=slot,
        role=m.Role.CANDIDATE if slot < 4 else m.Role.KEY,
        area=zone.area,
        pad=zone.pad,
        label=f"business{slot}",
        p=0.2,
    )
    for slot, zone in enumerate(TEN.zones)
)
OPEN = m.Screen(at_ns=BEGAN_NS, offer=7, mode=m.Mode.WORDS, text=SECRET, tiles=TILES)
PRIVATE = msgspec.structs.replace(OPEN, private=True)
BEGUN = rows.Begun(at="2026-01-31T12:00:00+00:00", words=False, width=800, height=480)


def ns(at_s: float) -> int:
    return BEGAN_NS + seconds(at_s)


def look(at_s: float, x: float, y: float, sd: float = 0.03, standing: float = 0.02) -> m.Gaze:
    point = m.GazePoint(x=x, y=y, sd_x=sd, sd_y=sd, standing_x=standing, standing_y=standing)
    return m.Gaze(at_ns=ns(at_s), at_sd_ns=0, eyes=m.Eyes.OPEN, point=point)


def shown(at_s: float, screen: m.Screen = OPEN, slot: int | None = None) -> m.Shown:
    light = m.Highlight(at_ns=ns(at_s), offer=screen.offer, slot=slot)
    return m.Shown(at_ns=ns(at_s), screen=screen, highlight=light)


class Listening:
    """Somebody who records, to whom a kit is told message by message; its screen is said in between."""

    def __init__(self, *, words: bool = False, screen: m.Screen = OPEN) -> None:
        self.watching = recording.Watching(BEGAN_NS, words)
        self.screen = screen
        self.now_ns = BEGAN_NS
        self.written: list[rows.Row] = []

    def hear(self, *messages: m.AnyMessage) -> None:
        for message in messages:
            if isinstance(message, m.Screen):
                self.screen = message
            self._hear(message)
            for _ in range(3):
                self._hear(self.screen)

    def _hear(self, message: m.AnyMessage) -> None:
        since_ns = self.now_ns - 1
        self.now_ns += seconds(0.2)
        self.watching, at_once = recording.step(self.watching, message, Came(since_ns, self.now_ns))
        self.watching, held = recording.released(self.watching, self.now_ns)
        self.written += [*at_once, *held]


def resting(from_s: float, until_s: float, x: float, y: float) -> list[rows.Row]:
    """Looks at one place, as they are recorded."""
    count = round((until_s - from_s) / FRAME_S)
    return [
        rows.Look(
            t=round(from_s + place * FRAME_S, 4),
            eyes=m.Eyes.OPEN,
            x=x,
            y=y,
            sd_x=0.03,
            sd_y=0.03,
            standing_x=0.02,
            standing_y=0.02,
        )
        for place in range(count)
    ]


def unseen(from_s: float, until_s: float, eyes: m.Eyes) -> list[rows.Row]:
    count = round((until_s - from_s) / FRAME_S)
    return [rows.Look(t=round(from_s + place * FRAME_S, 4), eyes=eyes) for place in range(count)]


def page(at_s: float, screen: m.Screen = OPEN) -> rows.Page:
    heard = Listening(screen=screen)
    heard.hear(screen, shown(0.0, screen))
    (found,) = [row for row in heard.written if isinstance(row, rows.Page)]
    return msgspec.structs.replace(found, t=at_s)


def session() -> list[rows.Row]:
    """A look at a word, then at its edge, which chooses it; elsewhere; closed eyes; and nobody."""
    return [
        page(0.0),
        *resting(0.1, 2.1, 0.125, 0.2),
        *resting(2.1, 3.1, 0.125, 0.02),
        rows.Choice(t=2.8, action=m.Action.TAKE, slot=0, offer=7),
        *resting(3.1, 4.1, 0.5, 0.5),
        *unseen(4.1, 5.1, m.Eyes.CLOSED),
        *unseen(5.1, 6.1, m.Eyes.ABSENT),
        rows.Ended(t=6.2),
    ]


def lines(some: list[rows.Row], begun: rows.Begun = BEGUN) -> bytes:
    return b"".join(rows.line(row) for row in (begun, *some))
