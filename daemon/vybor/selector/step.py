"""The selector: looks, gestures, presses and time in; at most one selection of a shown offer out.

`look`, `gesture`, `press` and `passed` are pure: state and message in, state and perhaps a selection out. They
read no clock; a selection can only name an offer that the display has said it shows.
"""

import math

import msgspec

from vybor.contracts import closing
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import belief as b
from vybor.selector import edge, flicker, gestures, looking, pads, scan, signs, ways, weigh
from vybor.selector.edge import AtEdge
from vybor.selector.state import STALE_NS, Act, Selection, Selector, Signal, same
from vybor.selector.ways import Headband, Way

BEFORE_BLINK_NS = seconds(0.05)
"""Looks later than this before a gesture's onset may already see the lids move."""
PICTURE_SD_NS = seconds(1 / 15 / 12**0.5)
"""Lids that are closed in a picture have closed anywhere since the one before."""
LONG_BLINK_LOG_ODDS = 3.0
"""As much as a headband is ever sure of; the fitting tells whose eyes close by themselves."""


def shown(selector: Selector, offer: int, tiles: tuple[m.Tile, ...], at_ns: int) -> Selector:
    """The display shows this offer now. Belief about tiles that did not change is kept."""
    if offer == selector.offer:
        return selector
    before = selector.tiles
    if [same(tile) for tile in tiles] == [same(tile) for tile in before]:
        return msgspec.structs.replace(selector, offer=offer, tiles=tiles)
    known = {same(tile): place for place, tile in enumerate(before)}
    places = [known.get(same(tile)) for tile in tiles]
    slots = [tile.slot for tile in tiles]
    kept_slots = {tile.slot for tile, place in zip(tiles, places, strict=True) if place is not None}
    keeps = selector.slot in kept_slots
    since_ns = dict(selector.stood_ns)
    signal = selector.signal if selector.signal and selector.signal.slot in kept_slots else None
    selector = msgspec.structs.replace(
        selector,
        offer=offer,
        tiles=tiles,
        shown_ns=at_ns,
        stood_ns=tuple((slot, since_ns.get(slot, at_ns) if slot in kept_slots else at_ns) for slot in slots),
        belief=b.Belief(
            tuple(0.0 if place is None else selector.belief.bodies[place] for place in places),
            tuple(0.0 if place is None else selector.belief.pads[place] for place in places),
            selector.belief.at_ns,
            selector.belief.closed,
        ),
        slot=selector.slot if keeps else None,
        sure=selector.sure and keeps,
        sure_ns=selector.sure_ns if keeps else 0,
        pad_ns=selector.pad_ns if keeps else None,
        signal=signal,
        gaze_ns=tuple((slot, spent) for slot, spent in selector.gaze_ns if slot in kept_slots),
    )
    return scan.renewed(selector, before, at_ns)


def look(selector: Selector, gaze: m.Gaze, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """Take in one look; the pad may confirm, or eyes that were closed and open again."""
    lids, closed = closing.step(selector.lids, gaze)
    selector = msgspec.structs.replace(selector, inputs=ways.looked(selector.inputs, gaze), lids=lids)
    if closed is not None and closed.reopened and rule.long_blink:
        selector, chosen = _blinked(selector, closed.at_ns, gaze, rule)
        if chosen is not None:
            return selector, chosen
    if gaze.at_ns <= max(selector.belief.at_ns, selector.shown_ns) or not selector.tiles:
        return selector, None
    if gaze.point is None or not b.is_finite(gaze.point):
        return looking.unseen(selector, gaze), None
    selector, now = looking.seen(selector, gaze, gaze.point, rule)
    if selector.scan is not None:
        return selector, None
    return pads.step(selector, now, in_force(selector, rule))


def gesture(selector: Selector, made: m.Gesture, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """A gesture confirms the tile that was looked at just before it began, or the one that was lit."""
    if not gestures.is_on(made.kind, rule):
        return selector, None
    channel = gestures.CHANNELS[made.kind]
    act = Act(made.at_ns, made.at_sd_ns, max(made.at_ns, made.ended_ns), channel, made.log_odds)
    if weigh.probability(made.log_odds) >= looking.LEAVE:
        inputs = msgspec.structs.replace(selector.inputs, signalled=True)
        selector = msgspec.structs.replace(selector, inputs=inputs)
    if selector.scan is not None:
        selector, chosen = scan.press(selector, act, rule)
    else:
        selector, chosen = _confirm(selector, made.at_ns - made.at_sd_ns - BEFORE_BLINK_NS, act, rule)
    return signs.noted(selector, made, chosen), chosen


def _blinked(
    selector: Selector, closed_ns: int, gaze: m.Gaze, rule: CommitSettings
) -> tuple[Selector, Selection | None]:
    """Eyes that opened again confirm the tile that they closed on, or the one that was lit."""
    act = Act(closed_ns, PICTURE_SD_NS, gaze.at_ns, m.Channelled.LONG_BLINK, LONG_BLINK_LOG_ODDS)
    if selector.scan is not None:
        return scan.press(selector, act, rule)
    return _confirm(selector, closed_ns - PICTURE_SD_NS - BEFORE_BLINK_NS, act, rule)


def sensed(
    selector: Selector, message: m.Gesture | m.Flickered, rule: CommitSettings
) -> tuple[Selector, Selection | None]:
    """A gesture; or which tile that flickers is looked at, as seen since the last choice, for the next looks."""
    if isinstance(message, m.Flickered):
        if message.from_ns < selector.quiet_until_ns:
            return selector, None
        return msgspec.structs.replace(selector, flicker=flicker.heard(message)), None
    return gesture(selector, message, rule)


def press(selector: Selector, pressed: m.SwitchPress, rule: CommitSettings) -> tuple[Selector, Selection | None]:
    """A press confirms the tile that is being looked at, or the one that was lit."""
    if not rule.switch:
        return selector, None
    inputs = msgspec.structs.replace(selector.inputs, pressed=True)
    selector = msgspec.structs.replace(selector, inputs=inputs)
    at_ns = pressed.at_ns
    act = Act(at_ns, pressed.at_sd_ns, at_ns, m.Channelled.SWITCH, weigh.SWITCH_LOG_ODDS)
    if selector.scan is not None:
        return scan.press(selector, act, rule)
    return _confirm(selector, at_ns, act, rule)


def passed(selector: Selector, now_ns: int, rule: CommitSettings, headband: Headband) -> Selector:
    """Time has passed: inputs may have gone or come back, and with them the ways to choose."""
    began_ns = now_ns if selector.inputs.began_ns is None else selector.inputs.began_ns
    inputs = msgspec.structs.replace(selector.inputs, began_ns=began_ns, headband=headband)
    selector = msgspec.structs.replace(selector, inputs=inputs)
    opened = ways.opened(ways.there(inputs, rule, now_ns), rule)
    if opened != selector.ways and not _confirms(selector, now_ns):
        selector = msgspec.structs.replace(selector, ways=opened)
        if (Way.SCAN in opened) != (selector.scan is not None):
            selector = scan.begun(selector, now_ns) if selector.scan is None else _looks_again(selector)
    return scan.ticked(selector, now_ns, rule)


def troubles(selector: Selector, now_ns: int, rule: CommitSettings) -> tuple[m.Trouble, ...]:
    """What the person should know of the ways to choose."""
    still = scan.turn(selector, now_ns, rule).still
    return ways.troubles(selector.ways, rule, still=still, in_vain=ways.is_in_vain(selector.inputs, now_ns))


def in_vain(selector: Selector, until_ns: int) -> Selector:
    """Looks light nothing: until then they count as gone where tiles can light up in turn."""
    inputs = msgspec.structs.replace(selector.inputs, vain_until_ns=until_ns)
    return msgspec.structs.replace(selector, inputs=inputs)


def lit(selector: Selector, highlight: m.Highlight | None, at_ns: int) -> Selector:
    """The display said what it has lit."""
    return scan.lit(selector, highlight, at_ns)


def held(selector: Selector) -> tuple[int, ...]:
    """Slots whose tiles must not change now: the one that is looked at, or what is lit in turn."""
    if selector.scan is not None:
        return scan.held(selector)
    return () if selector.slot is None else (selector.slot,)


def in_force(selector: Selector, rule: CommitSettings) -> CommitSettings:
    """The rule, with the pads open where they stand in for what is gone."""
    stands_in = selector.ways is not None and Way.PAD in selector.ways
    return msgspec.structs.replace(rule, pad=True) if stands_in else rule


def rest_after_choice(selector: Selector, at_ns: int, rule: CommitSettings) -> Selector:
    """Forget the looks that led to a choice, and choose nothing for a moment."""
    selector = msgspec.structs.replace(
        selector,
        belief=b.blank(selector.tiles, at_ns),
        at_edge=AtEdge(),
        point_ns=at_ns,
        paused=False,
        slot=None,
        sure=False,
        sure_ns=0,
        pad_ns=None,
        left_edges=edge.AT_EDGES,
        signal=None,
        looks=(),
        flicker=None,
        gaze_ns=(),
        signs=(),
        quiet_until_ns=at_ns + seconds(rule.refractory_s),
    )
    return selector if selector.scan is None else scan.begun(selector, at_ns)


def _confirm(
    selector: Selector, before_ns: int, act: Act, rule: CommitSettings
) -> tuple[Selector, Selection | None]:
    looks = [seen for seen in selector.looks if before_ns - STALE_NS <= seen.at_ns <= before_ns]
    if not looks or act.at_ns < selector.quiet_until_ns:
        return selector, None
    last = looks[-1]
    if last.slot is None or not last.armed or math.isnan(act.log_odds):
        return selector, None
    on_its_pad = last.slot == selector.slot
    spoke = weigh.of_act(act, pads.look_log_odds(selector, rule) if on_its_pad else 0.0)
    if weigh.is_meant(last.posterior, act.log_odds + spoke.pad, rule):
        return selector, Selection(last.offer, last.slot, weigh.of_look(last, act.at_ns, act.channel, spoke))
    return msgspec.structs.replace(selector, signal=Signal(last.slot, act.at_ns, act.log_odds)), None


def _confirms(selector: Selector, now_ns: int) -> bool:
    """Whether the person is in the middle of choosing: the way must not change under them."""
    if selector.scan is not None:
        return bool(selector.scan.row)
    return selector.pad_ns is not None and now_ns - selector.point_ns < STALE_NS


def _looks_again(selector: Selector) -> Selector:
    """The eyes are back: what they saw while tiles lit up in turn arms nothing."""
    return msgspec.structs.replace(selector, scan=None, slot=None, sure=False, sure_ns=0, pad_ns=None, looks=())
