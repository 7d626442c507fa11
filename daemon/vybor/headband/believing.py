"""How far a sign is believed, by what is known of the person: from a fitting, or learned on the workstation. Pure.

The detector takes from its own log-odds what is unlike the person's signs (detecting/template.py). Here the rest
is done: which of both is known, and what a sign of this person is worth. One that is as sure as can be and like
the person's chooses, whatever was learned of how far to believe it: the bounds of `SignsNumbers` see to that.
"""

import msgspec

from vybor.contracts import evidence
from vybor.contracts.messages import GestureKind
from vybor.contracts.numbers import SignsNumbers
from vybor.headband.detecting import template
from vybor.headband.detecting.gestures import Seen
from vybor.headband.detecting.template import Own

NOBODYS = SignsNumbers()


class Known(msgspec.Struct, frozen=True):
    """What is known of a person's signs, and what of it was learned."""

    own: Own
    """What the detector is told of both."""
    learned: SignsNumbers = NOBODYS

    def has_learned(self, kind: GestureKind) -> bool:
        """Whether what is known of this kind was learned."""
        match kind:
            case GestureKind.DOUBLE_BLINK:
                return self.learned.of_blinks
            case GestureKind.CLENCH:
                return self.learned.of_clenches
        return False


NOTHING = Known(Own())


class Belief(msgspec.Struct, frozen=True):
    """Log-odds that a sign was meant."""

    plain: float
    """If nothing were known of the person."""
    log_odds: float


def known(fitted: Own, learned: SignsNumbers) -> Known:
    """What a fitting found, but for the kinds of which something else was learned."""
    blinks, clenches = learned.of_blinks, learned.of_clenches
    return Known(
        Own(
            blink_microvolts=(learned.blink_microvolts or 0.0) if blinks else fitted.blink_microvolts,
            rhythm_s=(learned.blink_rhythm_s or 0.0) if blinks else fitted.rhythm_s,
            clench_margin=(learned.clench_times or 0.0) if clenches else fitted.clench_margin,
        ),
        learned,
    )


def believed(seen: Seen, by: Known) -> Belief:
    """A sign as the detector tells it, which has taken from it what is unlike the person's."""
    plain = seen.log_odds + _doubt(seen.kind, seen.height, rhythm_s(seen), by.own)
    if not by.has_learned(seen.kind):
        return Belief(plain, seen.log_odds)
    return Belief(plain, of_plain(seen.kind, plain, (seen.height, rhythm_s(seen)), by))


def of_plain(kind: GestureKind, plain: float, like: tuple[float, float], by: Known) -> float:
    """How far a sign of this height and rhythm is believed by what was learned of its kind."""
    shift = by.learned.blink_shift if kind is GestureKind.DOUBLE_BLINK else by.learned.clench_shift
    return min(evidence.CAP, plain - _doubt(kind, *like, by.own) + shift)


def rhythm_s(seen: Seen) -> float:
    """From the onset of the first blink of two to that of the second; 0 of all else."""
    return seen.width_s if seen.kind is GestureKind.DOUBLE_BLINK else 0.0


def _doubt(kind: GestureKind, height: float, rhythm: float, own: Own) -> float:
    """What the detector takes."""
    match kind:
        case GestureKind.DOUBLE_BLINK:
            return template.doubt_of_pair(own, (height, height), rhythm)
        case GestureKind.CLENCH:
            return template.doubt_of_clench(own, height)
    return 0.0
