"""What was heard and seen of a running kit, in figures. Pure."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from benches import choices
from benches.choices import Chosen, Flip
from benches.kit_listener import Look, Source, Tally
from benches.report import percentile
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.channels import EVERY_PROCESS, Kind
from vybor.foundation.clock import seconds
from vybor.foundation.errors import VyborError
from world import kills

WARM_UP_NS = seconds(600)
SHARE = 6
"""A sixth of the time warms up, if that is less."""
PART_NS, PARTS = seconds(600), 3
"""The first and the last ten minutes are held against each other, or the first and the last third."""
COURSE = 5
"""Parts of the time, each with what was held in it."""
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
    """Memory and processor of each process. Raises VyborError where nothing was seen, or one was not there."""
    if len(looks) < 2:
        raise VyborError("the kit was looked at less than twice; take more minutes")
    if missing := sorted({name for look in looks for name in set(EVERY_PROCESS) - set(look.rss_mb)}):
        raise VyborError(
            f"not there at every look: {', '.join(missing)}: what the kit takes is known of the whole kit alone"
        )
    first, last = looks[0], looks[-1]
    took_s = (last.at_ns - first.at_ns) / 1e9
    found: dict[str, float] = {}
    slopes: list[float] = []
    for name in sorted(EVERY_PROCESS):
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


def course(looks: Sequence[Look]) -> dict[str, float]:
    """What each process held in each fifth of the time, the median of its looks; nothing for fewer than five."""
    ends = [len(looks) * part // COURSE for part in range(COURSE + 1)]
    parts = [looks[begin:end] for begin, end in pairwise(ends)]
    if not all(parts):
        return {}
    return {
        f"rss_mb.{name}.part_{number}": statistics.median(look.rss_mb[name] for look in part)
        for name in sorted(EVERY_PROCESS)
        for number, part in enumerate(parts, 1)
    }


def unbroken(tally: Tally) -> None:
    """Raises VyborError where a process started again or fell silent: what it takes then is another matter."""
    for did, counted in (("started again", tally.restarts), ("fell silent", tally.missed)):
        if names := ", ".join(sorted(name for name in counted if counted[name])):
            raise VyborError(f"{names} {did} while it was measured: that is no kit as it is")


def wire(tally: Tally, span: Span, hz: Mapping[Source, float]) -> dict[str, float]:
    """Beats, rates and events; `hz`: who has to say which state how often (kit_writing.SAID_HZ)."""
    took_s = (span[1] - span[0]) / 1e9
    rates = _by_channel(tally, took_s, hz)
    states = {each.topic: each.hz for each in channels.CHANNELS if each.kind is Kind.STATE and each.hz}
    repeats = [tally.repeats[who, what] / took_s / states[what] for who, what in tally.repeats if what in states]
    return {
        "watchdog_missed": float(tally.missed.total()),
        "restarts": float(tally.restarts.total()),
        "events_lost": float(tally.lost),
        "events_doubled": float(tally.doubled),
        "frames_unread": float(tally.unread),
        "repeats_ratio.most": max(repeats, default=0.0),
        "rate_ratio.least": min(rates.values()),
        **{f"rate_ratio.{channel}": rate for channel, rate in rates.items()},
        **{f"silent_s.{name}": gap_s for name, gap_s in tally.silent_s.items()},
    }


def _by_channel(tally: Tally, took_s: float, hz: Mapping[Source, float]) -> dict[str, float]:
    """Of each channel, the rate of whoever says it least often of those who have to; nothing heard is 0."""
    found: dict[str, list[float]] = defaultdict(list)
    for (who, what), wanted_hz in hz.items():
        found[what].append(tally.frames[who, what] / took_s / wanted_hz)
    return {channel: min(each) for channel, each in sorted(found.items())}


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
    """How late tiles light up and new ones come, at the beginning and the end, and last by first; slow ones.

    Raises VyborError where no choice was seen in one of them.
    """
    lit = choices.lit_ms(flips)
    made = [Chosen(each.at_ns, each.offer) for each in kept if span[0] <= each.at_ns < span[1]]
    offered = choices.offered_ms(flips, made, span[1])
    found = {
        "offers.count": float(len(offered)),
        "offers.slow": float(sum(ms >= choices.SLOW_MS for _, ms in offered)),
    }
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
