"""What is told of texts from which nothing may be learned: that they were there, and no word of them. Pure.

Whatever belongs to a sentence of which that was said is private, also what was chosen before it was said.
"""

from collections.abc import Sequence

import msgspec

from vybor.accounting.account import Fate, Step, Utterance
from vybor.contracts import messages as m
from vybor.utterances.belonging import Belonging, Sentences
from vybor.utterances.private import is_private

NOT_OF_IT = (Fate.UNDONE, Fate.ASIDE)
"""What became of choices that are not in the text."""
Name = tuple[str, int]
"""Of a decision: session and number."""


def names(decisions: Sequence[m.Decision]) -> frozenset[Name]:
    """The decisions, of all these, that are private."""
    sentences = Sentences()
    told: dict[int, Belonging] = {}
    found: set[int] = set()
    for place, decision in enumerate(decisions):
        belonging = sentences.tell(decision, (0, place))
        if belonging:
            told[id(belonging)] = belonging
        if is_private(decision):
            found.add(place)
    for belonging in told.values():
        places = {place for span in belonging.spans for place in range(span.first, span.last + 1)}
        if places & found:
            found |= places
    return frozenset(name_of(decisions[place]) for place in found)


def name_of(decision: m.Decision) -> Name:
    """By which it is known."""
    return decision.session, decision.number


def shown(utterance: Utterance, private: frozenset[Name]) -> Utterance:
    """The same without words that are private: all of them, if one of the choices that made it is."""
    hidden = {step for step in utterance.steps if name_of(step.decision) in private}
    if all(step.fate in NOT_OF_IT for step in hidden):
        steps = tuple(_bare(step) if step in hidden else step for step in utterance.steps)
        return msgspec.structs.replace(utterance, steps=steps)
    steps = tuple(map(_bare, utterance.steps))
    return msgspec.structs.replace(utterance, text="", said="", origins=(), steps=steps, is_hidden=True)


def _bare(step: Step) -> Step:
    return msgspec.structs.replace(step, decision=bare(step.decision))


def bare(decision: m.Decision) -> m.Decision:
    """A choice without what was written, offered, said and looked at, and marked as private."""
    return msgspec.structs.replace(
        decision,
        written="",
        text_before="",
        text_after="",
        shown=(),
        said="",
        prefix="",
        looks=(),
        context=None,
        learn=False,
    )
