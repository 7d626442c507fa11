"""`vybor calibrate`: asks the process `gaze` of a running kit to show its dots again."""

from pathlib import Path

from vybor import units
from vybor.contracts import messages as m
from vybor.doctor import listening
from vybor.foundation.bus import Answered, Bus
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import Missing, PlaceError

PATIENCE_S = 180.0
"""Nine dots take ten seconds; somebody who looks away in between, longer."""


def calibrate(runtime: Path, clock: Clock) -> str:
    """Ask, wait for the wearer to look at the dots, and return what came of it.

    Raises Missing if no kit runs there, or gaze refuses or does not answer; PlaceError if this user may not ask.
    """
    _find(runtime)
    bus = Bus("carer", runtime, clock)
    try:
        command = m.Calibrate(request=bus.new_request())
        bus.ask("gaze", command)
        deadline_ns = clock.now_ns() + seconds(PATIENCE_S)
        while clock.now_ns() < deadline_ns:
            for arrival in bus.receive(0.2):
                if isinstance(arrival, Answered):
                    return _told(arrival.reply)
            bus.tend()
    finally:
        bus.close()
    raise Missing("gaze does not answer; see `vybor doctor`")


def _find(runtime: Path) -> None:
    """Raises PlaceError where this user may not ask, and Missing where nobody can be asked."""
    if listening.may_not_enter(runtime):
        raise PlaceError(
            f"this user may not speak to the kit in {runtime}; use sudo, or join the group "
            "(sudo adduser $USER vybor, then log in again)"
        )
    if not listening.is_answered(runtime, "gaze"):
        start = f"sudo systemctl start {units.TARGET}" if str(runtime) == units.RUNTIME else "vybor up"
        raise Missing(f"no kit runs in {runtime}; start it with `{start}`, or name its folder with --runtime")


def _told(reply: m.AnyReply) -> str:
    if isinstance(reply, m.Refused):
        raise Missing(f"gaze was not calibrated: {reply.reason or reply.trouble}")
    return "calibrated"
