"""`vybor headband stream`: signals of a running kit to other programs, by Lab Streaming Layer, on request only.

No words leave by it: of choices and screens it tells places, of a private text nothing at all, looks included.
Looks, signs, presses and screens are held back until the deciding part has said once more that the text is open.
The headband's part tells the wearer as long as it goes on; where it cannot, nothing is given.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np

from vybor.commands import asking, open_text
from vybor.commands.following import Following
from vybor.commands.open_text import Came
from vybor.contracts import messages as m
from vybor.contracts.messages import Signal
from vybor.doctor import listening
from vybor.foundation.clock import SECOND_NS, Clock
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.headband.devices.lsl.outlets import Eeg, Look, Mark, Sent
from vybor.headband.devices.recorder.joining import Joined, join
from vybor.headband.port import Chunk

WAIT_S = 0.05
FILLED_S = 10.0
"""A longer gap is no row of lost samples: it shows in the times alone."""
HEARS = (m.Screen, m.Samples, m.Gaze, m.Gesture, m.SwitchPress, m.Shown)
"""The deciding part first: of what has come, whether the text is private is read before all else."""
EVENTS, SCREENS = "events", "screens"

Say = Callable[[str], None]


class Chosen(msgspec.Struct, frozen=True, tag="Decision"):
    """What is read of a decision: no text of it is even unpacked."""

    at_ns: int
    action: str
    slot: int
    offer: int
    learn: bool = True


class Telling(msgspec.Struct, frozen=True):
    """What is known between two messages."""

    signals: tuple[Signal, ...]
    text: open_text.Waiting[Sent] = open_text.Waiting()
    joined: Joined = Joined()
    shown: tuple[object, ...] = ()
    """What the last mark of a screen said."""


def step(telling: Telling, message: m.AnyMessage, came: Came) -> tuple[Telling, tuple[Sent, ...]]:
    """Take in a message; what is to be sent of it at once."""
    match message:
        case m.Screen():
            return _screen(telling, message, came)
        case m.Samples() if Signal.EEG in telling.signals:
            return _samples(telling, message)
        case m.Gaze() | m.Gesture() | m.SwitchPress() | m.Shown():
            if not open_text.may_be_told(telling.text, message.at_ns):
                return telling, ()
            telling, sent = _act(telling, message)
            return msgspec.structs.replace(telling, text=open_text.holding(telling.text, sent, came)), ()
        case _:
            return telling, ()


def released(telling: Telling, now_ns: int) -> tuple[Telling, tuple[Sent, ...]]:
    """What was held back long enough, of an open text; to be asked once all screens that have come were read."""
    text, sent = open_text.released(telling.text, now_ns)
    return msgspec.structs.replace(telling, text=text), sent


def _act(
    telling: Telling, message: m.Gaze | m.Gesture | m.SwitchPress | m.Shown
) -> tuple[Telling, tuple[Sent, ...]]:
    match message:
        case m.Gaze() if Signal.GAZE in telling.signals:
            return telling, (Look(message.at_ns, numbers(message)),)
        case m.Gesture() if Signal.EVENTS in telling.signals:
            lasted_s = round((message.ended_ns - message.at_ns) / SECOND_NS, 3)
            said = {"event": message.kind, "log_odds": message.log_odds, "lasted_s": lasted_s}
            return telling, (_mark(EVENTS, message.at_ns, said),)
        case m.SwitchPress() if Signal.EVENTS in telling.signals:
            return telling, (_mark(EVENTS, message.at_ns, {"event": "switch"}),)
        case m.Shown() if Signal.SCREENS in telling.signals:
            return _shown(telling, message)
        case _:
            return telling, ()


def numbers(look: m.Gaze) -> tuple[float, ...]:
    """A look as a row: not a number where there is no point, or no face."""
    point = look.point
    where = (point.x, point.y, point.sd_x, point.sd_y) if point else (math.nan,) * 4
    eyes = math.nan if look.eyes is m.Eyes.ABSENT else float(look.eyes is m.Eyes.OPEN)
    return (*where, eyes)


def choice(record: bytes) -> tuple[Sent, ...]:
    """What is told of a decision of the record: nothing of a private text, nor of what cannot be read."""
    try:
        chosen = msgspec.msgpack.decode(record, type=Chosen)
    except NOT_UNDERSTOOD:
        return ()
    said = {"event": "choice", "action": chosen.action, "slot": chosen.slot, "offer": chosen.offer}
    return (_mark(EVENTS, chosen.at_ns, said),) if chosen.learn else ()


def _screen(telling: Telling, screen: m.Screen, came: Came) -> tuple[Telling, tuple[Sent, ...]]:
    """Whether the text is private; when that changes it is told, so that silence can be understood."""
    was_open = telling.text.is_open
    text, is_anew = open_text.screened(telling.text, screen, came)
    told = msgspec.structs.replace(telling, text=text, shown=() if is_anew else telling.shown)
    if text.is_open is was_open or Signal.EVENTS not in telling.signals:
        return told, ()
    return told, (_mark(EVENTS, screen.at_ns, {"event": "open" if text.is_open else "private"}),)


def _shown(telling: Telling, shown: m.Shown) -> tuple[Telling, tuple[Sent, ...]]:
    said: dict[str, object] = {}
    if shown.target is not None and shown.target.dot is not None:
        said = {"dot": shown.target.dot, "x": shown.target.x, "y": shown.target.y}
    elif shown.screen is not None and open_text.is_open(shown.screen):
        lit = shown.highlight.slot if shown.highlight else None
        screen = shown.screen
        said = {"page": screen.mode, "offer": screen.offer, "tiles": len(screen.tiles), "lit": lit}
    known = tuple(said.items())
    if not said or known == telling.shown:
        return telling, ()
    return msgspec.structs.replace(telling, shown=known), (_mark(SCREENS, shown.at_ns, said),)


def _samples(telling: Telling, samples: m.Samples) -> tuple[Telling, tuple[Sent, ...]]:
    """Samples behind those of before; lost ones between them are rows that are no numbers."""
    size, row = len(samples.microvolts), 4 * len(samples.labels)
    if not row or not size or size % row or samples.period_ns <= 0:
        return telling, ()
    felt = np.frombuffer(samples.microvolts, "<f4")
    chunk = Chunk(
        first=samples.first,
        microvolts=felt.reshape(len(samples.labels), -1),
        at_ns=samples.at_ns,
        period_ns=samples.period_ns,
        at_sd_ns=samples.at_sd_ns,
    )
    last = telling.joined.last
    joined, chunk = join(telling.joined, chunk)
    lost = chunk.first - last.end if last else 0
    if not 0 < lost <= FILLED_S * samples.hz or last is None or len(last.microvolts) != len(chunk.microvolts):
        lost = 0
    gap = np.full((len(samples.labels), lost), np.nan, np.float32)
    sent = Eeg(
        board=samples.board,
        hz=samples.hz,
        labels=samples.labels,
        at_ns=chunk.time_of(chunk.first - lost),
        period_ns=chunk.period_ns,
        microvolts=np.hstack([gap, chunk.microvolts]),
    )
    return msgspec.structs.replace(telling, joined=joined), (sent,)


def _mark(stream: str, at_ns: int, said: dict[str, object]) -> Mark:
    return Mark(stream, at_ns, msgspec.json.encode(said).decode())


# --- the shell ------------------------------------------------------------------------------------------------


class Giver:
    """Hears a kit and sends what is wanted of it."""

    def __init__(self, headband: asking.Room, clock: Clock, signals: tuple[Signal, ...]) -> None:
        self._clock = clock
        self._telling = Telling(signals)
        self._following = Following(headband, "headband", clock, self._renewal)
        self._turned_ns = 0

    def begin(self) -> str:
        """Tell the wearer, and find where the record ends. Raises Missing. Returns what is not given, if any."""
        lacking = self._following.begin(choices=Signal.EVENTS in self._telling.signals)
        return f"choices are not among the events: {lacking}" if lacking else ""

    def turn(self, ear: listening.Ear) -> Iterator[Sent]:
        """What has come. Raises Missing where the wearer cannot be told any more."""
        for record in self._following.turn():
            yield from choice(record)
        began_ns = self._clock.now_ns()
        for each in ear.heard(WAIT_S):
            came = Came(self._turned_ns, each.arrived_ns)
            self._telling, sent = step(self._telling, each.message, came)
            yield from sent
        self._turned_ns = began_ns
        self._telling, sent = released(self._telling, self._clock.now_ns())
        yield from sent

    def end(self) -> None:
        """The wearer need not be told any more. Raises Missing if nobody heard it."""
        self._following.end()

    def _renewal(self, request: str, until_ns: int) -> m.GiveOut:
        return m.GiveOut(request=request, signals=self._telling.signals if until_ns else (), until_ns=until_ns)


def run(
    runtime: Path, clock: Clock, giver_of: Callable[[asking.Room], Giver], send: Callable[[Sent], None], say: Say
) -> None:
    """Give signals out until Ctrl-C. Raises Missing where no kit runs, or the wearer cannot be told any more."""
    with asking.reached("headband", "stream", runtime, clock) as headband:
        giver = giver_of(headband)
        if lacking := giver.begin():
            say(lacking)
        say("signals are given to whoever listens, and the wearer is told; Ctrl-C ends it")
        with closing(listening.Ear(runtime, HEARS, clock)) as ear:
            try:
                while True:
                    for sent in giver.turn(ear):
                        send(sent)
            except KeyboardInterrupt:
                giver.end()
