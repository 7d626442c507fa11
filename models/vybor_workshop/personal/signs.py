"""A person's blinks and clenches, fitted to what came of them: what meant ones are like, how far to believe each.

The record has the signs that a headband told between two choices. One that made a choice which stood was meant;
one that made a choice which the next took back at once most likely was not. One that chose nothing was meant if
its tile was chosen soon after, and else not. What is unclear teaches nothing. Each kind of sign is fitted by
itself, to the earlier days, and measured on later ones. Pure.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, product

import msgspec

from vybor.accounting.resampling import Interval
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, GestureKind
from vybor.contracts.numbers import SignsNumbers
from vybor.fitting.shares import at_least
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.generator.interest.judging import Days
from vybor.headband import believing
from vybor.headband.detecting.template import Own
from vybor.selector import weigh
from vybor_workshop.personal.fit import TooLittle, over_days

HELD = 0.25
"""Of the signs of a kind, the latest: nothing is fitted to them."""
LEAST_SIGNS, MOST_SIGNS = 100, 2000
"""Of a kind; the newest: people change, and what suited them may not."""
LEAST_GAIN = 1.0
"""Nats of all signs together that a number must bring to be told."""
KINDS = (GestureKind.DOUBLE_BLINK, GestureKind.CLENCH)
TAKEN_BACK = (Action.UNDO, Action.DELETE, Action.REPAIR)
WRITES = (Action.TAKE, Action.SPELL, Action.SPEAK)
"""What can be taken back, so that something is known where it was not."""
AT_ONCE_NS = seconds(10)
"""What is taken back later had been read, and was thought better of."""
SOON_NS = seconds(5)
"""So long before a choice a sign in vain may have been for it; what lies further back is nobody's."""
STEP = 0.25
SHIFTS = tuple(STEP * number for number in range(-4, 5))
MOST_MISSED = 0.01
"""Of all signs: more that were meant must not be lost, however much likelier the rest becomes."""
LEAST_NEW = 10
"""Signs that each further step of belief must be borne by: those that it would let choose, and did not before…"""
LEAST_MEANT = 0.81
"""…of which surely so many were meant: as many as must be of those that choose (certainty, squared)."""
SURE = 1e-4
CERTAINTY = CommitSettings()
"""Everybody's: how sure tile and sign must be together."""


class Sign(msgspec.Struct, frozen=True):
    """One of which it is known, as far as it can be, whether it was meant."""

    day: int
    kind: GestureKind
    plain: float
    """Log-odds if nothing were known of the person."""
    believed: float
    """As the kit believed it then."""
    height: float
    rhythm_s: float
    tile_p: float
    """How probable it was that the tile was the right one: a choice is taken back for that as well."""
    is_meant: bool
    """The choice that it made stood, or what it was too weak for was chosen."""


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, on which signs it was found, and on which it is to be measured."""

    numbers: SignsNumbers
    fitted: Sequence[Sign]
    held: Sequence[Sign]


# --- what is known of signs -------------------------------------------------------------------------------------


def signs(decisions: Sequence[m.Decision], fitting: int) -> list[Sign]:
    """Every sign of a record since a fitting of which it is known whether it was meant."""
    days = Days()
    found: list[Sign] = []
    by_day = [(days.tell(decision.at_ns), decision) for decision in decisions]
    for (day, decision), (_, following) in pairwise(by_day):
        is_next = (following.session, following.number) == (decision.session, decision.number + 1)
        if is_next and decision.action in WRITES:
            found += _of(day, decision, following, fitting)
    return found


def newest_fitting(decisions: Iterable[m.Decision]) -> int:
    """The fitting that the newest signs were made after: the kit goes by what is learned of those."""
    return next((d.signs[-1].fitting for d in reversed(list(decisions)) if d.signs), 0)


def _of(day: int, decision: m.Decision, following: m.Decision, fitting: int) -> Iterator[Sign]:
    is_back = following.action in TAKEN_BACK
    if is_back and following.at_ns - decision.at_ns > AT_ONCE_NS:
        return
    for made in decision.signs:
        if made.fitting != fitting or not _is_told(made):
            continue
        if made.chose:
            yield _sign(day, made, _tile_p(decision), is_meant=not is_back)
        elif made.slot is not None and decision.at_ns - made.at_ns <= SOON_NS and not is_back:
            yield _sign(day, made, 1.0, is_meant=made.slot == decision.slot)


def _is_told(made: m.SignMade) -> bool:
    """Whether it is known what it was like."""
    told = (made.plain, made.log_odds, made.height, made.rhythm_s)
    return made.kind in KINDS and all(map(math.isfinite, told)) and made.height > 0


def _tile_p(decision: m.Decision) -> float:
    p = decision.evidence.posterior
    return min(1.0, max(0.5, p)) if math.isfinite(p) else 0.5


def _sign(day: int, made: m.SignMade, tile_p: float, *, is_meant: bool) -> Sign:
    return Sign(day, made.kind, made.plain, made.log_odds, made.height, made.rhythm_s, tile_p, is_meant)


# --- how far each is believed -----------------------------------------------------------------------------------

Believe = Callable[[Sign], float]
"""Log-odds that it was meant."""


def as_believed(sign: Sign) -> float:
    """As the kit did."""
    return sign.believed


def plainly(sign: Sign) -> float:
    """As it would if nothing were known of the person."""
    return sign.plain


def by(numbers: SignsNumbers) -> Believe:
    """As it would with these numbers; of what they say nothing of, as it did."""
    known = believing.known(Own(), numbers)

    def believe(sign: Sign) -> float:
        if not known.has_learned(sign.kind):
            return sign.believed
        return believing.of_plain(sign.kind, sign.plain, (sign.height, sign.rhythm_s), known)

    return believe


def nats(sign: Sign, believe: Believe) -> float:
    """The logarithm of what was held likely of what came of it."""
    stands = sign.tile_p * weigh.probability(believe(sign))
    return math.log(max(SURE, stands if sign.is_meant else 1 - stands))


def chooses(sign: Sign, believe: Believe) -> bool:
    """Whether it would choose the tile by itself, as sure as that was."""
    return weigh.is_meant(sign.tile_p, believe(sign), CERTAINTY)


# --- the fit ----------------------------------------------------------------------------------------------------


def fit(found: Sequence[Sign], fitting: int) -> Fitted:
    """The numbers under which what came of the earlier signs is likeliest. Raises TooLittle."""
    by_kind = {kind: [sign for sign in found if sign.kind is kind][-MOST_SIGNS:] for kind in KINDS}
    enough = {kind: its for kind, its in by_kind.items() if len(its) >= LEAST_SIGNS}
    if not enough:
        most = max(map(len, by_kind.values()))
        raise TooLittle(
            f"there are {most} signs of one kind of which it is known what came, and {LEAST_SIGNS} are needed; "
            "wait until the person has chosen more by blinks or clenches since their last fitting, and sync again"
        )
    numbers, earlier, later = SignsNumbers(fitting=fitting), [], []
    for its in enough.values():
        first_held = its[min(len(its) - 1, round(len(its) * (1 - HELD)))].day
        fitted = [sign for sign in its if sign.day < first_held]
        numbers = best(numbers, fitted)
        earlier += fitted
        later += [sign for sign in its if sign.day >= first_held]
    return Fitted(numbers=numbers, fitted=earlier, held=later)


def best(numbers: SignsNumbers, fitted: Sequence[Sign]) -> SignsNumbers:
    """With numbers for the kind of these, if they are worth them: each for a nat more of all signs together."""
    meant = [sign for sign in fitted if sign.is_meant]
    if not meant:
        return numbers
    chosen, most, told = numbers, _nats(fitted, as_believed), _told(numbers)
    likeliest: dict[int, tuple[float, SignsNumbers]] = {}
    for tried in (each for each in _tries(numbers, meant) if is_borne(fitted, each)):
        its = _nats(fitted, by(tried))
        if its > likeliest.get(_told(tried), (-math.inf, tried))[0]:
            likeliest[_told(tried)] = its, tried
    for count, (its, tried) in sorted(likeliest.items()):
        if its > most + LEAST_GAIN * (count - told):
            chosen, most, told = tried, its, count
    return chosen


def is_borne(fitted: Sequence[Sign], numbers: SignsNumbers) -> bool:
    """Whether no more that was meant is missed, and belief goes no further than a kind's own weak signs bear.

    The strong ones say nothing of those.
    """
    new, kind = by(numbers), fitted[0].kind
    missed = sum(chooses(sign, as_believed) - chooses(sign, new) for sign in fitted if sign.is_meant)
    if missed > MOST_MISSED * len(fitted):
        return False
    name = "clench_shift" if kind is GestureKind.CLENCH else "blink_shift"
    shift: float = getattr(numbers, name)
    return all(_is_step_borne(fitted, numbers, name, step) for step in SHIFTS if 0 < step <= shift)


def _is_step_borne(fitted: Sequence[Sign], numbers: SignsNumbers, name: str, step: float) -> bool:
    more, less = (by(msgspec.structs.replace(numbers, **{name: each})) for each in (step, step - STEP))
    new = [sign for sign in fitted if chooses(sign, more) and not chooses(sign, less)]
    return len(new) >= LEAST_NEW and at_least(sum(sign.is_meant for sign in new), len(new)) >= LEAST_MEANT


def _tries(numbers: SignsNumbers, meant: Sequence[Sign]) -> Iterator[SignsNumbers]:
    """All that is tried: what is usual of meant signs or not, with each shift."""
    height = statistics.median(sign.height for sign in meant)
    if meant[0].kind is GestureKind.CLENCH:
        for times, shift in product((None, _within(height, 1.0, 100.0)), SHIFTS):
            yield msgspec.structs.replace(numbers, clench_times=times, clench_shift=shift)
        return
    rhythm = statistics.median(sign.rhythm_s for sign in meant)
    highs, rhythms = (None, _within(height, 30.0, 1500.0)), (None, _within(rhythm, 0.15, 1.5))
    for high, rhythm_s, shift in product(highs, rhythms, SHIFTS):
        yield msgspec.structs.replace(numbers, blink_microvolts=high, blink_rhythm_s=rhythm_s, blink_shift=shift)


def _told(numbers: SignsNumbers) -> int:
    """How many numbers are others than everybody's."""
    usual = SignsNumbers(fitting=numbers.fitting)
    return sum(getattr(numbers, name) != getattr(usual, name) for name in numbers.__struct_fields__)


def _within(value: float, least: float, most: float) -> float:
    return round(min(most, max(least, value)), 3)


def _nats(some: Sequence[Sign], believe: Believe) -> float:
    return sum(nats(sign, believe) for sign in some)


# --- what it is worth -------------------------------------------------------------------------------------------


def against(held: Sequence[Sign], new: Believe, old: Believe) -> Interval | None:
    """Nats a sign more than as it was believed otherwise."""
    return _a_sign(held, lambda sign: nats(sign, new) - nats(sign, old))


def more_chosen(held: Sequence[Sign], new: Believe, old: Believe, *, meant: bool) -> Interval | None:
    """How many more of those that were meant (or not) would choose, of all signs."""
    return _a_sign(
        held, lambda sign: float(chooses(sign, new) - chooses(sign, old)) if sign.is_meant is meant else 0.0
    )


def more_wrong(held: Sequence[Sign], new: Believe, old: Believe) -> Interval | None:
    """How many more choose though nobody meant them, or are missed, of all signs."""
    return _a_sign(
        held, lambda sign: float(chooses(sign, new) - chooses(sign, old)) * (-1.0 if sign.is_meant else 1.0)
    )


def _a_sign(held: Sequence[Sign], each: Callable[[Sign], float]) -> Interval | None:
    units = [(sign.day, each(sign), 1.0) for sign in held]
    return over_days(units, lambda top, bottom: top / bottom if bottom else None)
