"""What a person writes about, from what they took and what they looked at for long; and what that shifts. Pure.

A word that was taken counts 1, weighed by how sure the eyes and the body were of it without the language model's
prior. One that was examined for longer than such words are (attention.py) counts little, up to half as much more
or less if the EEG had the wearer more or less engaged than usual just then. One that was passed over counts
nothing: it was not rejected. All of it fades as more is taken, and ends with the session.

The sum of the words' vectors, shrunk, is the interest. It raises the odds of the model's candidates by at most a
nat and lowers none but to make room; the likeliest keeps its probability, whatever the eyes did.
core/decision/unmoved.py sees to it that the whole offer keeps the word that would stand first in it without any of
this.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.contracts.numbers import InterestNumbers
from vybor.generator.interest.attention import Attention, Looked
from vybor.generator.network.embedding_rows import Floats
from vybor.retrieval.stems import is_content, words

Meaning = Callable[[str], Floats | None]
"""The vector of length 1 of a word; None for one that says nothing of what a text is about."""

USUAL = InterestNumbers()
"""Of a person of whom nothing else was learned (deploy/decisions/0046)."""
MOST_RESIDUAL = 2.0
PER_Z = 0.25
LEAST_ENGAGED, MOST_ENGAGED = 0.5, 1.5
"""What a long look is multiplied by for how engaged the wearer was: by a quarter more for each deviation, within
these. Nobody has shown that it should be: whether interest moves words at all is judged with it."""
MOST_FELT = 128
MOST_ENDED = 200
"""As many as steps that can be undone."""
MOST_NATS = 1.0
"""Nobody's numbers move a word by more."""


class Felt(msgspec.Struct, frozen=True):
    """A word, what it counts, and the choice that brought it with the text before: undoing takes it back."""

    word: str
    weight: float
    """How sure its choice was; or how much longer than such words it was looked at, as a part of what is most,
    times what engagement made of it."""
    choice: int
    before: str
    is_looked: bool = False
    """It was looked at, and not taken."""

    def counts(self, numbers: InterestNumbers) -> float:
        """What it counts when it is new."""
        return self.weight * (numbers.gazed if self.is_looked else 1.0)


class Ended(msgspec.Struct, frozen=True):
    """A line that was spoken or cleared."""

    line: int
    """The choice that it began with."""
    is_spoken: bool


class Interest:
    """What the decisions tell, one after another."""

    def __init__(self, commonness: Callable[[str], float]) -> None:
        self.attention = Attention()
        self.felt: list[Felt] = []
        self.taken = 0
        """Words taken since the record begins that say something…"""
        self.lingered = 0
        """…and words that were looked at for longer than such words are."""
        self.engaged = 0
        """Those of them that came with a figure of engagement…"""
        self.engaged_weights = 0.0
        """…and the sum of what they were multiplied by for it."""
        self.sentences = 0
        """Given to the voice since the record begins."""
        self._commonness = commonness
        self._session = ""
        self._line = 0
        """The choice that the text at hand began with."""
        self._ended: list[Ended] = []
        """The lines before it that undo would bring back, the newest last."""
        self._not_meant: list[Felt] = []
        """What was felt for the text that was spoken last and not meant."""

    def tell(self, decision: m.Decision) -> None:
        """Take in the next decision of the record."""
        if decision.session != self._session:
            self._session = decision.session
            self.felt, self._not_meant, self._ended = [], [], []
        if decision.action is Action.UNDO and decision.text_after != decision.text_before:
            self._take_back(decision)
            return
        if not decision.text_before:
            self._line = decision.number
        elif not decision.text_after:
            self._ended.append(Ended(self._line, decision.action is Action.SPEAK))
            del self._ended[:-MOST_ENDED]
        if decision.action is Action.REPAIR:
            self._not_meant = self._let_go(self._spoken_line())
        if not decision.learn:
            self._unlearn(decision)
            return
        self._look(decision)
        if decision.action is Action.TAKE and not _is_phrase(decision):
            self._take(decision)
        if decision.action is Action.SPEAK:
            self.sentences += 1
            self._not_meant = []
        del self.felt[:-MOST_FELT]

    def vector(self, meaning: Meaning, numbers: InterestNumbers = USUAL) -> Floats | None:
        """The interest, of a length below 1; None where nothing is known."""
        known = [(vector, each) for word, each in self._faded(numbers) if (vector := meaning(word)) is not None]
        if not known:
            return None
        vectors, weights = np.stack([vector for vector, _ in known]), np.array([each for _, each in known])
        total: Floats = weights.astype(np.float32) @ vectors
        return total / np.float32(numbers.shrunk + weights.sum())

    def _faded(self, numbers: InterestNumbers) -> Iterator[tuple[str, float]]:
        """Each word and what it counts now, the last one first."""
        age = 0.0
        for felt in reversed(self.felt):
            counts = felt.counts(numbers)
            yield felt.word, counts * 0.5 ** (age / numbers.half_life)
            age += counts

    def _take(self, decision: m.Decision) -> None:
        sure = decision.evidence.posterior_without_prior
        found = [word for word in words(decision.written) if is_content(word)]
        self.taken += len(found)
        self.felt += [Felt(word, sure, decision.number, decision.text_before) for word in found]

    def _look(self, decision: m.Decision) -> None:
        """What was examined and not taken; the look at what was taken is the choice itself."""
        for tile in candidates(decision):
            if tile.slot == decision.slot or tile.p is None:
                continue
            looked = self._looked(tile, tile.p)
            residual = self.attention.residual(looked)
            self.attention.learn(looked)
            if residual is not None and residual > 0 and is_content(tile.label):
                self.lingered += 1
                longer = min(residual, MOST_RESIDUAL) / MOST_RESIDUAL * self._engaged(tile)
                felt = Felt(tile.label, longer, decision.number, decision.text_before, is_looked=True)
                self.felt.append(felt)

    def _engaged(self, tile: m.OfferedTile) -> float:
        if tile.engagement is None:
            return 1.0
        weight = engaged(tile.engagement)
        self.engaged += 1
        self.engaged_weights += weight
        return weight

    def _looked(self, tile: m.OfferedTile, p: float) -> Looked:
        return Looked(
            gaze_s=tile.gaze_ms / 1e3,
            characters=len(tile.label) + len(tile.grey),
            commonness=self._commonness(tile.label),
            slot=tile.slot,
            p=p,
        )

    def _unlearn(self, decision: m.Decision) -> None:
        """Nothing of this text may be learned: what was felt for it before that was said is gone too."""
        if decision.action not in (*m.ASIDE, Action.REPAIR) and decision.text_before:
            self._let_go(self._line)

    def _spoken_line(self) -> int:
        """The choice that the text spoken last began with; where nobody knows it, the first of all."""
        return next((ended.line for ended in reversed(self._ended) if ended.is_spoken), 0)

    def _let_go(self, choice: int) -> list[Felt]:
        """Forget what was felt from this choice on; returns it."""
        gone = [felt for felt in self.felt if felt.choice >= choice]
        self.felt = [felt for felt in self.felt if felt.choice < choice]
        return gone

    def _take_back(self, decision: m.Decision) -> None:
        """What the choice that followed this text brought is gone, and what came later is gone with it.

        On an empty line it may be that a text was not meant which is undone: then that counts again. A line that
        comes back from there is the one at hand again.
        """
        if not decision.text_before:
            self._line = self._ended.pop().line if self._ended else 0
        if not decision.text_after and self._not_meant:
            self.felt += self._not_meant
            self._not_meant = []
            return
        undone = next((felt.choice for felt in reversed(self.felt) if felt.before == decision.text_after), None)
        if undone is not None:
            self._let_go(undone)


def engaged(z: float) -> float:
    """What a look is multiplied by for it; 1 for what is no number."""
    if not math.isfinite(z):
        return 1.0
    return max(LEAST_ENGAGED, min(MOST_ENGAGED, 1 + PER_Z * z))


def candidates(decision: m.Decision) -> list[m.OfferedTile]:
    """The words that were offered with a probability."""
    return [tile for tile in decision.shown if tile.role is Role.CANDIDATE and tile.p is not None]


def _is_phrase(decision: m.Decision) -> bool:
    return any(tile.slot == decision.slot and tile.role is Role.PHRASE for tile in decision.shown)


# --- what it shifts -------------------------------------------------------------------------------------------


def shifted(offered: Mapping[str, float], interest: Floats | None, meaning: Meaning, weight: float) -> list[float]:
    """The probabilities of some words, shifted by the interest, in their order; their sum stays what it was.

    The likeliest word keeps its own, and no other gets more than that. None changes by more than a factor of e.
    """
    chances = list(offered.values())
    if interest is None or weight <= 0:
        return chances
    return raised_by(chances, [_nats(word, interest, meaning, weight) for word in offered])


def raised_by(chances: list[float], nats: Sequence[float]) -> list[float]:
    """The same, of chances with what each is raised by."""
    if len(chances) < 2:
        return chances
    first = max(range(len(chances)), key=chances.__getitem__)
    raised = [p * math.exp(more) for p, more in zip(chances, nats, strict=True)]
    raised[first] = 0.0
    rest = _poured(raised, sum(chances) - chances[first], chances[first])
    rest[first] = chances[first]
    return rest


def with_interest(
    proposed: Sequence[m.Candidate], interest: Floats | None, meaning: Meaning, weight: float
) -> tuple[m.Candidate, ...]:
    """The model's candidates in the order of their shifted probabilities."""
    chances = shifted({candidate.words[0]: candidate.p for candidate in proposed}, interest, meaning, weight)
    moved = (msgspec.structs.replace(c, p=p) for c, p in zip(proposed, chances, strict=True))
    return tuple(sorted(moved, key=lambda candidate: -candidate.p))


def _nats(word: str, interest: Floats, meaning: Meaning, weight: float) -> float:
    """Unlike is no dislike: nothing is lowered for it."""
    vector = meaning(word)
    if vector is None:
        return 0.0
    return max(0.0, min(MOST_NATS, weight * float(interest @ vector)))


def _poured(shares: Sequence[float], whole: float, most: float) -> list[float]:
    """Shares of a whole, none more than `most`: what is over goes to the others, in proportion."""
    poured = [0.0] * len(shares)
    free = {place for place, share in enumerate(shares) if share > 0}
    left = whole
    while free:
        scale = left / sum(shares[place] for place in free)
        full = {place for place in free if shares[place] * scale >= most}
        for place in full or free:
            poured[place] = most if full else shares[place] * scale
        if not full:
            break
        left -= most * len(full)
        free -= full
    return poured
