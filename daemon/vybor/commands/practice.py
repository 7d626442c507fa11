"""`vybor practice`: begins the exercises on the wearer's screen, over what they are writing."""

from pathlib import Path

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock

BEGUN = "practice has begun; End practice, on the wearer's menu, leads back to their own text"


def begin(runtime: Path, clock: Clock) -> str:
    """Begin practice in a running kit. Raises Missing if it is refused or no kit runs, and PlaceError."""
    with asking.reached("core", "practice", runtime, clock) as core:
        core.told(m.Practise(request=core.new_request()))
    return BEGUN
