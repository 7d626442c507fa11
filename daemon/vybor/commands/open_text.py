"""What is told of a person's doing waits until the text is known to be open: nothing of a private one slips out.

Pure. What was seen is held back until a screen that came after it says that the text is open; while it is private,
or nothing is known of it, what comes is forgotten.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds

HELD_S = 0.3
"""What was seen is held back so long at least: the screen is said five times a second."""
SILENT_S = 2.0
"""Where no screen came for so long, nothing is known of the text in between."""

Told = TypeVar("Told")


class Came(msgspec.Struct, frozen=True):
    """When a message came: it was not there at the one time, and was read at the other."""

    since_ns: int
    read_ns: int


class Held(msgspec.Struct, Generic[Told], frozen=True):
    """What waits until the text is known to have been open."""

    read_ns: int
    told: Told


class Waiting(msgspec.Struct, Generic[Told], frozen=True):
    """What is known of the text, and what waits."""

    is_open: bool = False
    """Whether what is written may be handed on, as the deciding part says; not before it has."""
    opened_ns: int = 0
    """Nothing that began before is given."""
    open_ns: int = 0
    """A screen that came after this said that the text is open."""
    screen_ns: int | None = None
    """When a screen was read last."""
    held: tuple[Held[Told], ...] = ()


def is_open(screen: m.Screen) -> bool:
    """Whether anything of the text on it may be handed on."""
    return not (screen.private or screen.incognito)


def screened(known: Waiting[Told], screen: m.Screen, came: Came) -> tuple[Waiting[Told], bool]:
    """A screen came; whether all that was seen before it is forgotten."""
    now_open = is_open(screen)
    was_silent = known.screen_ns is not None and came.read_ns - known.screen_ns > seconds(SILENT_S)
    known = msgspec.structs.replace(known, screen_ns=came.read_ns)
    if now_open and known.is_open and not was_silent:
        return msgspec.structs.replace(known, open_ns=came.since_ns), False
    opened_ns = came.read_ns if was_silent else screen.at_ns
    return (
        msgspec.structs.replace(known, is_open=now_open, opened_ns=opened_ns, open_ns=came.since_ns, held=()),
        True,
    )


def may_be_told(known: Waiting[Told], at_ns: int) -> bool:
    """Whether something of that time may be told, if the text turns out to have been open."""
    return known.is_open and at_ns >= known.opened_ns


def holding(known: Waiting[Told], told: Iterable[Told], came: Came) -> Waiting[Told]:
    """Hold these back."""
    more = tuple(Held(came.read_ns, each) for each in told)
    return msgspec.structs.replace(known, held=known.held + more)


def released(known: Waiting[Told], now_ns: int) -> tuple[Waiting[Told], tuple[Told, ...]]:
    """What was held back long enough, of an open text; to be asked once all screens that have come were read."""
    known_ns = min(known.open_ns, now_ns - seconds(HELD_S))
    told = tuple(each.told for each in known.held if each.read_ns <= known_ns)
    forgotten_ns = now_ns - seconds(SILENT_S)
    held = tuple(each for each in known.held if each.read_ns > max(known_ns, forgotten_ns))
    return msgspec.structs.replace(known, held=held), told
