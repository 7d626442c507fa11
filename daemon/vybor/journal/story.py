"""What decisions tell, one after another: the text, what undo would bring back, what was spoken. Pure."""

import itertools
from collections.abc import Iterable, Sequence

from vybor.contracts import messages as m


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
        self._spoken: list[tuple[int, str]] = []
        """How long `past` was right after each sentence that was spoken and not undone, and the sentence."""
        self._mended: list[int] = []
        """How long it was right after each that was said not to have been meant; undoing that brings it back."""

    def tell(self, decision: m.Decision) -> None:
        """Take in the next decision."""
        if decision.text_before != self.text:  # a start that did not know of the text before
            self.past.append(self.text)
        self.text = decision.text_after
        if decision.action is m.Action.UNDO and self.past[-1:] == [self.text]:
            self._undo(decision.text_before)
        elif decision.text_before != self.text:
            self.past.append(decision.text_before)
            self._change(decision)
        self.incognito = decision.incognito
        if not decision.learn and decision.action not in (m.Action.ANSWER, m.Action.AGAIN):
            line = (*self.past, self.text) if decision.action is m.Action.PRIVACY else (self.text,)
            self.private |= set(itertools.takewhile(bool, reversed(line)))

    def _undo(self, undone: str) -> None:
        """Take back the last step, and with it what it said of a sentence."""
        if self._mended[-1:] == [len(self.past)]:
            self._mended.pop()
            self.sentences.append(m.Sentence(text=undone))
        elif self._spoken and self._spoken[-1][0] == len(self.past):
            self._spoken.pop()
            self.sentences.append(m.Sentence(text=self.text, spoken=False))
        self.past.pop()

    def _change(self, decision: m.Decision) -> None:
        """What a step says of a sentence. One that may not be learned was never told, and is not taken back."""
        if decision.action is m.Action.SPEAK and decision.learn:
            self._spoken.append((len(self.past), decision.text_before))
            self.sentences.append(m.Sentence(text=decision.text_before))
        elif decision.action is m.Action.REPAIR and self._spoken and self._spoken[-1][1] == decision.text_after:
            self._mended.append(len(self.past))
            self.sentences.append(m.Sentence(text=decision.text_after, spoken=False))


def story_of(decisions: Iterable[m.Decision]) -> Story:
    """Tell all of them."""
    story = Story()
    for number, decision in enumerate(decisions):
        if number == 0:
            story.text = decision.text_before
        story.tell(decision)
    return story


def sentences_after(decisions: Sequence[m.Decision], earlier: int) -> tuple[m.Sentence, ...]:
    """What the decisions behind the first `earlier` spoke and took back."""
    before = len(story_of(decisions[:earlier]).sentences)
    return tuple(story_of(decisions).sentences[before:])


def resting_after(decisions: Sequence[m.Decision]) -> bool:
    """Whether the person went to rest and has not woken since."""
    ends = [decision.action for decision in decisions if decision.action in (m.Action.REST, m.Action.WAKE)]
    return bool(ends) and ends[-1] is m.Action.REST
