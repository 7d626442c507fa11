"""Packets of several electrodes, put together again by the counter that they share. Pure.

A Muse says each electrode's twelve samples in a packet of its own, and a radio loses, repeats and delays packets.
What belongs together is told by the counter, never by the order of arrival: a lost packet leaves its electrode
without numbers for those samples, and shifts nothing.
"""

from typing import Generic, TypeVar

import msgspec

from vybor.headband.devices.muse.packets import COUNTERS

Part = TypeVar("Part")
BEHIND = 2
"""A group this far behind the newest is given out as it is: its other packets would have come."""
WAIT_NS = 150_000_000
"""As long as three packets: after that nothing comes any more, or all of it late."""
SLACK = 64
"""Packets that may be missing at once beyond what the clock explains: three seconds."""
STRANGE = 8
"""So many packets in succession that do not fit the count, and the headband has begun to count anew."""


class Group(msgspec.Struct, Generic[Part], frozen=True):
    """One packet of each electrode, as far as they came."""

    number: int
    """Counts groups since the start, lost ones too."""
    parts: tuple[Part | None, ...]
    """None where the packet was lost."""
    first_ns: int
    """When the first of them came…"""
    last_ns: int
    """…and the last."""

    @property
    def whole(self) -> bool:
        """Whether no packet is missing."""
        return all(part is not None for part in self.parts)


class Grouping(msgspec.Struct, Generic[Part], frozen=True):
    """Where the count stands, and the groups that are not given out yet."""

    electrodes: int
    period_ns: float
    """From packet to packet."""
    waiting: tuple[Group[Part], ...] = ()
    """By number."""
    newest: int = -1
    """Number of the newest packet…"""
    counter: int | None = None
    """…its counter…"""
    at_ns: int = 0
    """…and when it came."""
    given: int = 0
    """Number of the first group that was not given out."""
    strange: int = 0
    """Packets in succession that did not fit."""


def take(grouping: Grouping[Part], electrode: int, counter: int, part: Part, at_ns: int) -> Grouping[Part]:
    """Put a packet where it belongs; one that is there already, or comes too late, changes nothing."""
    ahead = _ahead(grouping, counter, at_ns)
    if ahead is None:
        if grouping.strange + 1 < STRANGE:
            return msgspec.structs.replace(grouping, strange=grouping.strange + 1)
        return take(_anew(grouping, counter, at_ns), electrode, counter, part, at_ns)
    number = grouping.newest + ahead
    if ahead > 0:
        grouping = msgspec.structs.replace(grouping, newest=number, counter=counter, at_ns=at_ns)
    grouping = msgspec.structs.replace(grouping, strange=0)
    if number < grouping.given:
        return grouping
    return _put(grouping, number, electrode, part, at_ns)


def ready(grouping: Grouping[Part], now_ns: int) -> tuple[Grouping[Part], tuple[Group[Part], ...]]:
    """The groups that can be given out, by number: whole ones, and those whose missing packets come no more."""
    count = 0
    for place, group in enumerate(grouping.waiting):
        in_turn = place == count and group.whole and group.number == _next(grouping, place)
        if in_turn or _settled(grouping, group, now_ns):
            count = place + 1
    if not count:
        return grouping, ()
    out, kept = grouping.waiting[:count], grouping.waiting[count:]
    return msgspec.structs.replace(grouping, waiting=kept, given=out[-1].number + 1), out


def runs(groups: tuple[Group[Part], ...]) -> tuple[tuple[Group[Part], ...], ...]:
    """Groups that follow each other without a gap, together."""
    cut = [place for place in range(1, len(groups)) if groups[place].number != groups[place - 1].number + 1]
    return tuple(groups[start:end] for start, end in zip([0, *cut], [*cut, len(groups)], strict=True) if groups)


def _ahead(grouping: Grouping[Part], counter: int, at_ns: int) -> int | None:
    """How many packets it is ahead of the newest; None if neither the count nor the clock explains it."""
    if grouping.counter is None:
        return 1
    ahead = (counter - grouping.counter + COUNTERS // 2) % COUNTERS - COUNTERS // 2
    elapsed = max(0.0, (at_ns - grouping.at_ns) / grouping.period_ns)
    return ahead if -SLACK <= ahead <= elapsed + SLACK else None


def _anew(grouping: Grouping[Part], counter: int, at_ns: int) -> Grouping[Part]:
    """The headband counts anew: the clock tells how many packets are missing."""
    missing = max(1, round((at_ns - grouping.at_ns) / grouping.period_ns))
    number = max(grouping.newest + missing, grouping.given)
    return msgspec.structs.replace(grouping, newest=number - 1, counter=(counter - 1) % COUNTERS, strange=0)


def _put(grouping: Grouping[Part], number: int, electrode: int, part: Part, at_ns: int) -> Grouping[Part]:
    nothing: tuple[Part | None, ...] = (None,) * grouping.electrodes
    by_number = {group.number: group for group in grouping.waiting}
    group = by_number.get(number) or Group(number, nothing, at_ns, at_ns)
    if group.parts[electrode] is None:
        parts = (*group.parts[:electrode], part, *group.parts[electrode + 1 :])
        by_number[number] = Group(number, parts, group.first_ns, at_ns)
    return msgspec.structs.replace(grouping, waiting=tuple(by_number[key] for key in sorted(by_number)))


def _settled(grouping: Grouping[Part], group: Group[Part], now_ns: int) -> bool:
    """Whether nothing of it comes any more."""
    return grouping.newest - group.number >= BEHIND or now_ns - group.first_ns > WAIT_NS


def _next(grouping: Grouping[Part], place: int) -> int:
    """Number that the group at a place has if none is missing before it."""
    return grouping.waiting[place - 1].number + 1 if place else grouping.given
