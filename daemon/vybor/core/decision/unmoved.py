"""One word of an offer is never moved by the interest: the one that would stand first without it. Pure."""

from collections.abc import Sequence

from vybor.contracts import messages as m


def first_kept(moved: Sequence[m.Candidate], unmoved: Sequence[m.Candidate]) -> tuple[m.Candidate, ...]:
    """The moved candidates behind the first of the unmoved ones, which keeps its own probability."""
    if not unmoved:
        return tuple(moved)
    first, key = unmoved[0], unmoved[0].words[0].casefold()
    return (first, *(candidate for candidate in moved if candidate.words[0].casefold() != key))


def whole(candidates: Sequence[m.Candidate]) -> tuple[m.Candidate, ...]:
    """Those that have words, and none that is empty."""
    return tuple(candidate for candidate in candidates if candidate.words and all(candidate.words))
