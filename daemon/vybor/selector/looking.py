"""Which tile the eyes are on, and since when: belief, lead and arming. Pure.

A lead is kept until another tile is clearly likelier, so that looks at a border do not light two tiles by
turns. A blink pauses everything and ends nothing; eyes that stay closed end it.
"""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import belief as b
from vybor.selector import edge, flicker
from vybor.selector.edge import AtEdge
from vybor.selector.state import REMEMBERED_NS, STALE_NS, Look, Selector

TAKE = 0.65
"""Another tile takes the lead only if it is so probable…"""
LEAVE = 0.5
"""…unless no tile leads, or the leading one is hardly meant any more."""
KEEP = 0.35
SLACK = 0.15
"""A tile that is sure stays so until it is so much less probable than what makes it sure."""
MOST_WORDS_READ = 4
AT_A_GLANCE = (m.Role.KEY, m.Role.GROUP, m.Role.LETTER, m.Role.FOLD, m.Role.CLOSE)
"""Always in the same place, and a step back mends them: nothing is said or written by one that was not meant."""
TO_BE_READ = (m.Role.CANDIDATE, m.Role.PHRASE, m.Role.SENTENCE, m.Role.PART, m.Role.INSTEAD, m.Role.SPELLED)
"""Other labels are the same every time: they are known after a day."""


class Seen(msgspec.Struct, frozen=True):
    """What one look came to."""

    look: Look
    on_pad: float
    """Probability that the eyes are on the pad of the likeliest tile."""
    counted_ns: int
    """The time since the look before, if it was spent looking."""


def seen(selector: Selector, gaze: m.Gaze, point: m.GazePoint, rule: CommitSettings) -> tuple[Selector, Seen]:
    """Take in a look at a place."""
    gap_ns = gaze.at_ns - selector.point_ns
    fresh = gap_ns < STALE_NS
    counted_ns = gap_ns if fresh and not selector.paused else 0
    known = selector.belief if fresh else b.blank(selector.tiles, gaze.at_ns - b.FRAME_NS)
    belief = b.observe(known, selector.tiles, point, gaze.at_ns)
    stood_ns = {tile.slot: selector.shown_ns for tile in selector.tiles} | dict(selector.stood_ns)
    said = flicker.added(selector.flicker, selector.offer, stood_ns, gaze.at_ns)
    now_belief = flicker.with_it(belief, said)
    believed = b.posterior(now_belief, selector.tiles)
    place = _leading(selector, believed)
    slot: int | None = selector.tiles[place].slot
    if believed.tiles[place] < (KEEP if slot == selector.slot else LEAVE):
        slot = None
    goes_on = fresh and selector.sure and slot == selector.slot
    enough = max(LEAVE, rule.certainty - SLACK) if goes_on else rule.certainty
    sure = slot is not None and believed.tiles[place] >= enough
    since_ns = gaze.at_ns - known.at_ns
    at_edge = selector.at_edge if fresh and gaze.at_ns >= selector.quiet_until_ns else AtEdge()
    at_edge = edge.step(at_edge, selector.tiles[place], point, gaze.at_ns, since_ns)
    on_pad = believed.tiles[place] * edge.share(at_edge)
    on_body_ns = counted_ns if on_pad < LEAVE else 0
    selector = msgspec.structs.replace(
        selector,
        belief=belief,
        at_edge=at_edge,
        left_edges=edge.left(selector.left_edges, selector.tiles, point, since_ns),
        point_ns=gaze.at_ns,
        paused=False,
        slot=slot,
        sure=sure,
        sure_ns=selector.sure_ns + counted_ns if goes_on and sure else 0,
        gaze_ns=_spent(selector.gaze_ns, slot, on_body_ns),
    )
    alone = b.posterior(now_belief, selector.tiles, use_prior=False)
    now = _look(selector, gaze.at_ns, place, (believed, alone), rule)
    now = msgspec.structs.replace(now, on_pad=on_pad >= LEAVE, flicker=said[place])
    return _remember(selector, now), Seen(now, on_pad, counted_ns)


def unseen(selector: Selector, gaze: m.Gaze) -> Selector:
    """Take in a look without a place: a blink pauses, and after longer no tile leads."""
    selector = msgspec.structs.replace(
        selector,
        belief=b.observe_unseen(selector.belief, gaze.eyes, gaze.at_ns),
        paused=selector.paused or gaze.eyes is m.Eyes.CLOSED,
    )
    if gaze.at_ns - selector.point_ns < STALE_NS:
        return selector
    return msgspec.structs.replace(selector, slot=None, sure=False, sure_ns=0, pad_ns=None)


def armed(selector: Selector, at_ns: int, rule: CommitSettings) -> bool:
    """Whether the leading tile has been looked at long enough that a signal may confirm it."""
    long_enough = selector.sure_ns >= seconds(rule.arm_s)
    return selector.sure and long_enough and at_ns >= selector.quiet_until_ns


def reading_time_ns(tile: m.Tile, rule: CommitSettings) -> int:
    """How long a tile must have been looked at before its pad opens: words have to be read, letters are known."""
    if tile.role in AT_A_GLANCE:
        return 0
    words = len(tile.label.split()) + len(tile.grey.split()) if tile.role in TO_BE_READ else 1
    return seconds(rule.read_s + rule.read_s_per_word * min(words, MOST_WORDS_READ))


def is_read(selector: Selector, rule: CommitSettings) -> bool:
    """Whether the leading tile has been looked at long enough to have been read."""
    tile = next((tile for tile in selector.tiles if tile.slot == selector.slot), None)
    return tile is not None and dict(selector.gaze_ns).get(tile.slot, 0) >= reading_time_ns(tile, rule)


def _leading(selector: Selector, believed: b.Posterior) -> int:
    """The place of the tile that leads, or would."""
    best = max(range(len(selector.tiles)), key=lambda place: believed.tiles[place])
    held = next((place for place, tile in enumerate(selector.tiles) if tile.slot == selector.slot), best)
    return held if believed.tiles[held] >= KEEP and believed.tiles[best] < TAKE else best


def _look(
    selector: Selector, at_ns: int, place: int, both: tuple[b.Posterior, b.Posterior], rule: CommitSettings
) -> Look:
    """`both`: what is believed with the language model's prior, and without."""
    believed, alone = both[0].tiles, both[1].tiles
    first = max(range(len(alone)), key=lambda other: alone[other])
    return Look(
        at_ns,
        selector.offer,
        selector.slot,
        believed[place],
        alone[place],
        selector.tiles[first].slot if alone[first] >= LEAVE else None,
        armed(selector, at_ns, rule),
    )


def _remember(selector: Selector, now: Look) -> Selector:
    kept = tuple(look for look in selector.looks if now.at_ns - look.at_ns <= REMEMBERED_NS)
    return msgspec.structs.replace(selector, looks=(*kept, now))


def _spent(known: tuple[tuple[int, int], ...], slot: int | None, added_ns: int) -> tuple[tuple[int, int], ...]:
    if slot is None:
        return known
    times = dict(known)
    times[slot] = times.get(slot, 0) + added_ns
    return tuple(sorted(times.items()))
