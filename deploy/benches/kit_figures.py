"""What was heard and seen of a running kit, in figures. Pure."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

from benches import choices
from benches.choices import Chosen, Flip
from benches.kit_listener import Look, Source, Tally
from benches.report import percentile
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.channels import Kind
from vybor.foundation.clock import seconds
from vybor.foundation.errors import VyborError
from world import kills

WARM_UP_NS = seconds(600)
SHARE = 6
"""A sixth of the time warms up, if that is less."""
PART_NS, PARTS = seconds(600), 3
"""The first and the last ten minutes are held against each other, or the first and the last third."""
Span = tuple[int, int]


def warm_up_ns(whole_ns: int) -> int:
    """So long nothing counts."""
    return min(WARM_UP_NS, whole_ns // SHARE)


def slope_mb_h(looks: Sequence[Look], name: str) -> float:
    """The slope of a straight line through what a process and its children hold; nan for fewer than two looks."""
    held = [(look.at_ns / 3600e9, look.rss_mb[name]) for look in looks if name in look.rss_mb]
    if len(held) < 2:
        return float("nan")
    hours, mb = zip(*held, strict=True)
    return statistics.linear_regression(hours, mb).slope


def processes(looks: Sequence[Look]) -> dict[str, float]:
    """Memory and processor of each process. Raises VyborError where nothing was seen."""
    if len(looks) < 2:
        raise VyborError("the kit was looked at less than twice; take more minutes")
    first, last = looks[0], looks[-1]
    took_s = (last.at_ns - first.at_ns) / 1e9
    found: dict[str, float] = {}
    slopes: list[float] = []
    for name in sorted(set(first.rss_mb) & set(last.rss_mb)):
        slopes.append(slope_mb_h(looks, name))
        found[f"memory_slope_mb_h.{name}"] = slopes[-1]
        found[f"rss_mb.{name}"] = statistics.median(look.rss_mb[name] for look in looks if name in look.rss_mb)
        found[f"cpu.{name}"] = (last.cpu_s[name] - first.cpu_s[name]) / took_s
        found[f"wakeups_hz.{name}"] = (last.wakeups[name] - first.wakeups[name]) / took_s
    found["memory_slope_mb_h.most"] = max(slopes)
    found["rss_mb"] = statistics.median(sum(look.rss_mb.values()) for look in looks)
    found["pss_mb"] = statistics.median(sum(look.pss_mb.values()) for look in looks)
    for total in ("cpu", "wakeups_hz"):
        found[total] = sum(value for key, value in found.items() if key.startswith(f"{total}."))
    written_mb = sum(last.written_mb.values()) - sum(first.written_mb.values())
    return found | {"written_mb_h": written_mb / took_s * 3600}


def wire(tally: Tally, span: Span, hz: Mapping[str, float]) -> dict[str, float]:
    """Beats, rates and events; `hz`: how often channels are to come whose rate the table leaves to settings."""
    took_s = (span[1] - span[0]) / 1e9
    rates = _by_channel(tally, took_s, hz)
    repeats = [
        tally.repeats[source] / took_s / channels.BY_TYPE[kind].hz
        for source, kind in _repeated(tally)
        if channels.BY_TYPE[kind].hz > 0
    ]
    return {
        "watchdog_missed": float(tally.missed),
        "restarts": float(tally.restarts),
        "events_lost": float(tally.lost),
        "events_doubled": float(tally.doubled),
        "frames_unread": float(tally.unread),
        "repeats_ratio.most": max(repeats, default=0.0),
        "rate_ratio.least": min(rates.values()),
        **{f"rate_ratio.{channel}": rate for channel, rate in rates.items()},
        **{f"silent_s.{name}": gap_s for name, gap_s in tally.silent_s.items()},
    }


def _by_channel(tally: Tally, took_s: float, hz: Mapping[str, float]) -> dict[str, float]:
    """Of each channel that is said again, the rate of whoever says it least often, by the table."""
    found: dict[str, list[float]] = defaultdict(list)
    for source, kind in _repeated(tally):
        wanted_hz = channels.BY_TYPE[kind].hz or hz.get(kind.__name__, 0.0)
        if wanted_hz:
            found[kind.__name__].append(tally.frames[source] / took_s / wanted_hz)
    return {channel: min(each) for channel, each in sorted(found.items())}


def _repeated(tally: Tally) -> list[tuple[Source, type[m.Message]]]:
    """Who says which state."""
    states = {each.topic: each.carries for each in channels.CHANNELS if each.kind is Kind.STATE}
    return [(source, states[source[1]]) for source in tally.frames if source[1] in states]


def record(saved: Sequence[str], kept: Sequence[m.Decision], before: int) -> dict[str, float]:
    """What of the texts that were said to be saved is not in the record, and what is there twice.

    `before`: how many decisions there were before anybody looked at the screen.
    """
    return {
        "text_lost": float(len(kills.lost(saved, kept[max(0, before - 1) :]))),
        "text_doubled": float(len(kills.doubled(kept[before:]))),
        "choices": float(len(kept) - before),
    }


def latencies(flips: Sequence[Flip], kept: Sequence[m.Decision], span: Span) -> dict[str, float]:
    """How late tiles light up and new ones come, at the beginning and the end, and last by first.

    Raises VyborError where no choice was seen in one of them.
    """
    found: dict[str, float] = {}
    lit = choices.lit_ms(flips)
    offered = choices.offered_ms(flips, [Chosen(each.at_ns, each.offer) for each in kept])
    part_ns = min(PART_NS, (span[1] - span[0]) // PARTS)
    parts = {"first": (span[0], span[0] + part_ns), "last": (span[1] - part_ns, span[1])}
    for name, (begin_ns, end_ns) in parts.items():
        values = {
            "light": [ms for at_ns, ms in lit if begin_ns <= at_ns < end_ns],
            "offer": [ms for at_ns, ms in offered if begin_ns <= at_ns < end_ns],
        }
        for way, each in values.items():
            if not each:
                raise VyborError(f"no choice was seen in the {name} part; take more minutes")
            for share in (0.5, 0.99):
                found[f"latency_ms.{way}.p{100 * share:.0f}.{name}"] = percentile(each, share)
    for way in ("light", "offer"):
        last, first = (found[f"latency_ms.{way}.p99.{name}"] for name in ("last", "first"))
        found[f"ratio.latency_p99.{way}"] = last / first
    return found
