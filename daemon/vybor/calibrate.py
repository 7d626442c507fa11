"""`vybor calibrate`: asks the process `gaze` of a running kit to show its dots again."""

from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import Missing

PATIENCE_S = 180.0
"""Nine dots take ten seconds; somebody who looks away in between, longer."""


def calibrate(runtime: Path, clock: Clock) -> str:
    """Ask, wait for the wearer to look at the dots, and return what came of it.

    Raises Missing if no kit runs there, or gaze refuses or does not answer.
    """
    if not (runtime / "gaze").exists():
        raise Missing(f"no kit runs in {runtime}; start it with `vybor up`, or name its folder with --runtime")
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


def _told(reply: m.AnyReply) -> str:
    if isinstance(reply, m.Refused):
        raise Missing(f"gaze was not calibrated: {reply.reason or reply.trouble}")
    return "calibrated"
