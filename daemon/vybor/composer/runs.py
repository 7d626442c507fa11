"""Which runs of words to offer: the set of them that is expected to save the most choices. Pure.

A candidate is a word and how it would go on; each beginning of it is a run that could stand on a tile. A tile of
one word saves a look at a group of letters if the word is meant. A tile of several saves the choices of the others
too, but only where all of them are meant, so it competes with the next word's tile by what it is expected to save.
"""

from collections.abc import Iterator, Sequence

import msgspec

from vybor.contracts import messages as m

ONE_MORE_LOOK, LAST_LOOK, TO_SPELL = 1.0, 1.5, 5.0
"""Choices that a tile saves whoever means its first word: where it has letters left, another look brings it, most
often; a word whose every letter was looked at would have to be spelled."""
SECOND_WORD, LATER_WORD = 1.0, 0.5
"""Choices that further words of a tile save. Behind the second one they would stand on a tile of their own
next."""
OF_ITSELF = 0.4
"""So much of what a model's probabilities promised of runs came true (COMM's development part, 40 phrases: 5 of
14; of single words 0.9 to 1.1 of it): how a text goes on is surer where the model writes it alone."""
LONGEST = 3
"""Words on a tile: it has to be read in a glance."""


class Run(msgspec.Struct, frozen=True):
    """The first so many words of a candidate, and the probability that all of them are meant."""

    candidate: int
    """Its place in the list."""
    words: int
    p: float


def chosen(candidates: Sequence[m.Candidate], most: int, looks: int = 0) -> list[Run]:
    """At most so many runs, those first that save the most on top of those before them.

    `looks` is how many letters of the first word were looked at already.
    """
    weighed = [
        _Weighed(list(runs_of(n, candidate)), to_reach(candidate, looks)) for n, candidate in enumerate(candidates)
    ]
    possible = [run for each in weighed for run in each.runs]
    taken: list[Run] = []
    while possible and len(taken) < most:
        best = max(possible, key=lambda run: weighed[run.candidate].gain(run, taken))
        possible.remove(best)
        taken.append(best)
    return taken


def runs_of(place: int, candidate: m.Candidate) -> Iterator[Run]:
    """Every beginning of a candidate of which the probability is known."""
    p, doubt = candidate.p, OF_ITSELF if candidate.source is m.Source.MODEL else 1.0
    yield Run(place, 1, p)
    for words, then in enumerate(candidate.p_then[: LONGEST - 1], start=2):
        p, doubt = p * then * doubt, 1.0
        yield Run(place, words, p)


def to_reach(candidate: m.Candidate, looks: int) -> float:
    """Choices that it takes to bring the first word on a tile if it stands on none now."""
    left = sum(letter.isalpha() for letter in candidate.words[0]) - looks
    if looks == 0 or left > 1:
        return ONE_MORE_LOOK
    return LAST_LOOK if left == 1 else TO_SPELL


class _Weighed(msgspec.Struct, frozen=True):
    """The runs of one candidate, shortest first, and what its first word costs without a tile."""

    runs: list[Run]
    to_reach: float

    def gain(self, run: Run, taken: Sequence[Run]) -> float:
        """How many choices this run saves beside those taken already."""
        beside = [other.words for other in taken if other.candidate == run.candidate]
        return self.saved([*beside, run.words]) - self.saved(beside)

    def saved(self, shown: Sequence[int]) -> float:
        """The expected number of choices that tiles of so many words save: who means more takes the longest."""
        total = 0.0
        for run, longer in zip(self.runs, [*self.runs[1:], None], strict=True):
            exactly = run.p - (longer.p if longer else 0.0)
            fitting = [words for words in shown if words <= run.words]
            total += exactly * (self.worth(max(fitting)) if fitting else 0.0)
        return total

    def worth(self, words: int) -> float:
        """Choices that a tile of so many words saves if all of them are meant."""
        return self.to_reach + (SECOND_WORD + LATER_WORD * (words - 2) if words > 1 else 0.0)
