"""How each word would go on: a few words more, greedily, one step for all of them at a time."""

from collections.abc import Sequence
from typing import NamedTuple

from vybor.generator.network.model import Model
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import Steps, Word, probabilities, whole

MOST_STEPS = 6
MOST_WORDS = 5


class On(NamedTuple):
    """Words behind a word, and the probability of each, given all before it."""

    words: tuple[str, ...]
    ps: tuple[float, ...]


class _Way:
    """One way on. It is open until a mark, the end of a line or enough words have come."""

    def __init__(self, vocabulary: Vocabulary, word: Word) -> None:
        self._vocabulary = vocabulary
        self._written = b""
        self._begun = 0
        self._ps: list[float] = []
        self.parent = word.parent
        self.token = word.next
        self.is_open = word.text == "," or (word.text[-1].isalnum() and self._takes(word.next, word.p_next))

    def step(self, branch: int, following: int, p: float) -> None:
        """The token is in the cache as a branch, and this is the likeliest one behind it."""
        self.parent, self.token = branch, following
        self.is_open = self._takes(following, p)

    def on(self) -> On:
        """Whole words only: while the way is open, the last one may not be."""
        spelled = self._written.decode(errors="replace").split()
        if self.is_open:
            spelled = spelled[:-1]
        good = [bool(whole(word)) for word in spelled]
        words = tuple(spelled[: good.index(False)] if False in good else spelled)
        return On(words, tuple(self._ps[: len(words)]))

    def _takes(self, token: int, p: float) -> bool:
        """Write the token down, if it belongs to a word and there is room for that word."""
        begins = bool(self._vocabulary.begins_spaced[token])
        if (not begins and not self._vocabulary.goes_on[token]) or self._begun + begins > MOST_WORDS:
            return False
        self._begun += begins
        if begins or not self._ps:
            self._ps.append(p)
        else:
            self._ps[-1] *= p
        self._written += self._vocabulary.bytes[token]
        return True


def ways_on(model: Model, vocabulary: Vocabulary, words: Sequence[Word]) -> Steps[list[On]]:
    """The words behind each word, up to the end of the phrase, while the cache has room; maybe none."""
    ways = [_Way(vocabulary, word) for word in words]
    for _ in range(MOST_STEPS):
        going = [way for way in ways if way.is_open][: model.room]
        if not going:
            break
        first = model.branches
        logits = model.branch([way.token for way in going], [way.parent for way in going])
        yield
        for number, way in enumerate(going):
            p = probabilities(logits[number])
            following = int(p.argmax())
            way.step(first + number, following, float(p[following]))
    return [way.on() for way in ways]
