"""`vybor headband stream`: signals of a running kit to other programs, by Lab Streaming Layer, on request only.

No words leave by it: of choices and screens it tells places, of a private text nothing at all, looks included. The
headband's part tells the wearer as long as it goes on; where it cannot, nothing is given.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.contracts.messages import Signal
from vybor.doctor import listening
from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import Missing
from vybor.headband.devices.lsl.outlets import Eeg, Look, Mark, Sent
from vybor.headband.devices.recorder.joining import Joined, join
from vybor.headband.port import Chunk
from vybor.segments.rows import Kind

WAIT_S = 0.05
RENEWED_S, LASTS_S = 2.0, 6.0
"""The headband's part is told so often that it goes on, each time for so long."""
ANSWER_S = 3.0
CHOICES_S = 1.0
"""The journal is asked so often for new choices; their own times are exact all the same."""
FILLED_S = 10.0
"""A longer gap is no row of lost samples: it shows in the times alone."""
HEARS = (m.Samples, m.Gaze, m.Gesture, m.SwitchPress, m.Screen, m.Shown)
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
    is_open: bool = False
    """Whether what is written may be handed on, as the deciding part says; not before it has."""
    joined: Joined = Joined()
    shown: tuple[object, ...] = ()
    """What the last mark of a screen said."""


def step(telling: Telling, message: m.AnyMessage) -> tuple[Telling, tuple[Sent, ...]]:
    """Take in a message; what is to be sent of it."""
    match message:
        case m.Screen():
            return _screen(telling, message)
        case m.Samples() if Signal.EEG in telling.signals:
            return _samples(telling, message)
        case m.Gaze() if Signal.GAZE in telling.signals and telling.is_open:
            return telling, (Look(message.at_ns, numbers(message)),)
        case m.Gesture() if Signal.EVENTS in telling.signals and telling.is_open:
            lasted_s = round((message.ended_ns - message.at_ns) / SECOND_NS, 3)
            said = {"event": message.kind, "log_odds": message.log_odds, "lasted_s": lasted_s}
            return telling, (_mark(EVENTS, message.at_ns, said),)
        case m.SwitchPress() if Signal.EVENTS in telling.signals and telling.is_open:
            return telling, (_mark(EVENTS, message.at_ns, {"event": "switch"}),)
        case m.Shown() if Signal.SCREENS in telling.signals and telling.is_open:
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


def _screen(telling: Telling, screen: m.Screen) -> tuple[Telling, tuple[Sent, ...]]:
    """Whether the text is private; when that changes it is told, so that silence can be understood."""
    is_open = not (screen.private or screen.incognito)
    if is_open is telling.is_open:
        return telling, ()
    told = msgspec.structs.replace(telling, is_open=is_open, shown=())
    mark = _mark(EVENTS, screen.at_ns, {"event": "open" if is_open else "private"})
    return told, (mark,) if Signal.EVENTS in telling.signals else ()


def _shown(telling: Telling, shown: m.Shown) -> tuple[Telling, tuple[Sent, ...]]:
    said: dict[str, object] = {}
    if shown.target is not None and shown.target.dot is not None:
        said = {"dot": shown.target.dot, "x": shown.target.x, "y": shown.target.y}
    elif shown.screen is not None:
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
        self._headband = headband
        self._journal = headband.beside("journal")
        self._telling = Telling(signals)
        self._place: tuple[int, int] | None = None
        """Of the newest row of the record that was looked at; None: nobody tells of choices."""
        self._renew_ns = self._choices_ns = 0

    def begin(self) -> str:
        """Tell the wearer, and find where the record ends. Raises Missing. Returns what is not given, if any."""
        self._renew()
        if Signal.EVENTS not in self._telling.signals:
            return ""
        try:
            reply = self._journal.told(m.TellPaired(request=self._journal.new_request()), patience_s=ANSWER_S)
        except Missing as error:
            return f"choices are not among the events: {error}"
        self._place = reply.newest if isinstance(reply, m.Paired) else None
        return ""

    def turn(self, ear: listening.Ear) -> Iterator[Sent]:
        """What has come. Raises Missing where the wearer cannot be told any more."""
        if self._clock.now_ns() >= self._renew_ns:
            self._renew()
        for each in ear.heard(WAIT_S):
            self._telling, sent = step(self._telling, each.message)
            yield from sent
        if self._place is not None and self._clock.now_ns() >= self._choices_ns:
            self._choices_ns = self._clock.now_ns() + seconds(CHOICES_S)
            yield from self._choices(self._place)

    def end(self) -> None:
        """The wearer need not be told any more. Raises Missing if nobody heard it."""
        self._ask((), 0)

    def _renew(self) -> None:
        now_ns = self._clock.now_ns()
        self._ask(self._telling.signals, now_ns + seconds(LASTS_S))
        self._renew_ns = now_ns + seconds(RENEWED_S)

    def _ask(self, signals: tuple[Signal, ...], until_ns: int) -> None:
        request = self._headband.new_request()
        self._headband.told(m.GiveOut(request=request, signals=signals, until_ns=until_ns), patience_s=ANSWER_S)

    def _choices(self, place: tuple[int, int]) -> Iterator[Sent]:
        asked = m.TellRows(request=self._journal.new_request(), boot=place[0], sequence=place[1])
        try:
            reply = self._journal.told(asked, patience_s=ANSWER_S)
        except Missing:
            return  # it starts again, or is locked: what it keeps meanwhile is told later
        for row in reply.rows if isinstance(reply, m.Rows) else ():
            self._place = row.boot, row.sequence
            if row.kind == Kind.DECISION:
                yield from choice(row.record)


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
