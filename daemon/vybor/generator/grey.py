"""How each word would go on: a few words more, greedily, one step for all of them at a time."""

from collections.abc import Sequence

from vybor.generator.model import Model
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import Steps, Word, whole

MOST_STEPS = 6
MOST_WORDS = 5


class _Way:
    """One way on. It is open until a mark, the end of a line or enough words have come."""

    def __init__(self, vocabulary: Vocabulary, word: Word) -> None:
        self._vocabulary = vocabulary
        self._written = b""
        self._begun = 0
        self.parent = word.parent
        self.token = word.next
        self.is_open = word.text == "," or (word.text[-1].isalnum() and self._takes(word.next))

    def step(self, branch: int, following: int) -> None:
        """The token is in the cache as a branch, and this is the likeliest one behind it."""
        self.parent, self.token = branch, following
        self.is_open = self._takes(following)

    def words(self) -> tuple[str, ...]:
        """Whole words only: while the way is open, the last one may not be."""
        spelled = self._written.decode(errors="replace").split()
        if self.is_open:
            spelled = spelled[:-1]
        good = [bool(whole(word)) for word in spelled]
        return tuple(spelled[: good.index(False)] if False in good else spelled)

    def _takes(self, token: int) -> bool:
        """Write the token down, if it belongs to a word and there is room for that word."""
        begins = bool(self._vocabulary.begins_spaced[token])
        if (not begins and not self._vocabulary.goes_on[token]) or self._begun + begins > MOST_WORDS:
            return False
        self._begun += begins
        self._written += self._vocabulary.bytes[token]
        return True


def ways_on(model: Model, vocabulary: Vocabulary, words: Sequence[Word]) -> Steps[list[tuple[str, ...]]]:
    """The words behind each word, up to the end of the phrase; maybe none."""
    ways = [_Way(vocabulary, word) for word in words]
    for _ in range(MOST_STEPS):
        going = [way for way in ways if way.is_open]
        if not going:
            break
        first = model.branches
        logits = model.branch([way.token for way in going], [way.parent for way in going])
        yield
        for number, way in enumerate(going):
            way.step(first + number, int(logits[number].argmax()))
    return [way.words() for way in ways]
