"""`vybor headband stream`: signals of a running kit to other programs, by Lab Streaming Layer, on request only.

No words leave by it: of choices and screens it tells places, of a private text nothing at all, looks included.
Looks, signs, presses and screens are held back until the deciding part has said once more that the text is open.
The headband's part tells the wearer as long as it goes on; where it cannot, nothing is given.
"""

import math
from collections.abc import Callable, Iterable, Iterator
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
"""Nothing waits for an answer, but for the first; one that does not come in so long does not come."""
HELD_S = 0.3
"""A look is held back so long at least: the screen is said five times a second."""
SILENT_S = 2.0
"""Where no screen came for so long, nothing is known of the text in between."""
CHOICES_S = 1.0
"""The journal is asked so often for new choices; their own times are exact all the same."""
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


class Came(msgspec.Struct, frozen=True):
    """When a message came: it was not there at the one time, and was read at the other."""

    since_ns: int
    read_ns: int


class Held(msgspec.Struct, frozen=True):
    """What waits until the text is known to have been open."""

    read_ns: int
    sent: Sent


class Telling(msgspec.Struct, frozen=True):
    """What is known between two messages."""

    signals: tuple[Signal, ...]
    is_open: bool = False
    """Whether what is written may be handed on, as the deciding part says; not before it has."""
    opened_ns: int = 0
    """Nothing that began before is given."""
    open_ns: int = 0
    """A screen that came after this said that the text is open."""
    screen_ns: int | None = None
    """When a screen was read last."""
    held: tuple[Held, ...] = ()
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
            if not telling.is_open or message.at_ns < telling.opened_ns:
                return telling, ()
            telling, sent = _act(telling, message)
            held = tuple(Held(came.read_ns, each) for each in sent)
            return msgspec.structs.replace(telling, held=telling.held + held), ()
        case _:
            return telling, ()


def released(telling: Telling, now_ns: int) -> tuple[Telling, tuple[Sent, ...]]:
    """What was held back long enough, of an open text; to be asked once all screens that have come were read."""
    known_ns = min(telling.open_ns, now_ns - seconds(HELD_S))
    sent = tuple(each.sent for each in telling.held if each.read_ns <= known_ns)
    forgotten_ns = now_ns - seconds(SILENT_S)
    held = tuple(each for each in telling.held if each.read_ns > max(known_ns, forgotten_ns))
    return msgspec.structs.replace(telling, held=held), sent


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
    is_open = _is_open(screen)
    was_silent = telling.screen_ns is not None and came.read_ns - telling.screen_ns > seconds(SILENT_S)
    changed = {"screen_ns": came.read_ns, "is_open": is_open}
    if is_open and telling.is_open and not was_silent:
        return msgspec.structs.replace(telling, open_ns=came.since_ns, **changed), ()
    opened_ns = came.read_ns if was_silent else screen.at_ns
    told = msgspec.structs.replace(
        telling, opened_ns=opened_ns, open_ns=came.since_ns, held=(), shown=(), **changed
    )
    if is_open is telling.is_open or Signal.EVENTS not in telling.signals:
        return told, ()
    return told, (_mark(EVENTS, screen.at_ns, {"event": "open" if is_open else "private"}),)


def _is_open(screen: m.Screen) -> bool:
    return not (screen.private or screen.incognito)


def _shown(telling: Telling, shown: m.Shown) -> tuple[Telling, tuple[Sent, ...]]:
    said: dict[str, object] = {}
    if shown.target is not None and shown.target.dot is not None:
        said = {"dot": shown.target.dot, "x": shown.target.x, "y": shown.target.y}
    elif shown.screen is not None and _is_open(shown.screen):
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


class Wait(msgspec.Struct, frozen=True):
    """A command that is not answered, whom it was for, and when that is given up."""

    room: asking.Room
    until_ns: int


class Giver:
    """Hears a kit and sends what is wanted of it. It asks, and takes the answer in a later turn."""

    def __init__(self, headband: asking.Room, clock: Clock, signals: tuple[Signal, ...]) -> None:
        self._clock = clock
        self._headband = headband
        self._journal = headband.beside("journal")
        self._telling = Telling(signals)
        self._place: tuple[int, int] | None = None
        """Of the newest row of the record that was looked at; None: nobody tells of choices."""
        self._renew_ns = self._choices_ns = self._turned_ns = 0
        self._waits: dict[str, Wait] = {}

    def begin(self) -> str:
        """Tell the wearer, and find where the record ends. Raises Missing. Returns what is not given, if any."""
        self._headband.told(self._renewal(self._telling.signals), patience_s=ANSWER_S)
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
        yield from self._answers()
        self._ask()
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
        for request, wait in self._waits.items():
            wait.room.take_back(request)
        self._waits.clear()
        self._headband.told(self._renewal(()), patience_s=ANSWER_S)

    def _ask(self) -> None:
        """Ask what is due; a journal that starts again, or is locked, tells later of what it keeps meanwhile."""
        now_ns = self._clock.now_ns()
        if now_ns >= self._renew_ns:
            self._ask_of(self._headband, self._renewal(self._telling.signals))
        if self._place is not None and now_ns >= self._choices_ns:
            boot, sequence = self._place
            asked = m.TellRows(request=self._journal.new_request(), boot=boot, sequence=sequence)
            self._choices_ns = now_ns + seconds(ANSWER_S)
            self._ask_of(self._journal, asked)

    def _ask_of(self, room: asking.Room, command: m.AnyCommand) -> None:
        room.ask(command)
        self._waits[command.request] = Wait(room, self._clock.now_ns() + seconds(ANSWER_S))

    def _answers(self) -> Iterator[Sent]:
        """Take in what was answered; what was not is given up, and of the headband's part it is the end."""
        for reply in self._headband.answers():
            wait = self._waits.pop(reply.request, None)
            if isinstance(reply, m.Rows):
                self._choices_ns = self._clock.now_ns() + seconds(CHOICES_S)
                yield from self._choices(reply.rows)
            elif isinstance(reply, m.Refused) and wait and wait.room is self._headband:
                raise Missing(reply.reason)
        now_ns = self._clock.now_ns()
        for request, wait in list(self._waits.items()):
            if now_ns >= wait.until_ns:
                del self._waits[request]
                wait.room.take_back(request)
                if wait.room is self._headband:
                    raise Missing("the headband does not answer; see `vybor doctor`")

    def _choices(self, rows: Iterable[m.KeptRow]) -> Iterator[Sent]:
        for row in rows:
            self._place = row.boot, row.sequence
            if row.kind == Kind.DECISION:
                yield from choice(row.record)

    def _renewal(self, signals: tuple[Signal, ...]) -> m.GiveOut:
        now_ns = self._clock.now_ns()
        self._renew_ns = now_ns + seconds(RENEWED_S)
        until_ns = now_ns + seconds(LASTS_S) if signals else 0
        return m.GiveOut(request=self._headband.new_request(), signals=signals, until_ns=until_ns)


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
