"""Interest, fitted to one person: choices replayed, and numbers under which what was taken was likelier. Pure.

At each offer that shows anything (generator/interest/judging.py) stands what the kit would have felt by then. The
chances of its words are moved by the kit's own rule, and the logarithm of what was taken is the gain; what is on
no tile keeps its share whatever the numbers, so that *none* needs no number of its own. Fitted to earlier offers,
measured on later days.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.accounting.resampling import Interval
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.numbers import InterestNumbers
from vybor.generator.interest.judging import EARLY_DAYS, Days, offered_in, place_of
from vybor.generator.interest.profile import MOST_NATS, USUAL, Felt, Interest, Meaning, raised_by
from vybor.generator.network.embedding_rows import Floats
from vybor_workshop.materials import Say
from vybor_workshop.personal.fit import TooLittle, over_days
from vybor_workshop.personal.words import NUMBERS

HELD = 0.25
"""Of the offers, the latest: nothing is fitted to them."""
LEAST_OFFERS, MOST_OFFERS = 100, 6000
"""The newest: people change, and what once helped may not."""
LEAST_GAIN = 1.0
"""Nats of all offers together that a number must bring to be another than everybody's."""
ROUNDS = 3
GRIDS: dict[str, tuple[float, ...]] = {
    "gazed": (0.0, 0.05, 0.1, 0.15, 0.25, 0.4, 0.7, 1.0),
    "half_life": (3.0, 6.0, 12.0, 24.0, 48.0, 96.0),
    "shrunk": (0.5, 1.0, 2.0, 4.0, 8.0),
    "weight": (1.5, 3.0, 6.0, 9.0, 12.0, 18.0),
}
"""What is tried of each number, one after the other."""
TELL_EVERY = 2000


class Offer(msgspec.Struct, frozen=True, eq=False):
    """An offer that was not moved, of which a word was taken."""

    day: int
    taken: int
    """Its place."""
    chances: list[float]
    likeness: NDArray[np.float32]
    """Of each word with each word that is felt, the newest first (words, felt); 0 where either says nothing."""
    sure: NDArray[np.float64]
    """What each counts when new, but for how much a look counts…"""
    is_looked: NDArray[np.bool_]
    """…if it was looked at and not taken."""
    is_known: NDArray[np.bool_]
    """Whether its vector is known."""


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, on which offers it was found, and on which it is to be measured."""

    numbers: InterestNumbers
    fitted: Sequence[Offer]
    held: Sequence[Offer]


def offers(
    decisions: Iterable[m.Decision], meaning: Meaning, commonness: Callable[[str], float], say: Say
) -> list[Offer]:
    """Every offer of a record that can be judged by."""
    interest, days, found = Interest(commonness), Days(), []
    for number, decision in enumerate(decisions, 1):
        day = days.tell(decision.at_ns)
        if (place := place_of(decision)) is not None and day >= EARLY_DAYS:
            found.append(_offer(decision, place, day, interest.felt, meaning))
        interest.tell(decision)
        if number % TELL_EVERY == 0:
            say(f"replayed {number} choices")
    return found


def _offer(decision: m.Decision, place: int, day: int, felt: Sequence[Felt], meaning: Meaning) -> Offer:
    chances = offered_in(decision)
    newest = list(reversed(felt))
    vectors = [meaning(each.word) for each in newest]
    return Offer(
        day=day,
        taken=place,
        chances=list(chances.values()),
        likeness=np.array([[_like(meaning(word), each) for each in vectors] for word in chances], np.float32),
        sure=np.array([each.weight for each in newest]),
        is_looked=np.array([each.is_looked for each in newest], bool),
        is_known=np.array([each is not None for each in vectors], bool),
    )


def _like(one: Floats | None, other: Floats | None) -> float:
    return float(one @ other) if one is not None and other is not None else 0.0


def gain(offer: Offer, numbers: InterestNumbers) -> float:
    """Nats more that what was taken has, moved by these numbers, than as it was offered."""
    moved = raised_by(offer.chances, _nats(offer, numbers))
    return math.log(moved[offer.taken]) - math.log(offer.chances[offer.taken])


def _nats(offer: Offer, numbers: InterestNumbers) -> list[float]:
    """What each word is raised by: as `Interest.vector` and `shifted` have it (a test holds them together)."""
    counts = np.where(offer.is_looked, numbers.gazed, 1.0) * offer.sure
    ages = np.concatenate(([0.0], np.cumsum(counts)[:-1])) if len(counts) else counts
    weights = counts * 0.5 ** (ages / numbers.half_life) * offer.is_known
    score = offer.likeness @ weights / (numbers.shrunk + weights.sum())
    nats: list[float] = np.clip(numbers.weight * score, 0.0, MOST_NATS).tolist()
    return nats


def fit(found: Sequence[Offer], say: Say) -> Fitted:
    """The numbers under which the earlier offers are likeliest. Raises TooLittle."""
    if len(found) < LEAST_OFFERS:
        raise TooLittle(
            f"there are {len(found)} choices of offered words to learn interest from, and {LEAST_OFFERS} are "
            "needed; wait until the person has written more, and sync again (those of their first "
            f"{EARLY_DAYS} days do not count: they show what it is)"
        )
    found = found[-MOST_OFFERS:]
    first_held = found[min(len(found) - 1, round(len(found) * (1 - HELD)))].day
    earlier = [offer for offer in found if offer.day < first_held]
    return Fitted(
        numbers=best(earlier, say), fitted=earlier, held=[offer for offer in found if offer.day >= first_held]
    )


def best(fitted: Sequence[Offer], say: Say) -> InterestNumbers:
    """One number after the other, over and over: each is changed only for a nat more of all offers together."""
    numbers, total = USUAL, sum(gain(offer, USUAL) for offer in fitted)
    for turn in range(ROUNDS):
        before = numbers
        for name, grid in GRIDS.items():
            tried = [msgspec.structs.replace(numbers, **{name: value}) for value in grid]
            sums = [(sum(gain(offer, each) for offer in fitted), each) for each in tried]
            highest, its = max(sums, key=lambda each: each[0])
            if highest > total + LEAST_GAIN:
                numbers, total = its, highest
            nats = total / max(1, len(fitted))
            what = NUMBERS[Kind.INTEREST][name]
            say(f"fitted, round {turn + 1} of at most {ROUNDS}: {what} ({nats:.4f} nats a choice)")
        if numbers == before:
            break
    return numbers


def against(held: Sequence[Offer], numbers: InterestNumbers, others: InterestNumbers | None) -> Interval | None:
    """Nats a choice more than with other numbers; None: than without any interest."""
    units = [
        (offer.day, gain(offer, numbers) - (gain(offer, others) if others is not None else 0.0), 1.0)
        for offer in held
    ]
    return over_days(units, lambda top, bottom: top / bottom if bottom else None)
