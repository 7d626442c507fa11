"""Which of the phrases a carer gave: those alone may be shown to a carer. Pure.

What the wearer keeps by choosing on the screen is theirs: whoever may not read what they write may not read that.
A carer who gives a phrase that the wearer keeps already sees it as one that they gave, and learns nothing by it;
taken away again, it is still the wearer's.
"""

from collections.abc import Sequence

import msgspec

GIVEN, BOTH = "+", "="
"""How a line of the file begins; the phrase stands behind a space."""


class Given(msgspec.Struct, frozen=True):
    """What carers gave, oldest first."""

    phrases: tuple[str, ...] = ()
    theirs: frozenset[str] = frozenset()
    """Those among them that the wearer keeps as well."""

    def own(self, book: Sequence[str]) -> int:
        """How many phrases of the book the wearer keeps."""
        return sum(phrase not in self.phrases or phrase in self.theirs for phrase in book)


class Arranged(msgspec.Struct, frozen=True):
    """The book, and what of it was given."""

    book: tuple[str, ...]
    given: Given


def arranged(book: Sequence[str], given: Given, wanted: Sequence[str]) -> Arranged:
    """What carers gave becomes this, in the places of what they gave before; what the wearer keeps stays."""
    before = set(given.phrases) - given.theirs
    stay = frozenset(phrase for phrase in book if phrase not in before)
    waiting, places = list(wanted), list[str]()
    for phrase in book:
        if phrase in given.phrases and (phrase not in stay or phrase in wanted):
            places += waiting[:1]
            waiting = waiting[1:]
        elif phrase not in wanted:
            places.append(phrase)
    return Arranged((*places, *waiting), Given(tuple(wanted), stay & set(wanted)))


def written(given: Given) -> bytes:
    """The lines of the file."""
    lines = (f"{BOTH if phrase in given.theirs else GIVEN} {phrase}\n" for phrase in given.phrases)
    return "".join(lines).encode()


def read(lines: Sequence[str], book: Sequence[str]) -> Given:
    """From those lines; a phrase that is not in the book any more is none."""
    found = {line[2:]: line[:1] for line in lines if line[:2] in (f"{GIVEN} ", f"{BOTH} ")}
    kept = tuple(phrase for phrase in found if phrase in book)
    return Given(kept, frozenset(phrase for phrase in kept if found[phrase] == BOTH))
