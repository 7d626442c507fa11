"""Whether the display is gone, and what the others say: decided from `Health` and the time. Pure."""

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds

DISPLAY_SILENT_NS = seconds(10)
"""A display that only starts again is back sooner."""
DISPLAY_STARTS_NS = seconds(30)
"""From the start of the kit: a slow card and a cold disk take their time."""
SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.Health])
GRACE_NS = seconds(15)
"""A process that has not spoken yet is still starting for so long."""
KEEPERS = {m.Trouble.DISK_FULL, m.Trouble.JOURNAL_FAILED, m.Trouble.JOURNAL_LOCKED}
"""Troubles with which the journal keeps nothing."""


class Watch(msgspec.Struct, frozen=True):
    """The newest word of every process."""

    began_ns: int
    last: dict[str, m.Health] = {}
    display: str = "display"
    """The process that is the display."""


def heard(watch: Watch, health: m.Health) -> Watch:
    """A process spoke."""
    return msgspec.structs.replace(watch, last={**watch.last, health.process: health})


def display_is_gone(watch: Watch, now_ns: int) -> bool:
    """Whether the console is needed: the display fell silent, or never came."""
    health = watch.last.get(watch.display)
    if health is None:
        return now_ns - watch.began_ns > DISPLAY_STARTS_NS
    return now_ns - health.at_ns > DISPLAY_SILENT_NS


def is_silent(watch: Watch, process: str, now_ns: int) -> bool:
    """Whether a process does not answer."""
    health = watch.last.get(process)
    since_ns, limit_ns = (health.at_ns, SILENT_NS) if health else (watch.began_ns, GRACE_NS)
    return now_ns - since_ns > limit_ns


def text_is_kept(watch: Watch, now_ns: int) -> bool:
    """Whether what was written is still there: the journal keeps it, or the deciding process remembers it."""
    journal = watch.last.get("journal")
    troubles = {notice.trouble for notice in journal.troubles} if journal else set()
    keeps = not is_silent(watch, "journal", now_ns) and not troubles & KEEPERS
    return keeps or not is_silent(watch, "core", now_ns)


def last_trouble(watch: Watch) -> m.Notice | None:
    """What the display last complained of."""
    health = watch.last.get(watch.display)
    return health.troubles[-1] if health and health.troubles else None
