"""Every way to choose is lost for long: that is itself an alarm, said aloud and shown, again and again. Pure.

Lost is what was there: a kit that nobody has sat before yet waits in silence. Whoever rests has said so, and that
somebody sleeps is seen: the face is there, its eyes are closed. Then, and whenever an input comes, the time begins
anew.
"""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import scan
from vybor.selector import ways as open_ways
from vybor.selector.state import Selector
from vybor.selector.ways import Way

CALLS: dict[str, str] = {
    "en": "This is the writing kit. The person in front of me cannot choose any more. Please come.",
    "ru": "Говорит прибор для письма. Человек передо мной больше не может выбирать. Подойдите, пожалуйста.",
}
"""The kit speaks for itself: words of the wearer's are never said unasked."""
GROWS = 2
"""Each pause is so many times as long as the one before: who has heard it comes, and nobody is to be worn out."""
ASLEEP_NS = seconds(5)
"""Eyes that are closed for so long do not blink."""
SEEN_NS = seconds(2)
"""What the camera saw longer ago holds no more."""


class Lost(msgspec.Struct, frozen=True):
    """What is known of the inputs that are gone."""

    since_ns: int | None = None
    """Since when there is no way to choose; None while there is one, or nobody misses it."""
    due_ns: int = 0
    """When to say so next."""
    told: int = 0
    """How often that was said."""
    closed_ns: int | None = None
    """Since when the eyes are closed; None while they are not, or no face is there."""
    closed_until_ns: int = 0

    @property
    def is_told(self) -> bool:
        """Whether somebody was asked for, and nothing has come since."""
        return self.told > 0


def heard(lost: Lost, message: m.AnyMessage) -> Lost:
    """An input: a press or a gesture that was likelier meant than not ends the alarm; closed eyes may be asleep.

    Looks that choose are told by the ways to choose, which open with them: one look alone may be a mistake.
    """
    match message:
        case m.SwitchPress():
            return _ended(lost)
        case m.Gesture(log_odds=log_odds) if log_odds > 0:
            return _ended(lost)
        case m.Gaze(eyes=m.Eyes.CLOSED, at_ns=at_ns):
            goes_on = lost.closed_ns is not None and at_ns - lost.closed_until_ns <= SEEN_NS
            since_ns = lost.closed_ns if goes_on else at_ns
            return msgspec.structs.replace(lost, closed_ns=since_ns, closed_until_ns=at_ns)
        case m.Gaze():
            return msgspec.structs.replace(lost, closed_ns=None)
    return lost


def passed(
    lost: Lost, selector: Selector, rule: CommitSettings, now_ns: int, *, resting: bool
) -> tuple[Lost, bool]:
    """Time has passed; also whether to ask aloud for somebody now."""
    missed = rule.alarm_s > 0 and not resting and not is_asleep(lost, now_ns) and is_lost(selector, rule, now_ns)
    if not missed:
        return _ended(lost), False
    alarm_ns = seconds(rule.alarm_s)
    if lost.since_ns is None:
        return msgspec.structs.replace(lost, since_ns=now_ns, due_ns=now_ns + alarm_ns), False
    if now_ns < lost.due_ns:
        return lost, False
    told = lost.told + 1
    return msgspec.structs.replace(lost, told=told, due_ns=now_ns + alarm_ns * GROWS**told), True


def is_lost(selector: Selector, rule: CommitSettings, now_ns: int) -> bool:
    """Whether somebody chose or looked before, and no way to choose is open now.

    A scan that stands in for lost eyes, and was let pass to its end, is no way either: who could press would have.
    Where looks are there, a pointer's that rests, their owner may be at rest as well.
    """
    there = selector.inputs
    was_there = there.steady_ns is not None or there.pressed or there.signalled
    if not was_there or selector.ways is None:
        return False
    stands_in = Way.SCAN in selector.ways and Way.SCAN not in open_ways.wanted(rule)
    stands_in = stands_in and not open_ways.is_in_vain(there, now_ns)
    return not selector.ways or (stands_in and scan.turn(selector, now_ns, rule).still)


def is_asleep(lost: Lost, now_ns: int) -> bool:
    """Whether the eyes have been closed for long, and a face is there."""
    if lost.closed_ns is None or now_ns - lost.closed_until_ns > SEEN_NS:
        return False
    return now_ns - lost.closed_ns >= ASLEEP_NS


def _ended(lost: Lost) -> Lost:
    if lost.since_ns is None:
        return lost
    return msgspec.structs.replace(lost, since_ns=None, told=0)
