"""Somebody records where the eyes rest: for how long, and what the wearer is told. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds

LONGEST_NS = seconds(10)
"""Who records says so again sooner: a program that was ended is told of no longer."""
SAYS = {
    m.Trouble.LOOKS_RECORDED: "`vybor gaze record` writes down looks, tiles and choices; Ctrl-C there ends it",
    m.Trouble.SESSION_RECORDED: "`vybor gaze record --words` writes down all that; Ctrl-C there ends it",
}


class Recorded(msgspec.Struct, frozen=True):
    """What is recorded until when."""

    until_ns: int = 0
    words: bool = False


def asked(command: m.RecordLooks, now_ns: int) -> Recorded:
    """As somebody says, and no longer than they may."""
    return Recorded(min(command.until_ns, now_ns + LONGEST_NS), command.words)


def notices(known: Recorded, now_ns: int) -> tuple[m.Notice, ...]:
    """What the wearer is told."""
    if now_ns >= known.until_ns:
        return ()
    trouble = m.Trouble.SESSION_RECORDED if known.words else m.Trouble.LOOKS_RECORDED
    return (m.Notice(process="gaze", trouble=trouble, detail=SAYS[trouble]),)
