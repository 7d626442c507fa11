"""Watches which tile that flickers is looked at, by windows of the newest samples. Pure."""

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.headband.boards import Board
from vybor.headband.detecting import ssvep
from vybor.headband.port import Chunk

WINDOW_NS = seconds(ssvep.LONGEST_S)
EVERY_NS = seconds(0.5)
"""A new window so often: four fifths of it are those of the one before."""


class Watch(msgspec.Struct, frozen=True):
    """What flickers, and the samples since."""

    shown: m.Shown
    kept: tuple[Chunk, ...] = ()
    told_ns: int = 0


def shown(watch: Watch | None, message: m.Shown) -> Watch | None:
    """The display said what flickers; None: nothing does. What goes on as it was keeps its samples."""
    if not message.flicker or message.screen is None:
        return None
    if watch is None or watch.shown.flicker_ns != message.flicker_ns or watch.shown.flicker != message.flicker:
        return Watch(message)
    return msgspec.structs.replace(watch, shown=message)


def felt(watch: Watch, chunk: Chunk) -> Watch:
    """Samples came; those before a gap, and those that are older than a window, say nothing any more."""
    before = watch.kept if watch.kept and watch.kept[-1].end == chunk.first else ()
    oldest = chunk.end - WINDOW_NS / chunk.period_ns
    return msgspec.structs.replace(watch, kept=(*(each for each in before if each.end > oldest), chunk))


def told(watch: Watch, good: tuple[bool, ...], board: Board) -> tuple[Watch, m.Flickered | None]:
    """Which tile is looked at, if a window is due and whole: all of it after the flicker began, and its lag."""
    screen = watch.shown.screen
    if not watch.kept or screen is None:
        return watch, None
    first, last = watch.kept[0], watch.kept[-1]
    until_ns = last.time_of(last.end - 1)
    if until_ns - watch.told_ns < EVERY_NS:
        return watch, None
    from_ns = max(first.at_ns, last.time_of(last.end) - WINDOW_NS)
    lasts = round(WINDOW_NS / last.period_ns)
    samples = np.hstack([each.microvolts for each in watch.kept]).astype(np.float64)[:, -lasts:]
    is_whole = samples.shape[1] == lasts and from_ns >= watch.shown.flicker_ns + ssvep.LAG_NS
    if not is_whole:
        return watch, None
    watch = msgspec.structs.replace(watch, told_ns=until_ns)
    rhythms = tuple(each.hz for each in watch.shown.flicker)
    answer = ssvep.answer(samples, _listens(samples, good, board), board.hz, rhythms)
    if answer is None:
        return watch, None
    said = zip(watch.shown.flicker, answer.log_odds, strict=True)
    log_odds = tuple((each.slot, round(odds, 3)) for each, odds in said)
    return watch, m.Flickered(at_ns=until_ns, offer=screen.offer, from_ns=from_ns, log_odds=log_odds)


def _listens(samples: np.ndarray, good: tuple[bool, ...], board: Board) -> tuple[bool, ...]:
    """Channels that are good now and were never railed in the window; the forehead sees nothing of it."""
    inside = np.nanmax(np.abs(samples), axis=1, initial=0.0) < board.rail_microvolts
    return tuple(
        bool(is_good and within) and channel not in board.frontal
        for channel, (is_good, within) in enumerate(zip(good, inside, strict=True))
    )
