"""How far a sign is believed, by what is known of the person: from a fitting, or learned on the workstation. Pure.

The detector takes from its own log-odds what is unlike the person's signs (detecting/template.py). Here the rest
is done: which of both is known, and what a sign of this person is worth. One that is as sure as can be and like
the person's chooses, whatever was learned of how far to believe it: the bounds of `SignsNumbers` see to that, and
where the kit asks for more certainty than usual, `least_shift`.
"""

import math

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
    least_shift: float = -math.inf
    """Nothing that was learned takes more than this."""

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


def known(fitted: Own, learned: SignsNumbers, certainty: float | None = None) -> Known:
    """What a fitting found, but for the kinds of which something else was learned, with the certainty in force."""
    blinks, clenches = learned.of_blinks, learned.of_clenches
    return Known(
        Own(
            blink_microvolts=(learned.blink_microvolts or 0.0) if blinks else fitted.blink_microvolts,
            rhythm_s=(learned.blink_rhythm_s or 0.0) if blinks else fitted.rhythm_s,
            clench_margin=(learned.clench_times or 0.0) if clenches else fitted.clench_margin,
        ),
        learned,
        -math.inf if certainty is None else least_shift(certainty),
    )


def least_shift(certainty: float) -> float:
    """What may be taken from the surest sign so that it still chooses a tile surer than is asked for by half.

    A tile and a sign choose together where they are as sure as `certainty` of each; 0 where even less cannot help.
    """
    tile = (1 + certainty) / 2
    sign = certainty**2 / tile
    return min(0.0, math.log(sign / (1 - sign)) - evidence.CAP)


def believed(seen: Seen, by: Known) -> Belief:
    """A sign as the detector tells it, which has taken from it what is unlike the person's."""
    plain = _held(seen.kind, seen.log_odds + _doubt(seen.kind, seen.height, rhythm_s(seen), by.own))
    if not by.has_learned(seen.kind):
        return Belief(plain, _held(seen.kind, seen.log_odds))
    return Belief(plain, of_plain(seen.kind, plain, (seen.height, rhythm_s(seen)), by))


def of_plain(kind: GestureKind, plain: float, like: tuple[float, float], by: Known) -> float:
    """How far a sign of this height and rhythm is believed by what was learned of its kind.

    A clench than which nothing is less likely, as a bite in a row is, stays that.
    """
    if kind is GestureKind.CLENCH and plain <= -evidence.CAP:
        return -evidence.CAP
    shift = by.learned.blink_shift if kind is GestureKind.DOUBLE_BLINK else by.learned.clench_shift
    shift = max(by.least_shift, shift)
    return _held(kind, min(evidence.CAP, plain - _doubt(kind, *like, by.own) + shift))


def rhythm_s(seen: Seen) -> float:
    """From the onset of the first blink of two to that of the second; 0 of all else."""
    return seen.width_s if seen.kind is GestureKind.DOUBLE_BLINK else 0.0


def _held(kind: GestureKind, log_odds: float) -> float:
    """Only once all is added up: what is cut before would count what was taken as if it had not been."""
    return max(-evidence.CAP, log_odds) if kind is GestureKind.CLENCH else log_odds


def _doubt(kind: GestureKind, height: float, rhythm: float, own: Own) -> float:
    """What the detector takes."""
    match kind:
        case GestureKind.DOUBLE_BLINK:
            return template.doubt_of_pair(own, (height, height), rhythm)
        case GestureKind.CLENCH:
            return template.doubt_of_clench(own, height)
    return 0.0
