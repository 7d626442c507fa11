"""What decisions tell, one after another: the text, what undo would bring back, what was spoken. Pure."""

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
        self._spoken: list[int] = []
        """How long `past` was right after each sentence that was spoken and not taken back."""

    def tell(self, decision: m.Decision) -> None:
        """Take in the next decision."""
        if decision.text_before != self.text:  # a start that did not know of the text before
            self.past.append(self.text)
        self.text = decision.text_after
        if decision.action is m.Action.UNDO and self.past[-1:] == [self.text]:
            if self._spoken[-1:] == [len(self.past)]:
                self._spoken.pop()
                self.sentences.append(m.Sentence(text=self.text, spoken=False))
            self.past.pop()
        elif decision.text_before != self.text:
            self.past.append(decision.text_before)
            if decision.action is m.Action.SPEAK:
                self._spoken.append(len(self.past))
                self.sentences.append(m.Sentence(text=decision.text_before))


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
