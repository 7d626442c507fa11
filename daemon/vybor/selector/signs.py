"""Signs by a headband since the last choice, as the record keeps them: what they were like, and where. Pure."""

import math

import msgspec

from vybor.contracts import messages as m
from vybor.selector.state import Selection, Selector

MOST = 6
"""Who needs more of them for one choice is not told by counting."""


def noted(selector: Selector, made: m.Gesture, chosen: Selection | None) -> Selector:
    """The selector after a sign, which chose this or nothing; those of a camera say nothing of a headband."""
    if made.plain is None or not all(map(math.isfinite, (made.log_odds, made.plain, made.height, made.rhythm_s))):
        return selector  # what is no number cannot be told in the record
    sign = m.SignMade(
        kind=made.kind,
        at_ns=made.at_ns,
        log_odds=made.log_odds,
        plain=made.plain,
        height=made.height,
        rhythm_s=made.rhythm_s,
        slot=chosen.slot if chosen else _looked_at(selector, made),
        chose=chosen is not None,
    )
    return msgspec.structs.replace(selector, signs=(*selector.signs, sign)[-MOST:])


def _looked_at(selector: Selector, made: m.Gesture) -> int | None:
    """The tile that a sign was too weak for."""
    signal = selector.signal
    return signal.slot if signal and signal.at_ns == made.at_ns else None
