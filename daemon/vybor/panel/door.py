"""Who may come in: whoever types the digits on the kit's own screen. Pure; time and chance are handed in.

Six digits are few: they hold for three minutes and five attempts, and each time that they led to nothing the next
ones are longer in coming. Whoever is in the network may so keep others out for a while, but does not come in.
"""

from enum import StrEnum
from hmac import compare_digest

import msgspec

from vybor.foundation.clock import seconds

DIGITS = 6
HOLDS_NS = seconds(180)
MOST_WRONG = 5
"""Of one PIN: a hand that slips twice still comes in."""
FIRST_WAIT_NS = seconds(30)
"""After a PIN by which nobody came in; the next time twice as long…"""
LONGEST_WAIT_NS = seconds(3600)
"""…and so on up to this. Five attempts an hour guess the digits in sixteen years, in half of the cases."""
PEACE_NS = seconds(24 * 3600)
"""After a day on which nobody asked in vain, it begins anew with the shortest."""
WARNED_NS = seconds(600)
"""So long the wearer reads that somebody tried."""


class Answer(StrEnum):
    """What came of digits that were typed."""

    IN = "in"
    WRONG = "wrong"
    NONE = "none"
    """No PIN stands on the screen any more, or yet."""
    CLOSED = "closed"
    """None will for a while."""


class Door(msgspec.Struct, frozen=True):
    """What is known of it."""

    pin: str = ""
    """What stands on the screen; empty: nothing."""
    until_ns: int = 0
    wrong: int = 0
    """So often something else was typed."""
    in_vain: int = 0
    """So many PINs in a row by which nobody came in."""
    closed_until_ns: int = 0
    warned_until_ns: int = 0
    """Until then the wearer is told of wrong digits."""

    def is_closed(self, now_ns: int) -> bool:
        """Whether no PIN is to be had now."""
        return now_ns < self.closed_until_ns

    def is_warned(self, now_ns: int) -> bool:
        """Whether the wearer is to be told that somebody tried."""
        return now_ns < self.warned_until_ns


def passed(door: Door, now_ns: int) -> Door:
    """Time has passed: a PIN that nobody typed goes."""
    return _spent(door, now_ns) if door.pin and now_ns >= door.until_ns else door


def asked(door: Door, pin: str, now_ns: int) -> Door:
    """Somebody at a browser asks for a PIN; `pin` is a fresh one. One that stands there already stays."""
    door = passed(door, now_ns)
    if door.pin or door.is_closed(now_ns):
        return door
    return msgspec.structs.replace(door, pin=pin, until_ns=now_ns + HOLDS_NS)


def typed(door: Door, told: str, now_ns: int) -> tuple[Door, Answer]:
    """Somebody types digits; spaces between them do not count."""
    door = passed(door, now_ns)
    if door.is_closed(now_ns):
        return door, Answer.CLOSED
    if not door.pin:
        return door, Answer.NONE
    if compare_digest("".join(told.split()).encode(), door.pin.encode()):
        return Door(), Answer.IN
    door = msgspec.structs.replace(door, wrong=door.wrong + 1)
    if door.wrong < MOST_WRONG:
        return door, Answer.WRONG
    return msgspec.structs.replace(_spent(door, now_ns), warned_until_ns=now_ns + WARNED_NS), Answer.CLOSED


def _spent(door: Door, now_ns: int) -> Door:
    """The PIN is gone, and the next one waits."""
    in_vain = door.in_vain if now_ns - door.closed_until_ns < PEACE_NS else 0
    wait_ns = min(LONGEST_WAIT_NS, FIRST_WAIT_NS << min(in_vain, 16))
    return msgspec.structs.replace(door, pin="", wrong=0, in_vain=in_vain + 1, closed_until_ns=now_ns + wait_ns)
