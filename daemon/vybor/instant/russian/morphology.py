"""The forms of Russian words, from OpenCorpora's dictionary by pymorphy3: 0.1 s to open, 31 MB.

Grammemes are named as OpenCorpora names them: `femn`, `plur`, `past`, `2per`, `gent`.
"""

from collections.abc import Iterator
from functools import lru_cache

import msgspec
import pymorphy3
from pymorphy3.analyzer import Parse

from vybor.instant.tokens import capitalised, fold

CASES = {"gen1": "gent", "gen2": "gent", "acc2": "accs", "loc1": "loct", "loc2": "loct"}
"""Second genitives and locatives (в лесу) count as the case that they stand for."""
RARE = frozenset(
    {"V-oy", "V-ey", "V-ej", "V-sh", "V-be", "V-bi", "Cmp2", "Supr", "Arch", "Erro", "Dist", "Slng", "Infr"}
)
"""Forms that nobody looks for among a word's endings: водою, уставши, погромче."""
OF_VERBS = frozenset({"PRTF", "PRTS", "GRND"})
"""Participles and gerunds are forms of a verb only for who has taken one."""
RARELY = 0.15
"""Below this share of a spelling's uses it hardly ever means that: «прав» is mostly of «право»."""
KEPT = 4096


class Form(msgspec.Struct, frozen=True):
    """One form of a word in one of its meanings."""

    word: str
    part: str
    """The part of speech: NOUN, VERB, ADJS…"""
    grammemes: frozenset[str]
    share: float
    """How often the spelling means this, of all its uses in OpenCorpora's texts."""

    def has(self, *grammemes: str) -> bool:
        """Whether it is all of these."""
        return self.grammemes.issuperset(grammemes)


class Morphology:
    """The dictionary, open. A word that is not in it has no readings and no forms: nothing is guessed."""

    def __init__(self) -> None:
        self._analyzer = pymorphy3.MorphAnalyzer(lang="ru")
        self._parses = lru_cache(maxsize=KEPT)(self._parses_uncached)

    def readings(self, word: str) -> tuple[Form, ...]:
        """What a word can be, the likeliest first."""
        return tuple(_form(parse) for parse in self._parses(fold(word)))

    def forms(self, word: str) -> tuple[Form, ...]:
        """Every form of the words that this may well be; a spelling may come several times."""
        parses = self._parses(fold(word))
        likely = [parse for parse in parses if parse.score >= RARELY] or parses[:1]
        return tuple(form for parse in likely for form in _lexeme(parse))

    def inflected(self, word: str, reading: int, *grammemes: str) -> str | None:
        """A word, in one of its readings, with other grammemes and its capital kept; None without such a form."""
        found = self._parses(fold(word))[reading].inflect(set(grammemes))
        if found is None:
            return None
        return capitalised(found.word) if word[:1].isupper() else str(found.word)

    def _parses_uncached(self, folded: str) -> tuple[Parse, ...]:
        if not self._analyzer.word_is_known(folded):
            return ()
        return tuple(parse for parse in self._analyzer.parse(folded) if fold(parse.word) == folded)


def _form(parse: Parse) -> Form:
    grammemes = frozenset(CASES.get(name, name) for name in parse.tag.grammemes)
    return Form(parse.word, str(parse.tag.POS or ""), grammemes, parse.score)


def _lexeme(parse: Parse) -> Iterator[Form]:
    """The forms of one reading that somebody may look for."""
    own = str(parse.tag.POS or "")
    for form in map(_form, parse.lexeme):
        if form.part != own and (own in OF_VERBS or form.part in OF_VERBS):
            continue
        if not form.grammemes & RARE:
            yield form
