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
    """What is recorded until when; two may record at once, one of them without words."""

    until_ns: int = 0
    words_until_ns: int = 0


def asked(known: Recorded, command: m.RecordLooks, now_ns: int) -> Recorded:
    """As somebody says, and no longer than they may. Who records no words does not speak for one who does."""
    until_ns = min(command.until_ns, now_ns + LONGEST_NS)
    if command.words:
        return msgspec.structs.replace(known, words_until_ns=until_ns)
    return msgspec.structs.replace(known, until_ns=until_ns)


def notices(known: Recorded, now_ns: int) -> tuple[m.Notice, ...]:
    """What the wearer is told."""
    if now_ns >= max(known.until_ns, known.words_until_ns):
        return ()
    trouble = m.Trouble.SESSION_RECORDED if now_ns < known.words_until_ns else m.Trouble.LOOKS_RECORDED
    return (m.Notice(process="gaze", trouble=trouble, detail=SAYS[trouble]),)
