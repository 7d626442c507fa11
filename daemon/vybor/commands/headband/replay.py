"""`vybor headband replay`: a recording through the detectors of the room, and what they see in it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from vybor.commands.headband.report.words import ALWAYS, ENGLISH
from vybor.contracts.messages import GestureKind
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.boards import Board
from vybor.headband.detecting import gestures
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import chunks
from vybor.headband.port import Chunk
from vybor.headband.process import rule_of

GAP_S = 0.02
"""What is lost for a shorter time is told in the sum alone."""
MANY = {
    GestureKind.BLINK: "blinks",
    GestureKind.DOUBLE_BLINK: "double blinks",
    GestureKind.CLENCH: "clenches",
    GestureKind.LONG_CLENCH: "held clenches",
}
"""Of what has another word where it is not one."""


class Recording(msgspec.Struct, frozen=True, kw_only=True, tag="recording"):
    """What is played."""

    file: str
    kind: str
    board: str
    channels: int
    hz: int


class Noticed(msgspec.Struct, frozen=True, kw_only=True, tag="noticed"):
    """A gesture, in seconds since the recording's beginning."""

    at_s: float
    lasted_s: float
    kind: GestureKind
    log_odds: float
    known_s: float
    """When it was known."""


class Lost(msgspec.Struct, frozen=True, kw_only=True, tag="lost"):
    """Samples that the recording has not."""

    at_s: float
    samples: int
    lasted_s: float


class Unheard(msgspec.Struct, frozen=True, kw_only=True, tag="unheard"):
    """Which channels, counted from 1, give no evidence from now on."""

    at_s: float
    channels: tuple[int, ...]
    names: tuple[str, ...] = ()
    """What the maker of the headband calls them, if they have names."""


class Sum(msgspec.Struct, frozen=True, kw_only=True, tag="sum"):
    """All of it."""

    lasted_s: float
    lost: int
    seen: dict[str, int]


Told = Recording | Noticed | Lost | Unheard | Sum


def told(path: Path, settings: HeadbandSettings) -> Iterator[Told]:
    """What the room would see, as it would see it. Raises HeadbandMissing if the file cannot be played."""
    found = opened(path, settings.board)
    board = found.board
    yield Recording(file=str(path), kind=found.kind, board=board.name, channels=board.channels, hz=board.hz)
    yield from seen(chunks(found), rule_of(settings, board))


def seen(taken: Iterable[Chunk], rule: gestures.Rule) -> Iterator[Told]:
    """What is noticed in these chunks."""
    hz = rule.board.hz
    state: gestures.Sensing | None = None
    end, lost = 0, 0
    unheard: tuple[int, ...] = ()
    counted: Counter[str] = Counter()
    for chunk in taken:
        if missing := chunk.first - end:
            lost += missing
            if missing >= GAP_S * hz:
                yield Lost(at_s=_s(end, rule.board), samples=missing, lasted_s=round(missing / hz, 3))
        end = chunk.end
        state, noticed = gestures.step(state, chunk, rule)
        for one in noticed:
            counted[one.kind.value] += 1
            yield _noticed(one, rule.board)
        now_unheard = _unheard(state)
        if now_unheard != unheard:
            unheard = now_unheard
            labels = rule.board.labels
            names = tuple(labels[channel - 1] for channel in unheard) if labels else ()
            yield Unheard(at_s=_s(end, rule.board), channels=unheard, names=names)
    yield Sum(lasted_s=_s(end, rule.board), lost=lost, seen=dict(counted))


def lines(told: Iterable[Told]) -> Iterator[str]:
    """In words."""
    for one in told:
        yield _line(one)


def as_json(told: Iterable[Told]) -> Iterator[str]:
    """For programs."""
    for one in told:
        yield msgspec.json.encode(one).decode()


def _line(one: Told) -> str:
    match one:
        case Recording():
            return f"{one.file}: {one.kind}, of a {one.board}: {one.channels} channels at {one.hz} a second"
        case Noticed():
            lasted = (
                "" if one.kind is GestureKind.BLINK else f", {one.lasted_s:.2f} s, log-odds {one.log_odds:+.1f}"
            )
            return f"{one.at_s:9.2f} s  {ENGLISH.kinds.get(one.kind, one.kind.value)}{lasted}"
        case Lost():
            are = "sample is" if one.samples == 1 else "samples are"
            return f"{one.at_s:9.2f} s  nothing for {one.lasted_s:.2f} s: {one.samples} {are} lost"
        case Unheard():
            told = f"not believed: {_channels(one)}" if one.channels else "every channel is believed"
            return f"{one.at_s:9.2f} s  {told}"
        case Sum():
            kinds = [kind for kind in ENGLISH.kinds if kind in ALWAYS or kind.value in one.seen]
            counts = (_counted(one.seen.get(kind.value, 0), kind) for kind in kinds)
            samples = "sample" if one.lost == 1 else "samples"
            return f"{one.lasted_s:9.2f} s  the end: {', '.join(counts)}; {one.lost} {samples} lost"


def _counted(count: int, kind: GestureKind) -> str:
    return f"{count} {ENGLISH.kinds[kind] if count == 1 else MANY.get(kind, ENGLISH.kinds[kind])}"


def _channels(one: Unheard) -> str:
    """By their names, or by their numbers."""
    *others, last = one.names or tuple(str(channel) for channel in one.channels)
    listed = f"{', '.join(others)} and {last}" if others else last
    return listed if one.names else f"channel{'s' if others else ''} {listed}"


def _noticed(one: gestures.Seen, board: Board) -> Noticed:
    return Noticed(
        at_s=_s(one.onset, board),
        lasted_s=_s(one.end - one.onset, board),
        kind=one.kind,
        log_odds=round(one.log_odds, 2),
        known_s=_s(one.known, board),
    )


def _unheard(state: gestures.Sensing | None) -> tuple[int, ...]:
    good = state.contact.good if state else ()
    return tuple(place + 1 for place, is_good in enumerate(good) if not is_good)


def _s(samples: int, board: Board) -> float:
    return round(samples / board.hz, 3)
