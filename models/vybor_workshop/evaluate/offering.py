"""What the kit would offer before each word of a text, and what of the person's own rare words it finds. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec

from vybor.composer.text import at_sentence_start
from vybor.contracts import messages as m
from vybor.instant.tier import RARE_P
from vybor.instant.tokens import fold
from vybor_workshop.evaluate.figures import Unit
from vybor_workshop.evaluate.specs import Name

OFFERED = 5
WORD = re.compile(r"[^\W_]+(?:['’:.,-][^\W_]+)*")
NO_NAMES = frozenset({"i", "i'm", "i'd", "i'll", "i've", "ok"})
"""Large everywhere in English, and nobody's name."""
TWICE = 2
"""What was said once is nobody's habit yet."""

Offer = Callable[[m.Prompt], Sequence[m.Candidate]]
Share = Callable[[str], float]
"""How common a folded word is among all; 0 for one that the list does not know."""


class Place(msgspec.Struct, frozen=True):
    """The beginning of a word."""

    before: str
    word: str

    @property
    def is_name(self) -> bool:
        """Written with a capital inside a sentence."""
        large = self.word[:1] != self.word[:1].lower()
        return large and fold(self.word) not in NO_NAMES and not at_sentence_start(self.before)


class Own(msgspec.Struct, frozen=True):
    """Folded words that are this person's: rare ones, and names."""

    rare: frozenset[str]
    names: frozenset[str]


def places(text: str) -> Iterator[Place]:
    """Of every word of a text."""
    for found in WORD.finditer(text):
        yield Place(text[: found.start()].rstrip(), found.group())


def own_words(texts: Iterable[str], share: Share) -> Own:
    """Words that the person said more than once before, and that few others say; and names."""
    said = [place for text in texts for place in places(text)]
    counts = Counter(fold(place.word) for place in said)
    names = Counter(fold(place.word) for place in said if place.is_name)
    often = [word for word, count in counts.items() if count >= TWICE and word.isalpha()]
    return Own(
        rare=frozenset(word for word in often if share(word) < RARE_P),
        names=frozenset(word for word, count in names.items() if count >= TWICE),
    )


def offered(text: str, offer: Offer, language: str) -> dict[Name, Unit]:
    """How many words of a text stand among the first one, three and five that are offered before them."""
    ranks = [rank(_prompt(place, language), place.word, offer) for place in places(text)]
    count = len(ranks)
    among = {most: sum(0 < each <= most for each in ranks) for most in (1, 3, OFFERED)}
    return {
        Name.OFFERED_1: Unit(among[1], count),
        Name.OFFERED_3: Unit(among[3], count),
        Name.OFFERED_5: Unit(among[OFFERED], count),
        Name.NONE_RATE: Unit(count - among[OFFERED], count),
    }


def recalled(text: str, offer: Offer, language: str, wanted: Collection[str]) -> Unit:
    """Of these words of the person's, those that are offered once their first letter is known."""
    its = [place for place in places(text) if fold(place.word) in wanted]
    found = sum(rank(_prompt(place, language, fold(place.word)[:1]), place.word, offer) > 0 for place in its)
    return Unit(found, len(its))


def rank(prompt: m.Prompt, word: str, offer: Offer) -> int:
    """The place of a word among those that are offered, from 1; 0: it is not among them."""
    words = [fold(candidate.words[0]) for candidate in offer(prompt)]
    return words.index(fold(word)) + 1 if fold(word) in words else 0


def _prompt(place: Place, language: str, prefix: str = "") -> m.Prompt:
    return m.Prompt(at_ns=0, number=0, text=place.before, prefix=prefix, count=OFFERED, language=language)
