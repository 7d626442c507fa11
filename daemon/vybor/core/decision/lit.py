"""Which tile is lit, and how: from what the selector knows to what the display is told. Pure."""

from vybor.contracts import messages as m
from vybor.foundation.settings import CommitSettings
from vybor.selector import looking, pads, scan
from vybor.selector import step as select
from vybor.selector.state import STALE_NS, Selector


def of_look(known: Selector, before: m.Highlight | None, gaze: m.Gaze, rule: CommitSettings) -> m.Highlight | None:
    """After a look: the tile that leads, through a blink too; while tiles light up in turn, looks do nothing."""
    if known.scan is not None:
        return before
    rule = select.in_force(known, rule)
    return m.Highlight(
        at_ns=gaze.at_ns,
        offer=known.offer,
        slot=known.slot,
        armed=looking.armed(known, gaze.at_ns, rule),
        pad_open=pads.is_open(known, gaze.at_ns, rule),
        pad_progress=pads.progress(known, gaze.at_ns, rule),
        captured_ns=gaze.at_ns,
        landmark_ns=gaze.landmark_ns,
    )


def in_turn(known: Selector, before: m.Highlight | None, now_ns: int, rule: CommitSettings) -> m.Highlight | None:
    """The tiles whose turn it is, if they light up in turn; when they no longer do, none of them stays lit."""
    if known.scan is None:
        return before if before is None or not before.scan else _dark(before, now_ns)
    slots = scan.turn(known, now_ns, rule).slots
    if before is not None and (before.slot, before.scan, before.offer) == (None, slots, known.offer):
        return before
    return m.Highlight(at_ns=now_ns, offer=known.offer, slot=None, scan=slots)


def dimmed(light: m.Highlight | None, now_ns: int) -> m.Highlight | None:
    """Without fresh looks no tile stays lit."""
    if light is None or light.slot is None or now_ns - light.captured_ns < STALE_NS:
        return light
    return _dark(light, now_ns)


def _dark(light: m.Highlight, now_ns: int) -> m.Highlight:
    return m.Highlight(at_ns=now_ns, offer=light.offer, slot=None)
