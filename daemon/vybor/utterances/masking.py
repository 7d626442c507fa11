"""Hides names, numbers and addresses in what leaves the person's hands. Pure.

It goes by the letters alone, so it has limits, and says so in deploy/docs/carer.md. A name is a word that stands
somewhere inside a sentence with a capital letter, and the same word everywhere else; numbers are digits, not words
("four"); an address is what looks like one: mail, web, a street. A name that only ever begins sentences is not
known for one, and one that is written small is not either.
"""

import re
from collections.abc import Iterable

NAME, NUMBER, ADDRESS = "[name]", "[number]", "[address]"
DOCUMENT = "[document]"
"""In place of what somebody called a document of theirs."""
HIDDEN_LETTER = "•"
"""Stands for each letter of a name that is still being spelled."""

_WEB = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S*[\w/]", re.IGNORECASE)
_STREETS = "street|st|road|rd|avenue|ave|lane|ln|drive|square|boulevard|blvd|court|way"
_LARGE_STREET = re.compile(rf"(?:\d+\w?\s+)?(?:[A-Z][\w’'-]*\s+)+(?i:{_STREETS})\b")
_RUSSIAN_STREET = re.compile(
    r"\b(?:улиц\w{1,2}|ул\.|проспект\w?|пр-т|переулк\w|переулок|шоссе|бульвар\w?|площад\w{1,2})\s+[А-ЯЁ\d][\w-]*"
    r"(?:,?\s*(?:дом\w?|д\.|квартир\w|кв\.)?\s*\d+\w?)*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\+?\d(?:[\d\s().,:/-]*\d)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEGINS = re.compile(r"(?:^|[.?!…:]['\"»”)]*)[\s\"'«“(–—-]*$")
_NO_NAMES = frozenset({"i", "i'm", "i’m", "i'd", "i’d", "i'll", "i’ll", "i've", "i’ve", "ok"})


class Mask:
    """Knows the names of some texts."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self._names = names
        """Folded."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Mask":
        """Learn the names from all that is to be masked."""
        return cls(frozenset(name for text in texts for name in _names_in(text)))

    def text(self, text: str) -> str:
        """The text without names, numbers and addresses."""
        for pattern in (_WEB, _LARGE_STREET, _RUSSIAN_STREET):
            text = pattern.sub(ADDRESS, text)
        text = _NUMBER.sub(NUMBER, text)
        return _WORD.sub(lambda found: self._word(found, text), text)

    def label(self, label: str, behind: str) -> str:
        """What was offered behind a text: a capital letter is a name there unless a sentence begins."""
        masked = self.text(f"{behind} {label}".strip()) if behind else self.text(label)
        before = self.text(behind)
        return masked[len(before) :].strip() if behind and masked.startswith(before) else self.text(label)

    @staticmethod
    def letters(letters: str) -> str:
        """Letters of a word that is being spelled: nobody knows yet whether it is a name."""
        return HIDDEN_LETTER * len(letters)

    def _word(self, found: re.Match[str], whole: str) -> str:
        word = found.group()
        if whole[: found.start()].endswith("[") and whole[found.end() :].startswith("]"):
            return word  # one of ours
        return NAME if _root(word) in self._names else word


def _names_in(text: str) -> Iterable[str]:
    """Words with a capital letter inside a sentence, folded."""
    for found in _WORD.finditer(text):
        word = found.group()
        is_large = word[:1] != word[:1].lower()
        if is_large and word.casefold() not in _NO_NAMES and not _BEGINS.search(text[: found.start()]):
            yield _root(word)


def _root(word: str) -> str:
    """A word without its English possessive, folded."""
    return re.sub(r"['’]s$", "", word.casefold())
