"""The tiers' candidates as one list: the model's and the instant tier's distribution over the next word, mixed.

    p(word) = w p_model(word) + (1 - w) p_instant(word)

The model names a few words; what is left of its probability is shared among all others as the instant tier has
them, so that neither tier says "never" of a word by not naming it. Pure.
"""

from collections.abc import Mapping, Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.instant.tokens import fold

# By log loss on 667 places of 36 writers of the conversation corpus who were kept out of the base list, after what
# they had said before: .68 and .65, and .14 where the person went on from both words before; whether groups or
# letters of the next word were known made no difference. On an empty line it said .00, for the list knows how
# those very conversations begin. Forty phrases of
# COMM's development part took 2.45 choices a word at .5 throughout, 2.41 at .65, 2.39 at .8, and 2.49 with .1 on
# an empty line and .65 elsewhere; of Enron-mobile's 3.47 at .65, 3.50 with .8, 3.45 with .1: so the model counts
# there like anywhere.
BY_OWN_DEPTH = (0.7, 0.7, 0.15)
"""The model's part of the mixture where the person said others after none, one or two of the words that stand
here."""


class Known(msgspec.Struct, frozen=True):
    """What the instant tier knows where both have answered."""

    ps: Mapping[str, float] = {}
    """The probabilities that it gives to words that the model named, folded."""
    own_depth: int = 0
    """After how many of the words that stand here the person has said others: none, one or two."""


NOTES = (m.Source.TOPIC, m.Source.OWN)
NOTHING_KNOWN = Known()


def weight(known: Known) -> float:
    """The model's part of the mixture."""
    return BY_OWN_DEPTH[known.own_depth]


def mixed(
    instant: Sequence[m.Candidate], model: Sequence[m.Candidate], known: Known = NOTHING_KNOWN
) -> tuple[m.Candidate, ...]:
    """Candidates of both tiers, each first word once (ё = е), most probable first; they sum to one at most.

    Without an answer of the model the instant tier's stand as they are. The words of notes have a share of
    everything already; the tiers share the rest.
    """
    mixture = _Mixture.of(instant, model, known)
    weighed: dict[str, m.Candidate] = {}
    for candidate in sorted(model, key=lambda one: -one.p):
        key = fold(candidate.words[0])  # все and всё are one word
        so_far = weighed.get(key, msgspec.structs.replace(candidate, p=mixture.told(candidate)))
        weighed[key] = msgspec.structs.replace(so_far, p=so_far.p + mixture.named(candidate))
    unnamed = (candidate for candidate in instant if fold(candidate.words[0]) not in weighed)
    others = (msgspec.structs.replace(one, p=one.p * mixture.unnamed) for one in unnamed)
    return tuple(sorted((*weighed.values(), *others), key=lambda candidate: -candidate.p))


class _Mixture(msgspec.Struct, frozen=True):
    """How much of each tier's probability of a word counts."""

    ps: Mapping[str, float]
    by_source: Mapping[m.Source, float]
    beside: float
    """Of the instant tier's probability of a word that was named."""
    unnamed: float
    """Of its probability of any other."""

    @classmethod
    def of(cls, instant: Sequence[m.Candidate], model: Sequence[m.Candidate], known: Known) -> "_Mixture":
        ps = {**known.ps, **{fold(one.words[0]): one.p for one in instant}}
        noted = min(sum(_sum(model, source) for source in NOTES), 1.0)
        named = _sum(model, m.Source.MODEL)
        room = 1 - noted
        w = weight(known) if named else 0.0
        whole = min(1.0, room / named) if named else 1.0  # rounding, or a model that gave more than there is
        of_named = sum(ps.get(word, 0.0) for word in {fold(one.words[0]) for one in model})
        left = w * max(room - named, 0.0) / (1 - of_named) if of_named < 1 else 0.0
        sources = {**dict.fromkeys(NOTES, 1.0), m.Source.MODEL: w * whole}
        return cls(ps, sources, (1 - w) * room, (1 - w) * room + left)

    def named(self, candidate: m.Candidate) -> float:
        """What the model's tier gives to a word that it named."""
        return self.by_source[candidate.source] * candidate.p

    def told(self, candidate: m.Candidate) -> float:
        """What the instant tier gives to it."""
        return self.beside * self.ps.get(fold(candidate.words[0]), 0.0)


def _sum(candidates: Sequence[m.Candidate], source: m.Source) -> float:
    return sum(candidate.p for candidate in candidates if candidate.source is source)
