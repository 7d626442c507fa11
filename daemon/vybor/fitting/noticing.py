"""What was noticed of the person, whoever noticed it: presses, gestures, and eyes closed for a moment. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Sign
from vybor.foundation.clock import seconds

LEAST_CLOSED_NS = seconds(0.4)
"""Lids that fall by themselves are open again sooner."""
REOPENED_WITHIN_NS = seconds(2.5)
"""Somebody who wants to go on opens them sooner; one in four of an ALS clinic cannot."""
UNSEEN_NS = seconds(1)
"""Without a picture for so long nobody knows what the lids did."""
SIGN_OF = {m.GestureKind.DOUBLE_BLINK: Sign.DOUBLE_BLINK, m.GestureKind.CLENCH: Sign.CLENCH}


class Event(msgspec.Struct, frozen=True):
    """Something that may have been meant."""

    sign: Sign | None
    """None: a single blink, of which two may belong together."""
    at_ns: int
    """Its onset."""
    slot: int | None = None
    """The place that a look at an edge chose."""
    reopened: bool = True
    """Whether eyes that were closed opened again in time."""


class Ear(msgspec.Struct, frozen=True):
    """What is known of the lids between two pictures."""

    closed_ns: int | None = None
    """Since when they are closed."""
    seen_ns: int = 0
    told: bool = False
    """That they do not open was said already."""


def hear(ear: Ear, message: m.AnyMessage) -> tuple[Ear, Event | None]:
    """Take in a message; perhaps a sign is over."""
    match message:
        case m.SwitchPress():
            return ear, Event(Sign.SWITCH, message.at_ns)
        case m.Gesture(kind=m.GestureKind.BLINK):
            return ear, Event(None, message.at_ns)
        case m.Gesture() if message.log_odds > 0:  # what the selector takes for meant rather than not
            return ear, Event(SIGN_OF[message.kind], message.at_ns)
        case m.Gaze():
            return _lids(ear, message)
    return ear, None


def _lids(ear: Ear, gaze: m.Gaze) -> tuple[Ear, Event | None]:
    now_ns = gaze.at_ns
    if ear.closed_ns is not None and now_ns - ear.seen_ns > UNSEEN_NS:
        ear = Ear()
    match gaze.eyes:
        case m.Eyes.CLOSED if ear.closed_ns is None:
            return Ear(now_ns, now_ns), None
        case m.Eyes.CLOSED if ear.closed_ns is not None:
            late = now_ns - ear.closed_ns > REOPENED_WITHIN_NS
            told = Event(Sign.LONG_BLINK, ear.closed_ns, reopened=False) if late and not ear.told else None
            return Ear(ear.closed_ns, now_ns, ear.told or late), told
        case m.Eyes.OPEN if ear.closed_ns is not None:
            was_long = now_ns - ear.closed_ns >= LEAST_CLOSED_NS and not ear.told
            return Ear(), Event(Sign.LONG_BLINK, ear.closed_ns) if was_long else None
    return Ear(), None
