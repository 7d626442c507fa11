"""`vybor partner …`: tells a running kit what the other person just said, so that its words answer that."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock
from vybor.foundation.errors import Missing
from vybor.foundation.typed import characters

STANDS = "it stands on the screen until the answer is spoken"
CLEARED = "nothing of what they said stands on the screen now"


def said(turn: str, runtime: Path, clock: Clock) -> str:
    """Hand one turn to the deciding process; empty: what was said before holds no more.

    Raises Missing if it is refused or no kit runs, and PlaceError.
    """
    with asking.reached("core", "partner", runtime, clock) as core:
        return _told(core, turn)


def conversation(lines: Iterable[str], runtime: Path, clock: Clock) -> Iterator[str]:
    """Hand over each line as it comes; one that is refused ends nothing."""
    with asking.reached("core", "partner", runtime, clock) as core:
        for line in lines:
            try:
                yield _told(core, line)
            except Missing as refused:
                yield str(refused)


def _told(core: asking.Room, turn: str) -> str:
    core.told(m.HearPartner(request=core.new_request(), text=characters(turn)))
    return STANDS if turn.strip() else CLEARED
