"""How it stands between the kit and the headband, and when to try again. Pure."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.headband.port import Chunk

LATE_NS = seconds(2)
"""Samples that have waited for so long are passed over: what they would say comes too late to be meant of the tile
that is looked at, and who works through a minute of them at once is later still, and is ended by the watchdog."""
SILENT_NS = seconds(2)
"""No samples for so long: it has stopped. A drop of the radio raises nothing, so the samples' age is the sign."""
SILENT = "it sends nothing; see that it is switched on, charged and near"
FIRST_RETRY_NS = seconds(0.5)
LONGEST_RETRY_NS = seconds(8)
"""A headband that is switched on again is there within this and the seconds it takes to connect."""
POLL_S = 0.04
LOW_PERCENT = 15.0
"""Of a battery that lasts for five hours or more: three quarters of an hour are left."""


class Phase(StrEnum):
    """Where the link is."""

    APART = "apart"
    STARTED = "started"
    """Connected as the driver says; only samples prove it."""
    STREAMING = "streaming"


class Link(msgspec.Struct, frozen=True):
    """What is known of the link."""

    phase: Phase = Phase.APART
    since_ns: int = 0
    """When the phase began; while streaming, when the last samples came."""
    retry_ns: int = 0
    """While apart: when to try again."""
    failures: int = 0
    """Since the last samples."""
    trouble: m.Trouble | None = m.Trouble.HEADBAND_MISSING
    """Missing until there are samples: nobody should blink at a headband that is not there yet."""
    detail: str = "connecting"


def started(link: Link, now_ns: int) -> Link:
    """The headband said that it streams."""
    return msgspec.structs.replace(link, phase=Phase.STARTED, since_ns=now_ns)


def sampled(now_ns: int) -> Link:
    """Samples are here: all is well."""
    return Link(phase=Phase.STREAMING, since_ns=now_ns, trouble=None, detail="")


def is_silent(link: Link, now_ns: int) -> bool:
    """Whether the headband should be let go, because it sends nothing."""
    return link.phase is not Phase.APART and now_ns - link.since_ns > SILENT_NS


def parted(link: Link, why: str, now_ns: int) -> Link:
    """There is no headband, or no longer. A wearer who had one is told that it stopped."""
    had_one = link.phase is not Phase.APART or link.trouble is m.Trouble.HEADBAND_STOPPED
    return Link(
        retry_ns=now_ns + min(FIRST_RETRY_NS << min(link.failures, 8), LONGEST_RETRY_NS),
        failures=link.failures + 1,
        trouble=m.Trouble.HEADBAND_STOPPED if had_one else m.Trouble.HEADBAND_MISSING,
        detail=why,
    )


def away(link: Link, why: str, now_ns: int) -> Link:
    """Nothing failed, and it is not in the air: look again at once, since looking itself waits."""
    return msgspec.structs.replace(parted(link, why, now_ns), retry_ns=now_ns, failures=0)


def wait_s(link: Link, now_ns: int) -> float:
    """For how long there is nothing to do."""
    return max(0.0, (link.retry_ns - now_ns) / 1e9) if link.phase is Phase.APART else POLL_S


def in_time(chunks: Sequence[Chunk], now_ns: int) -> tuple[Chunk, ...]:
    """Those that are worth being looked at; to the detectors the others are lost, and show as a gap."""
    return tuple(each for each in chunks if now_ns - each.time_of(each.end) <= LATE_NS)


def troubles(link: Link, now_ns: int) -> tuple[m.Notice, ...]:
    """What the wearer should know. A driver that hangs cannot say so, but its samples grow old."""
    trouble, detail = link.trouble, link.detail
    if trouble is None and is_silent(link, now_ns - SILENT_NS):
        trouble, detail = m.Trouble.HEADBAND_STOPPED, SILENT
    return (m.Notice(process="headband", trouble=trouble, detail=detail),) if trouble else ()


def low(battery: float | None) -> tuple[m.Notice, ...]:
    """What the wearer should know of its battery, in percent; None where it tells nothing."""
    if battery is None or battery >= LOW_PERCENT:
        return ()
    detail = f"its battery is at {battery:.0f} %; charge it"
    return (m.Notice(process="headband", trouble=m.Trouble.HEADBAND_LOW, detail=detail),)
