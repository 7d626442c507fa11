"""Which rows of the record belong to one sentence: from its first letter to its being spoken and back. Pure.

A sentence begins where the line was empty, and ends where it is empty again. An undo, or *That is not what I
meant*, that brings a text back goes on with the sentence that ended with it: whoever forgets that forgets both.
"""

import re
from collections.abc import Iterator

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.segments.rows import Span
from vybor.utterances.following import TAKES_BACK

Place = tuple[int, int]
"""Of a row: boot and sequence."""
WORD = re.compile(r"[^\W_]{2,}")
"""What stands between apostrophes and hyphens counts by itself (Ada's); a letter alone tells nothing."""


class Speaking(msgspec.Struct, frozen=True):
    """That a sentence was spoken."""

    session: str
    number: int


class Belonging(msgspec.Struct):
    """The rows of one sentence."""

    spans: list[Span] = msgspec.field(default_factory=list)
    texts: list[str] = msgspec.field(default_factory=list)
    """What it was when it ended; more than one if it was taken back and gone on with."""
    spoken: list[Speaking] = msgspec.field(default_factory=list)
    text: str = ""
    """What it is now, or was before it was left out of sight."""
    stands: bool = False
    """Whether it was spoken and not taken back."""
    is_private: bool = False
    """Whether somebody has said of it that nothing is to be learned; whoever takes the rows in notes that here."""

    def take(self, place: Place) -> None:
        """A row belongs to it."""
        boot, sequence = place
        last = self.spans[-1] if self.spans else None
        if last and (last.boot, last.last + 1) == place:
            self.spans[-1] = msgspec.structs.replace(last, last=sequence)
        elif not (last and last.boot == boot and last.first <= sequence <= last.last):
            self.spans.append(Span(boot, sequence, sequence))

    def all_texts(self) -> Iterator[str]:
        """What it was when it ended, and what it is; none twice that follow each other."""
        yield from self.texts
        if self.text and self.text not in self.texts:
            yield self.text

    def words(self) -> set[str]:
        """The words of all its texts."""
        return {word for text in self.all_texts() for word in words_of(text)}


class Sentences:
    """Takes in the rows of the record, oldest first."""

    def __init__(self) -> None:
        self.all: list[Belonging] = []
        self._at_hand: Belonging | None = None
        self._told: Belonging | None = None
        """What the last decision belongs to."""
        self._letters: list[Place] = []
        """Rows of letters for a first word, while nothing is written yet."""
        self._ended: dict[str, Belonging] = {}
        """By the text that it ended with, the newest."""

    def tell(self, decision: m.Decision, place: Place) -> Belonging | None:
        """Take in the next decision; the sentence that it belongs to, if to any so far."""
        self._told = self._tell(decision, place)
        return self._told

    def beside(self, place: Place) -> Belonging | None:
        """A row that stands behind the last decision and says more of it."""
        if self._told:
            self._told.take(place)
        return self._told

    def _tell(self, decision: m.Decision, place: Place) -> Belonging | None:
        before, after = decision.text_before, decision.text_after
        if not before and not after:
            self._nothing_written(decision, place)
            return None
        at_hand = self._of(decision)
        for letter in self._letters:
            at_hand.take(letter)
        self._letters = []
        at_hand.take(place)
        at_hand.text = after or before
        if after:
            self._at_hand = at_hand
            return at_hand
        self._at_hand = None
        at_hand.texts.append(before)
        self._ended[before] = at_hand
        if decision.action is Action.SPEAK:
            at_hand.stands = True
            at_hand.spoken.append(Speaking(decision.session, decision.number))
        return at_hand

    def _nothing_written(self, decision: m.Decision, place: Place) -> None:
        if decision.prefix or decision.looks or decision.action in (Action.SPELL, Action.STEER):
            self._letters.append(place)
        else:
            self._letters = []
        self._at_hand = None

    def _of(self, decision: m.Decision) -> Belonging:
        """The sentence that a decision is of: one at hand, one that comes back, or a new one."""
        before = decision.text_before
        if before and self._at_hand and self._at_hand.text == before:
            return self._at_hand
        if not before and decision.action in TAKES_BACK and (back := self._ended.get(decision.text_after)):
            back.stands = False
            return back
        known = self._ended.get(before) if before else None  # a start that had the draft of the time before
        if known is None:
            known = Belonging()
            self.all.append(known)
        return known

    @property
    def begin(self) -> Place | None:
        """The first row of the text at hand, letters for a first word among them; None on an empty line."""
        if self._at_hand:
            first = self._at_hand.spans[0]
            return first.boot, first.first
        return self._letters[0] if self._letters else None

    @property
    def letters(self) -> Belonging:
        """Rows of letters for a first word, while nothing is written yet."""
        waiting = Belonging()
        for letter in self._letters:
            waiting.take(letter)
        return waiting

    def forget_all_but(self, count: int) -> None:
        """Of more than twice so many sentences the oldest are forgotten: nothing comes back from there."""
        if len(self.all) <= 2 * count:
            return
        self.all = self.all[-count:]
        kept = {id(one) for one in self.all}
        self._ended = {text: one for text, one in self._ended.items() if id(one) in kept}

    def last_spoken(self) -> Belonging | None:
        """The one that was spoken last, and not taken back since."""
        return max((one for one in self.all if one.stands), key=_end, default=None)

    def spoken_by(self, session: str, number: int) -> Belonging | None:
        """The one that a decision spoke."""
        named = Speaking(session, number)
        return next((one for one in self.all if named in one.spoken), None)


def _end(one: Belonging) -> Place:
    return max((span.boot, span.last) for span in one.spans)


def words_of(text: str) -> Iterator[str]:
    """The words of a text, folded."""
    return (found.group().casefold() for found in WORD.finditer(text))
