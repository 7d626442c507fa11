"""What decisions tell, one after another: the text, what undo would bring back, what was spoken. Pure."""

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vybor.contracts import messages as m


class _Said(NamedTuple):
    """A sentence, and how long `past` was right after it was spoken, or said not to have been meant."""

    after: int
    is_told: bool
    """Whether it may be learned: another one was never told."""
    session: str
    """With the number the decision that spoke it."""
    number: int


class Story:
    """The state of the text after some decisions; it may begin anywhere in the record."""

    def __init__(self) -> None:
        self.text = ""
        self.past: list[str] = []
        """The texts that undo would bring back, oldest first."""
        self.sentences: list[m.Sentence] = []
        """What was spoken, and what was taken back by undoing that."""
        self.private: set[str] = set()
        """Texts of which nothing may be learned."""
        self.incognito = False
        self._is_begun = False
        self._spoken: list[_Said] = []
        """What was spoken and not undone."""
        self._mended: list[_Said] = []
        """What was said not to have been meant, where that was not undone."""

    @property
    def spoken(self) -> str:
        """What was spoken, if nothing was written since; else empty."""
        is_last = bool(self._spoken) and self._spoken[-1].after == len(self.past) and not self.text
        return self.past[-1] if is_last else ""

    @property
    def spoken_by(self) -> tuple[str, int]:
        """The decision that spoke it: session and number; none where nothing is told to have been spoken."""
        return self._spoken[-1][2:] if self.spoken else ("", 0)

    def tell(self, decision: m.Decision) -> None:
        """Take in the next decision."""
        if not self._is_begun:
            self.text, self._is_begun = decision.text_before, True
        if decision.text_before != self.text:  # a start that did not know of the text before
            self.past.append(self.text)
        self.text = decision.text_after
        if decision.action is m.Action.UNDO and self.past[-1:] == [self.text]:
            self._undo(decision.text_before)
        elif decision.text_before != self.text:
            self.past.append(decision.text_before)
            self._change(decision)
        self.incognito = decision.incognito
        if not decision.learn and decision.action not in m.ASIDE:
            line = (*self.past, self.text) if decision.action is m.Action.PRIVACY else (self.text,)
            self.private |= set(itertools.takewhile(bool, reversed(line)))

    def _undo(self, undone: str) -> None:
        """Take back the last step, and with it what it said of a sentence."""
        if self._mended and self._mended[-1].after == len(self.past):
            if self._mended.pop().is_told:
                self.sentences.append(m.Sentence(text=undone))
        elif self._spoken and self._spoken[-1].after == len(self.past) and self._spoken.pop().is_told:
            self.sentences.append(m.Sentence(text=self.text, spoken=False))
        self.past.pop()

    def _change(self, decision: m.Decision) -> None:
        """What a step says of a sentence. One that may not be learned was never told, and is not taken back.

        A text that was private and is written once more from an open one is open.
        """
        if decision.learn:
            self.private.discard(self.text)
        if decision.action is m.Action.SPEAK:
            self._spoken.append(_Said(len(self.past), decision.learn, decision.session, decision.number))
            if decision.learn:
                self.sentences.append(m.Sentence(text=decision.text_before))
        elif decision.action is m.Action.REPAIR and self._spoken:
            mended = self._spoken[-1]._replace(after=len(self.past))
            self._mended.append(mended)
            if mended.is_told:
                self.sentences.append(m.Sentence(text=decision.text_after, spoken=False))


def story_of(decisions: Iterable[m.Decision]) -> Story:
    """Tell all of them."""
    story = Story()
    for decision in decisions:
        story.tell(decision)
    return story


class Later(NamedTuple):
    """What decisions tell behind earlier ones."""

    sentences: tuple[m.Sentence, ...]
    """What they spoke and took back."""
    decisions: int
    """So many they were."""
    last: m.Decision | None


def told_after(earlier: Iterable[m.Decision], later: Iterable[m.Decision]) -> Later:
    """What the later ones spoke and took back; each decision is let go of as soon as it is told."""
    story = story_of(earlier)
    before, count, last = len(story.sentences), 0, None
    for last in later:
        story.tell(last)
        count += 1
    return Later(tuple(story.sentences[before:]), count, last)


def resting_after(decisions: Sequence[m.Decision]) -> bool:
    """Whether the person went to rest and has not woken since."""
    ends = [decision.action for decision in decisions if decision.action in (m.Action.REST, m.Action.WAKE)]
    return bool(ends) and ends[-1] is m.Action.REST
