"""What is deleted is taken out of rows that stay: out of what was offered, added and said beside it. Pure.

Of single words those go that stand in nothing that stays. A whole sentence goes, and so does its end, though each
of its words stands elsewhere too: it may have been offered again as one, or word by word behind its beginning.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.utterances.belonging import words_of

FORGOTTEN = "…"
"""Stands in the record for words that were offered and have been forgotten since."""
ONLY_THESE = (Role.ANSWER, Role.NOT_MEANT, Role.KEY, Role.GROUP, Role.LETTER, Role.MARK, Role.INTENT, Role.ERASE)
"""Their labels are the kit's own, the same for everybody."""
FEWEST = 2
"""Words of an end: one that stands elsewhere too tells nothing."""
EACH = re.compile(r"[^\W_]+")

Run = tuple[str, ...]
"""Words one behind the other, folded."""


class Hidden(msgspec.Struct, frozen=True):
    """What is taken out."""

    words: frozenset[str]
    """Wherever they stand…"""
    runs: tuple[Run, ...]
    """…and these, where all of one stands."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take out."""
        return not self.words and not self.runs

    def is_in(self, text: str) -> bool:
        """Whether any of it stands in a text."""
        said = run_of(text)
        return self._has_word(text) or any(any(_places(said, run)) for run in self.runs)

    def on(self, label: str, grey: str, before: str) -> tuple[bool, bool]:
        """Whether any of it stands on a label, and in the grey behind it; it may begin in the text before."""
        first, then, led = run_of(label), run_of(grey), run_of(before)
        on_label, on_grey = self._has_word(label), self._has_word(grey)
        for run in self.runs:
            behind = led[-(len(run) - 1) :]
            ends, whole = len(behind) + len(first), (*behind, *first, *then)
            for place in _places(whole, run):
                on_label |= place.start < ends
                on_grey |= place.stop > ends
        return on_label, on_grey

    def _has_word(self, text: str) -> bool:
        return not self.words.isdisjoint(words_of(text))


def hidden(gone: Iterable[str], stays: Iterable[str], words: frozenset[str]) -> Hidden:
    """Of texts that go beside those that stay: these words, and of each text the shortest end that none has."""
    known = {run: FEWEST - 1 for text in gone if len(run := run_of(text)) >= FEWEST}
    for other in map(run_of, stays) if known else ():
        for run, longest in known.items():
            known[run] = max(longest, _common_end(run, other))
    return Hidden(words, tuple(run[-longest - 1 :] for run, longest in known.items() if longest < len(run)))


def run_of(text: str) -> Run:
    """The words of a text, single letters too."""
    return tuple(found.group().casefold() for found in EACH.finditer(text))


def hiding(decision: m.Decision, what: Hidden) -> m.Decision:
    """The decision without it; the very same if none of it stood there. What was written by it stays."""
    shown = tuple(_without(tile, decision.text_before, what) for tile in decision.shown)
    written = _beside(decision.written, decision.text_after, what)
    said = _beside(decision.said, decision.text_before, what)
    if (shown, written, said) == (decision.shown, decision.written, decision.said):
        return decision
    return msgspec.structs.replace(decision, shown=shown, written=written, said=said)


def _beside(told: str, text: str, what: Hidden) -> str:
    """What was added or said, unless the text of the row, which stays, has it too."""
    is_there = any(_places(run_of(text), run_of(told)))
    return FORGOTTEN if told and not is_there and what.is_in(told) else told


def _without(tile: m.OfferedTile, before: str, what: Hidden) -> m.OfferedTile:
    members = tuple(_without(each, before, what) for each in tile.members)
    label, grey, origin = tile.label, tile.grey, tile.origin
    if tile.role not in ONLY_THESE:
        on_label, on_grey = what.on(label, grey, before)
        label, grey = FORGOTTEN if on_label else label, FORGOTTEN if on_grey else grey
        origin = FORGOTTEN if what.is_in(origin) else origin
    if (members, label, grey, origin) == (tile.members, tile.label, tile.grey, tile.origin):
        return tile
    return msgspec.structs.replace(tile, members=members, label=label, grey=grey, origin=origin)


def _places(whole: Run, part: Run) -> Iterator[slice]:
    """Where all of a part stands; nothing stands nowhere."""
    for at in range(len(whole) - len(part) + 1) if part else ():
        if whole[at : at + len(part)] == part:
            yield slice(at, at + len(part))


def _common_end(run: Run, other: Sequence[str]) -> int:
    """How many of its last words stand in another text, one behind the other."""
    best = 0
    for end, word in enumerate(other, start=1):
        if word == run[-1]:
            pairs = zip(reversed(run), reversed(other[:end]), strict=False)
            best = max(best, next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(run), end)))
    return best
