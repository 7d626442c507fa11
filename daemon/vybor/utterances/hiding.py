"""What is deleted is taken out of rows that stay: of what was offered, added and said beside it, of notes. Pure.

Of single words those go that stand in nothing that stays. A whole sentence goes, and so does its end, though each
of its words stands elsewhere too: it may have been offered again as one, or word by word behind its beginning.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

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
    runs: dict[str, tuple[Run, ...]]
    """…and these, where all of one stands: by their first word."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take out."""
        return not self.words and not self.runs

    @property
    def longest(self) -> int:
        """So many words the longest run has."""
        return max((len(run) for runs in self.runs.values() for run in runs), default=0)

    def is_in(self, text: str) -> bool:
        """Whether any of it stands in a text."""
        return self._has_word(text) or any(self._places(run_of(text)))

    def on(self, label: str, grey: str, led: Run) -> tuple[bool, bool]:
        """Whether any of it stands on a label, and in the grey behind; it may begin in the text before."""
        on_label, on_grey = self._has_word(label), self._has_word(grey)
        if self.runs:
            first = (*led, *run_of(label))
            for place in self._places((*first, *run_of(grey))):
                on_label |= place.start < len(first) and place.stop > len(led)
                on_grey |= place.stop > len(first)
        return on_label, on_grey

    def _places(self, whole: Run) -> Iterator[slice]:
        """Where all of a run stands."""
        for at, word in enumerate(whole):
            for run in self.runs.get(word, ()):
                if whole[at : at + len(run)] == run:
                    yield slice(at, at + len(run))

    def _has_word(self, text: str) -> bool:
        return not self.words.isdisjoint(words_of(text))


def hidden(gone: Iterable[str], stays: Iterable[str], words: frozenset[str]) -> Hidden:
    """Of texts that go beside those that stay: these words, and of each text the shortest end that none has."""
    known = {run: FEWEST - 1 for text in gone if len(run := run_of(text)) >= FEWEST}
    by_end: dict[Run, list[Run]] = defaultdict(list)
    for run in known:
        by_end[run[-FEWEST:]].append(run)
    for other in map(run_of, stays) if known else ():
        for end in range(FEWEST, len(other) + 1):
            for run in by_end.get(other[end - FEWEST : end], ()):
                known[run] = max(known[run], _common_end(run, other[:end]))
    by_first: dict[str, tuple[Run, ...]] = {}
    for part in dict.fromkeys(run[-longest - 1 :] for run, longest in known.items() if longest < len(run)):
        by_first[part[0]] = (*by_first.get(part[0], ()), part)
    return Hidden(words, by_first)


def _common_end(run: Run, other: Run) -> int:
    """How many of its last words are the last of another text."""
    pairs = zip(reversed(run), reversed(other), strict=False)
    return next((count for count, (mine, its) in enumerate(pairs) if mine != its), min(len(run), len(other)))


def run_of(text: str) -> Run:
    """The words of a text, single letters too."""
    return tuple(found.group().casefold() for found in EACH.finditer(text))


def wrote(decision: m.Decision, what: Hidden) -> bool:
    """Whether it stood in the text of the row itself, or was being spelled there.

    In a sentence that stays it was taken back then: what it ended as has none of it.
    """
    return any(map(what.is_in, (decision.text_before, decision.text_after, decision.prefix)))


def saying_nothing(decision: m.Decision, text: str) -> m.Decision:
    """What says that a text must not be learned, said of this text, and of nothing else."""
    bare = {"written": "", "said": "", "shown": (), "prefix": "", "looks": (), "context": None}
    return msgspec.structs.replace(decision, text_before=text, text_after=text, **bare)


def hiding(decision: m.Decision, what: Hidden) -> m.Decision:
    """The decision without it; the very same if none of it stood there. The text of the row itself stays."""
    led = run_of(decision.text_before)[-max(1, what.longest - 1) :] if what.runs else ()
    shown = tuple(_without(tile, led, what) for tile in decision.shown)
    written = _beside(decision.written, decision.text_after, what)
    said = _beside(decision.said, decision.text_before, what)
    context = _noted(decision.context, what)
    if (shown, written, said, context) == (decision.shown, decision.written, decision.said, decision.context):
        return decision
    return msgspec.structs.replace(decision, shown=shown, written=written, said=said, context=context)


def _noted(context: m.Context | None, what: Hidden) -> m.Context | None:
    """Without names of documents that have it."""
    if context is None or not any(map(what.is_in, context.notes)):
        return context
    notes = tuple(FORGOTTEN if what.is_in(note) else note for note in context.notes)
    return msgspec.structs.replace(context, notes=notes)


def _beside(told: str, text: str, what: Hidden) -> str:
    """What was added or said, unless the text of the row, which stays, has it too."""
    if not told or not what.is_in(told):
        return told
    part, whole = run_of(told), run_of(text)
    is_there = any(whole[at : at + len(part)] == part for at in range(len(whole)))
    return told if is_there else FORGOTTEN


def _without(tile: m.OfferedTile, led: Run, what: Hidden) -> m.OfferedTile:
    members = tuple(_without(each, led, what) for each in tile.members)
    label, grey, origin = tile.label, tile.grey, tile.origin
    if tile.role not in ONLY_THESE:
        on_label, on_grey = what.on(label, grey, led)
        label, grey = FORGOTTEN if on_label else label, FORGOTTEN if on_grey else grey
        origin = FORGOTTEN if what.is_in(origin) else origin
    if (members, label, grey, origin) == (tile.members, tile.label, tile.grey, tile.origin):
        return tile
    return msgspec.structs.replace(tile, members=members, label=label, grey=grey, origin=origin)
