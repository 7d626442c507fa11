"""The edge of a tile: looking there, once the tile has been read, is evidence that it is to be chosen. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import weigh
from vybor.selector.looking import KEEP, LEAVE, Seen, armed, is_read
from vybor.selector.state import Selection, Selector

SIGNAL_HOLDS_NS = seconds(2)
"""A weak gesture helps for so long after its onset; a double blink is known about a second late."""


def is_open(selector: Selector, at_ns: int, rule: CommitSettings) -> bool:
    """Whether the leading tile has been looked at long enough to have been read, so that its pad listens."""
    return rule.pad and selector.left_edges is None and armed(selector, at_ns, rule) and is_read(selector, rule)


def progress(selector: Selector, at_ns: int, rule: CommitSettings) -> float:
    """0 to 1: how much of what confirms has been seen, the look at the pad and a signal before it together."""
    return min(1.0, _share(selector, at_ns, rule)) if selector.pad_ns is not None else 0.0


def look_log_odds(selector: Selector, rule: CommitSettings) -> float:
    """What the look at the pad alone says so far; more than a whole one says more."""
    return weigh.of_pad(rule) * (selector.pad_ns or 0) / seconds(rule.pad_s)


def step(selector: Selector, now: Seen, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """Take in where a look stands to the pad of its tile."""
    at_ns = now.look.at_ns
    if not is_open(selector, at_ns, rule) or now.on_pad < KEEP:
        return msgspec.structs.replace(selector, pad_ns=None), None
    if now.on_pad < LEAVE:
        return selector, None
    pad_ns = 0 if selector.pad_ns is None else selector.pad_ns + now.counted_ns
    selector = msgspec.structs.replace(selector, pad_ns=pad_ns)
    pad, signal = look_log_odds(selector, rule), _signal(selector, at_ns)
    if _share(selector, at_ns, rule) < 1 or not weigh.is_meant(now.on_pad, pad + signal, rule):
        return selector, None
    return selector, chosen(now, m.LogOdds(pad=pad, signal=signal))


def chosen(now: Seen, spoke: m.LogOdds) -> Selection | None:
    """The choice of the leading tile by its pad."""
    if now.look.slot is None:
        return None
    evidence = weigh.of_look(now.look, now.look.at_ns, m.Channelled.PAD, spoke)
    return Selection(now.look.offer, now.look.slot, evidence)


def _share(selector: Selector, at_ns: int, rule: CommitSettings) -> float:
    return (look_log_odds(selector, rule) + _signal(selector, at_ns)) / weigh.of_pad(rule)


def _signal(selector: Selector, at_ns: int) -> float:
    """What a weak gesture at this tile still says; one that was hardly meant does not count against the eyes."""
    signal = selector.signal
    if signal is None or signal.slot != selector.slot or at_ns - signal.at_ns > SIGNAL_HOLDS_NS:
        return 0.0
    return max(0.0, signal.log_odds)
