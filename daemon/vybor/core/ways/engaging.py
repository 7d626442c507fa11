"""What the headband says of engagement, beside the looks that it came with; and the pace for drowsy eyes. Pure.

It changes no belief and no evidence. How engaged the wearer was while a tile was looked at stands in the record,
for what weighs looks later. While they seem drowsy, edges of tiles listen after a little more looking at the
words: all looks at them count for that, so it comes with the same looks, only later, and can keep nobody from
choosing.
"""

import math

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector.state import Selector

STALE_NS = channels.silent_after_ns(channels.BY_TYPE[m.Engaged])
LEAST_SHARE = 0.5
"""Of the looking at a tile that must have come with a figure."""
TOLD_NS = seconds(20)
"""So long the screen says why it waits."""


class Looked(msgspec.Struct, frozen=True):
    """The looking at one tile that came with a figure."""

    slot: int
    ns: int
    sum: float
    """Of z, times nanoseconds."""


class Engaging(msgspec.Struct, frozen=True):
    """What is known of it."""

    newest: m.Engaged | None = None
    looked: tuple[Looked, ...] = ()
    drowsy_ns: int | None = None
    """Since when the wearer has been drowsy, as it was heard here."""


def heard(known: Engaging, told: m.Engaged) -> Engaging:
    """The headband said something; what is no number says nothing."""
    if told.z is not None and not math.isfinite(told.z):
        told = msgspec.structs.replace(told, z=None)
    since = (told.at_ns if known.drowsy_ns is None else known.drowsy_ns) if told.drowsy else None
    return msgspec.structs.replace(known, newest=told, drowsy_ns=since)


def looked(known: Engaging, before: Selector, after: Selector, now_ns: int) -> Engaging:
    """A look came: what was added to the looking at a tile came with the newest figure."""
    was, is_now = dict(before.gaze_ns), dict(after.gaze_ns)
    told = _newest(known, now_ns)
    if not known.looked and (told is None or told.z is None):
        return known
    kept = {each.slot: each for each in known.looked if each.slot in was and each.slot in is_now}
    if told is not None and told.z is not None:
        for slot, ns in is_now.items():
            if (added := ns - was.get(slot, 0)) > 0:
                one = kept.get(slot, Looked(slot, 0, 0.0))
                kept[slot] = Looked(slot, one.ns + added, one.sum + told.z * added)
    return msgspec.structs.replace(known, looked=tuple(kept.values()))


def of_tile(known: Engaging, slot: int, gaze_ns: int) -> float | None:
    """The mean figure while a tile was looked at for so long; None where most of that had none."""
    one = next((each for each in known.looked if each.slot == slot), None)
    if one is None or not gaze_ns or one.ns < LEAST_SHARE * gaze_ns:
        return None
    return round(one.sum / one.ns, 2)


def drowsy(known: Engaging, now_ns: int) -> bool | None:
    """None: nothing is said of it now."""
    told = _newest(known, now_ns)
    return None if told is None or (told.alpha is None and not told.drowsy) else told.drowsy


def paced(known: Engaging, rule: CommitSettings, now_ns: int) -> CommitSettings:
    """The rule, with more looking at words before an edge listens while the wearer seems drowsy."""
    if rule.drowsy_times <= 1 or not drowsy(known, now_ns):
        return rule
    return msgspec.structs.replace(
        rule, read_s=rule.read_s * rule.drowsy_times, read_s_per_word=rule.read_s_per_word * rule.drowsy_times
    )


def told(known: Engaging, rule: CommitSettings, now_ns: int) -> m.Trouble | None:
    """What the screen says of it, for a while, where it does anything."""
    is_new = known.drowsy_ns is not None and now_ns - known.drowsy_ns <= TOLD_NS
    return m.Trouble.DROWSY if is_new and paced(known, rule, now_ns) is not rule else None


def _newest(known: Engaging, now_ns: int) -> m.Engaged | None:
    told = known.newest
    return told if told is not None and 0 <= now_ns - told.at_ns <= STALE_NS else None
