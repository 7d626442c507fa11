"""Which runs of words to offer: the set of them that is expected to save the most choices. Pure.

A candidate is a word and how it would go on; each beginning of it is a run that could stand on a tile. A tile of one
word saves a look at a group of letters if the word is meant. A tile of several saves the choices of the others too, but
only where all of them are meant, so it competes with the next word's tile by what it is expected to save.
"""

from collections.abc import Iterator, Sequence

import msgspec

from vybor.contracts import messages as m

LOOKS_SAVED = 1.0
"""A word among the likeliest that has no tile has one after one look at its group, most often."""
SECOND_WORD, LATER_WORD = 1.0, 0.5
"""Choices that further words of a tile save. Behind the second one they would stand on a tile of their own next."""
LONGEST = 4
"""Words on a tile: it has to be read in a glance."""


class Run(msgspec.Struct, frozen=True):
    """The first so many words of a candidate, and the probability that all of them are meant."""

    candidate: int
    """Its place in the list."""
    words: int
    p: float


def chosen(candidates: Sequence[m.Candidate], most: int) -> list[Run]:
    """At most so many runs, those first that save the most on top of those before them."""
    possible = [run for place, candidate in enumerate(candidates) for run in runs_of(place, candidate)]
    taken: list[Run] = []
    while possible and len(taken) < most:
        best = max(possible, key=lambda run: gain(run, taken, candidates))
        possible.remove(best)
        taken.append(best)
    return taken


def runs_of(place: int, candidate: m.Candidate) -> Iterator[Run]:
    """Every beginning of a candidate of which the probability is known."""
    p = candidate.p
    yield Run(place, 1, p)
    for words, then in enumerate(candidate.p_then[: LONGEST - 1], start=2):
        p *= then
        yield Run(place, words, p)


def gain(run: Run, taken: Sequence[Run], candidates: Sequence[m.Candidate]) -> float:
    """How many choices this run saves beside those taken already."""
    beside = [other for other in taken if other.candidate == run.candidate]
    with_it = saved([*beside, run], run.candidate, candidates[run.candidate])
    return with_it - saved(beside, run.candidate, candidates[run.candidate])


def saved(runs: Sequence[Run], place: int, candidate: m.Candidate) -> float:
    """The expected number of choices that tiles of one candidate save: who means more words takes the longest."""
    every = list(runs_of(place, candidate))
    total = 0.0
    for run, longer in zip(every, [*every[1:], None], strict=True):
        exactly = run.p - (longer.p if longer else 0.0)
        fitting = [shown.words for shown in runs if shown.words <= run.words]
        total += exactly * (worth(max(fitting)) if fitting else 0.0)
    return total


def worth(words: int) -> float:
    """Choices that a tile of so many words saves if all of them are meant."""
    return LOOKS_SAVED + (SECOND_WORD + LATER_WORD * (words - 2) if words > 1 else 0.0)
