"""`vybor gaze calibrate | check`: asks the process `gaze` of a running kit for its dots."""

from pathlib import Path

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock
from vybor.foundation.errors import Missing

PATIENCE_S = 180.0
"""Nine dots take ten seconds; somebody who looks away in between, longer."""
WAITS = "the dots are on the wearer's screen"


def asked(runtime: Path, clock: Clock, say: asking.Say, *, check: bool = False) -> m.Calibrated:
    """Ask, wait for the wearer to look at the dots, and return what came of it.

    Raises Missing if no kit runs there, or gaze refuses or does not answer; PlaceError if this user may not ask.
    """
    with asking.reached("gaze", "carer", runtime, clock) as gaze:
        command = m.Calibrate(request=gaze.new_request(), check=check)
        reply = gaze.told(command, waiting=lambda _: say(WAITS), patience_s=PATIENCE_S)
    if not isinstance(reply, m.Calibrated):
        raise Missing("the gaze part is of another version and tells no score; start the kit anew")
    return reply
