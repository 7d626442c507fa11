"""What was noticed of the person, whoever noticed it: presses, gestures, and eyes closed for a moment. Pure."""

import msgspec

from vybor.contracts import closing
from vybor.contracts import messages as m
from vybor.contracts.closing import Closing
from vybor.contracts.messages import Sign

SIGN_OF = {m.GestureKind.DOUBLE_BLINK: Sign.DOUBLE_BLINK, m.GestureKind.CLENCH: Sign.CLENCH}
FACE_OF = {m.GestureKind.BROW: Sign.BROW, m.GestureKind.CHEEK: Sign.CHEEK, m.GestureKind.HEAD: Sign.HEAD}
"""Of these the weak ones count too: how large they have to be is found out."""


class Event(msgspec.Struct, frozen=True):
    """Something that may have been meant."""

    sign: Sign | None
    """None: a single blink, of which two may belong together."""
    at_ns: int
    """Its onset."""
    slot: int | None = None
    """The place that a look at an edge chose, or that flickered and was looked at."""
    reopened: bool = True
    """Whether eyes that were closed opened again in time."""
    strength: float = 0.0
    """Of what the camera sees in a face: in multiples of the least that is set."""
    height: float = 0.0
    """Of what a headband notices: see `Gesture`."""


def hear(lids: Closing, message: m.AnyMessage) -> tuple[Closing, Event | None]:
    """Take in a message; perhaps a sign is over."""
    match message:
        case m.SwitchPress() | m.Flickered():
            return lids, _plain(message)
        case m.Gesture() if message.kind is m.GestureKind.LONG_CLENCH or _is_by_muscle(message):
            return lids, None  # a call for help, or what is not tried
        case m.Gesture(kind=m.GestureKind.BLINK):
            return lids, Event(None, message.at_ns, height=message.height)
        case m.Gesture() if message.kind in FACE_OF:
            return lids, Event(FACE_OF[message.kind], message.at_ns, strength=message.strength)
        case m.Gesture() if message.log_odds > 0:  # what the selector takes for meant rather than not
            return lids, Event(SIGN_OF[message.kind], message.at_ns, height=message.height)
        case m.Gaze():
            lids, closed = closing.step(lids, message)
            told = Event(Sign.LONG_BLINK, closed.at_ns, reopened=closed.reopened) if closed else None
            return lids, told
    return lids, None


def _plain(message: m.SwitchPress | m.Flickered) -> Event | None:
    """A press, or the tile whose flicker is followed best."""
    if isinstance(message, m.SwitchPress):
        return Event(Sign.SWITCH, message.at_ns)
    best = max(message.log_odds, key=lambda each: each[1], default=None)
    return Event(Sign.FLICKER, message.at_ns, best[0]) if best else None


def _is_by_muscle(message: m.Gesture) -> bool:
    """Whether a headband noticed raised brows: what is tried is what the camera sees."""
    return message.kind is m.GestureKind.BROW and message.height > 0
