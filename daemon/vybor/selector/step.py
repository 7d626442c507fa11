"""The selector: looks, gestures and presses in; at most one selection of a shown offer out.

`look`, `gesture` and `press` are pure: state and message in, state and perhaps a selection out. They read no
clock; a selection can only name an offer that the display has said it shows.
"""

import math

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import belief as b

REMEMBERED_NS = seconds(3)
"""Looks are kept so long: a double blink is known about a second after the look that it confirms."""
BEFORE_BLINK_NS = seconds(0.05)
"""Looks later than this before a gesture's onset may already see the lids move."""
STALE_NS = seconds(0.6)
"""A look older than this says nothing about a press or a gesture."""
LEAVE = 0.5
MOST_WORDS_READ = 4
MOST_LOG_ODDS = 50.0
SWITCH_LOG_ODDS = 4.0
CHANNELS = {
    m.GestureKind.DOUBLE_BLINK: m.Channelled.DOUBLE_BLINK,
    m.GestureKind.CLENCH: m.Channelled.CLENCH,
}


class Look(msgspec.Struct, frozen=True):
    """What was believed at the capture time of one look."""

    at_ns: int
    offer: int
    slot: int | None
    posterior: float
    posterior_without_prior: float
    armed: bool


class Selection(msgspec.Struct, frozen=True):
    """A tile was chosen."""

    offer: int
    slot: int
    evidence: m.Evidence


class Selector(msgspec.Struct, frozen=True):
    """All that the selector knows."""

    offer: int = 0
    tiles: tuple[m.Tile, ...] = ()
    shown_ns: int = 0
    belief: b.Belief = b.Belief((), (), 0)
    slot: int | None = None
    """The tile that leads, once it is likelier than not."""
    since_ns: int = 0
    """Since when it has been certain."""
    sure: bool = False
    pad_since_ns: int | None = None
    pad_blocked: bool = False
    """After a choice the eyes must leave the pads before a pad can confirm again."""
    quiet_until_ns: int = 0
    looks: tuple[Look, ...] = ()
    gaze_ns: tuple[tuple[int, int], ...] = ()
    """(slot, nanoseconds its body was looked at) since this offer was shown: a stare at the edge reads nothing."""


def shown(selector: Selector, offer: int, tiles: tuple[m.Tile, ...], at_ns: int) -> Selector:
    """The display shows this offer now. Belief about tiles that did not change is kept."""
    if offer == selector.offer:
        return selector
    if [_same(tile) for tile in tiles] == [_same(tile) for tile in selector.tiles]:
        return msgspec.structs.replace(selector, offer=offer, tiles=tiles)
    known = {_same(tile): place for place, tile in enumerate(selector.tiles)}
    places = [known.get(_same(tile)) for tile in tiles]
    kept_slots = {tile.slot for tile, place in zip(tiles, places, strict=True) if place is not None}
    keeps = selector.slot in kept_slots
    return msgspec.structs.replace(
        selector,
        offer=offer,
        tiles=tiles,
        shown_ns=at_ns,
        belief=b.Belief(
            tuple(0.0 if place is None else selector.belief.bodies[place] for place in places),
            tuple(0.0 if place is None else selector.belief.pads[place] for place in places),
            selector.belief.at_ns,
        ),
        slot=selector.slot if keeps else None,
        sure=selector.sure and keeps,
        pad_since_ns=selector.pad_since_ns if keeps else None,
        gaze_ns=tuple((slot, spent) for slot, spent in selector.gaze_ns if slot in kept_slots),
    )


def look(selector: Selector, gaze: m.Gaze, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """Take in one look; the pad may confirm."""
    stale = gaze.at_ns <= max(selector.belief.at_ns, selector.shown_ns)
    if gaze.point is None or stale or not selector.tiles or not b.is_finite(gaze.point):
        return selector, None
    since_last_ns = gaze.at_ns - selector.belief.at_ns
    fresh = since_last_ns < STALE_NS
    belief = selector.belief if fresh else b.blank(selector.tiles, gaze.at_ns)
    belief = b.observe(belief, selector.tiles, gaze.point, gaze.at_ns)
    believed = b.posterior(belief, selector.tiles)
    best = max(range(len(selector.tiles)), key=lambda place: believed.tiles[place])
    slot = selector.tiles[best].slot if believed.tiles[best] >= LEAVE else None
    sure = believed.tiles[best] >= rule.certainty
    goes_on = fresh and sure and selector.sure and slot == selector.slot
    selector = msgspec.structs.replace(
        selector,
        belief=belief,
        slot=slot,
        sure=sure,
        since_ns=selector.since_ns if goes_on else gaze.at_ns,
        gaze_ns=_spent(selector.gaze_ns, slot, since_last_ns if fresh and believed.pads[best] < LEAVE else 0),
    )
    evidence_only = b.posterior(belief, selector.tiles, use_prior=False).tiles[best]
    now = Look(
        gaze.at_ns, selector.offer, slot, believed.tiles[best], evidence_only, armed(selector, gaze.at_ns, rule)
    )
    selector = _remember(selector, now)
    return _pad(selector, now, believed.pads[best], rule) if rule.pad else (selector, None)


def armed(selector: Selector, at_ns: int, rule: CommitSettings) -> bool:
    """Whether the leading tile has been looked at long enough that a signal may confirm it."""
    long_enough = at_ns - selector.since_ns >= seconds(rule.arm_s)
    return selector.sure and long_enough and at_ns >= selector.quiet_until_ns


def gesture(selector: Selector, made: m.Gesture, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """A gesture confirms the tile that was looked at just before it began."""
    channel = CHANNELS.get(made.kind)
    if channel is None or not rule.biosignal:
        return selector, None
    return _confirm(
        selector, made.at_ns - made.at_sd_ns - BEFORE_BLINK_NS, made.at_ns, channel, made.log_odds, rule
    )


def press(selector: Selector, pressed: m.SwitchPress, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """A press confirms the tile that is being looked at."""
    if not rule.switch:
        return selector, None
    return _confirm(selector, pressed.at_ns, pressed.at_ns, m.Channelled.SWITCH, SWITCH_LOG_ODDS, rule)


def rest_after_choice(selector: Selector, at_ns: int, rule: CommitSettings) -> Selector:
    """Forget the looks that led to a choice, and choose nothing for a moment."""
    return msgspec.structs.replace(
        selector,
        belief=b.blank(selector.tiles, at_ns),
        slot=None,
        sure=False,
        pad_since_ns=None,
        pad_blocked=True,
        looks=(),
        gaze_ns=(),
        quiet_until_ns=at_ns + seconds(rule.refractory_s),
    )


def pad_progress(selector: Selector, at_ns: int, rule: CommitSettings) -> float:
    """0 to 1: how much of the confirming look at the pad is done."""
    if selector.pad_since_ns is None:
        return 0.0
    return min(1.0, (at_ns - selector.pad_since_ns) / seconds(rule.pad_s))


def pad_open(selector: Selector, at_ns: int, rule: CommitSettings) -> bool:
    """Whether the leading tile has been looked at long enough to have been read, so that its pad listens."""
    tile = next((tile for tile in selector.tiles if tile.slot == selector.slot), None)
    if tile is None or not rule.pad or selector.pad_blocked or not armed(selector, at_ns, rule):
        return False
    return dict(selector.gaze_ns).get(tile.slot, 0) >= reading_time_ns(tile, rule)


def reading_time_ns(tile: m.Tile, rule: CommitSettings) -> int:
    """How long a tile must have been looked at before its pad opens; only words have to be read."""
    has_words = tile.role in (m.Role.CANDIDATE, m.Role.PHRASE)
    words = len(tile.label.split()) + len(tile.grey.split()) if has_words else 1
    return seconds(rule.read_s + rule.read_s_per_word * min(words, MOST_WORDS_READ))


def _pad(selector: Selector, now: Look, on_pad: float, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    if selector.pad_blocked:
        free = on_pad < LEAVE
        return msgspec.structs.replace(selector, pad_blocked=not free, pad_since_ns=None), None
    if not pad_open(selector, now.at_ns, rule) or on_pad < LEAVE:
        return msgspec.structs.replace(selector, pad_since_ns=None), None
    since_ns = now.at_ns if selector.pad_since_ns is None else selector.pad_since_ns
    selector = msgspec.structs.replace(selector, pad_since_ns=since_ns)
    if now.at_ns - since_ns < seconds(rule.pad_s) or on_pad < rule.certainty:
        return selector, None
    return selector, _selection(now, now.at_ns, m.Channelled.PAD)


def _confirm(
    selector: Selector, before_ns: int, at_ns: int, channel: m.Channelled, log_odds: float, rule: CommitSettings
) -> tuple[Selector, Selection | None]:
    looks = [seen for seen in selector.looks if before_ns - STALE_NS <= seen.at_ns <= before_ns]
    if not looks or at_ns < selector.quiet_until_ns:
        return selector, None
    last = looks[-1]
    if last.slot is None or not last.armed or math.isnan(log_odds):
        return selector, None
    meant = last.posterior / (1 + math.exp(-max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, log_odds))))
    if meant < rule.certainty * rule.certainty:
        return selector, None
    return selector, _selection(last, at_ns, channel)


def _selection(seen: Look, at_ns: int, channel: m.Channelled) -> Selection | None:
    if seen.slot is None:
        return None
    evidence = m.Evidence(
        channel=channel,
        posterior=round(seen.posterior, 4),
        posterior_without_prior=round(seen.posterior_without_prior, 4),
        gaze_age_ms=(at_ns - seen.at_ns) / 1e6,
    )
    return Selection(seen.offer, seen.slot, evidence)


def _remember(selector: Selector, now: Look) -> Selector:
    kept = tuple(seen for seen in selector.looks if now.at_ns - seen.at_ns <= REMEMBERED_NS)
    return msgspec.structs.replace(selector, looks=(*kept, now))


def _spent(known: tuple[tuple[int, int], ...], slot: int | None, added_ns: int) -> tuple[tuple[int, int], ...]:
    if slot is None:
        return known
    times = dict(known)
    times[slot] = times.get(slot, 0) + added_ns
    return tuple(sorted(times.items()))


def _same(tile: m.Tile) -> tuple[int, m.Role, str]:
    """What makes a tile the same for the eyes: its place, its role and its words."""
    return tile.slot, tile.role, tile.label
