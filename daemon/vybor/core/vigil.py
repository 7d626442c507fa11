"""Who is silent: liveness of the other processes, from the age of their `Health`. Pure."""

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.selector.ways import Headband

BAND_GONE = {m.Trouble.HEADBAND_MISSING, m.Trouble.HEADBAND_STOPPED, m.Trouble.PROCESS_SILENT}

SILENT_AFTER_NS = channels.silent_after_ns(channels.BY_TYPE[m.Health])
GRACE_NS = seconds(15)
"""A process that has not spoken yet is still starting for so long."""


class Vigil(msgspec.Struct, frozen=True):
    """The newest word of every process."""

    began_ns: int
    expected: tuple[str, ...]
    last: dict[str, m.Health]


def heard(vigil: Vigil, health: m.Health) -> Vigil:
    """A process spoke."""
    return msgspec.structs.replace(vigil, last={**vigil.last, health.process: health})


def began_anew(vigil: Vigil, health: m.Health) -> bool:
    """Whether a process that spoke before is another one now."""
    before = vigil.last.get(health.process)
    return before is not None and before.pid != health.pid


def notices(vigil: Vigil, now_ns: int) -> tuple[m.Notice, ...]:
    """The troubles of those who speak, and who is silent."""
    found: list[m.Notice] = []
    for name in vigil.expected:
        health = vigil.last.get(name)
        limit_ns = SILENT_AFTER_NS if health else GRACE_NS
        since_ns = health.at_ns if health else vigil.began_ns
        if now_ns - since_ns > limit_ns:
            found.append(m.Notice(process=name, trouble=m.Trouble.PROCESS_SILENT, detail=name))
        elif health:
            found.extend(health.troubles)
    return tuple(found)


def headband(told: tuple[m.Notice, ...], *, is_set: bool) -> Headband:
    """How the headband fares, by the notices; `is_set`: whether the settings name one."""
    if not is_set:
        return Headband.UNSET
    gone = any(notice.process == "headband" and notice.trouble in BAND_GONE for notice in told)
    return Headband.GONE if gone else Headband.THERE
