"""Signs that a camera sees in a face: how large they are with this person, and so how large they should be. Pure.

The least that counts is taken from the signs that were asked for, and from nothing else; what came unasked is then
counted with it. Were it moved until nothing comes unasked, half a minute of stillness would promise too much.
"""

from collections.abc import Sequence

import msgspec

from vybor.contracts import evidence
from vybor.contracts.messages import Sign
from vybor.fitting.shares import quantile
from vybor.fitting.trial import Trial, answer

FACE = (Sign.BROW, Sign.CHEEK, Sign.HEAD)
AMPLE = 1.6
"""Of so many times the least it is believed that it was meant, without a look at the edge beside it."""
LEAST_RATIO, MOST_RATIO = 0.5, 2.0
"""The camera tells of signs down to half of the least; one fitting goes no further than it has seen."""
JUST_AS_GOOD = 1.25
LEAST_ANSWERS = 4
SMALL_ONES = 0.1


def strength(sign: Sign, own: Trial) -> float | None:
    """How large the smaller ones of the signs were that answered; None of too few, and of no face."""
    if sign not in FACE:
        return None
    onsets = {at_ns for cue in own.cues if (at_ns := answer(own, cue)) is not None}
    sizes = [event.strength for event in own.events if event.sign is sign and event.at_ns in onsets]
    return quantile(sizes, SMALL_ONES) if len(sizes) >= LEAST_ANSWERS else None


def ratio(of_small_ones: float | None) -> float:
    """By how much the least that is set should change, for signs of this size."""
    if of_small_ones is None:
        return 1.0
    wanted = of_small_ones / AMPLE
    if 1 / JUST_AS_GOOD <= wanted <= JUST_AS_GOOD:
        return 1.0
    return min(MOST_RATIO, max(LEAST_RATIO, wanted))


def as_heard(sign: Sign, trials: Sequence[Trial], of_small_ones: float | None) -> tuple[Trial, ...]:
    """The trials with those of this sign that would count as meant rather than not, with the least that suits."""
    if sign not in FACE:
        return tuple(trials)
    enough = ratio(of_small_ones) * evidence.margin(0.0)
    return tuple(
        msgspec.structs.replace(
            trial, events=tuple(each for each in trial.events if each.sign is not sign or each.strength > enough)
        )
        for trial in trials
    )
