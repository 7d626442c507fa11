"""Follows the text choice by choice, so that of what is spoken each character's origin is known at once. Pure."""

from typing import NamedTuple

from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.utterances import provenance
from vybor.utterances.provenance import Origin, Origins, Steering, Stretch

TAKES_BACK = (Action.UNDO, Action.REPAIR)
MOST_STEPS = 500
"""So many texts are remembered for undo: as many decisions as the journal reads at its start."""


class Step(NamedTuple):
    """A text on its way, and the origins of its characters."""

    text: str
    origins: Origins


class Following:
    """Takes in decisions, oldest first; it may begin anywhere in the record."""

    def __init__(self) -> None:
        self._steps: list[Step] = [Step("", ())]

    def copy(self) -> "Following":
        """The same, to go on from without changing this one."""
        other = Following()
        other._steps = list(self._steps)
        return other

    def tell(self, decision: m.Decision) -> tuple[Stretch, ...]:
        """Take in the next one; if it spoke, what was said in stretches of one origin each."""
        if decision.text_before != self._steps[-1].text:
            self._found(decision.text_before)
        spoken: tuple[Stretch, ...] = ()
        if decision.text_after == decision.text_before:
            return spoken
        if decision.action in TAKES_BACK and len(self._steps) > 1 and self._steps[-2].text == decision.text_after:
            self._steps.pop()
        elif decision.action is Action.SPEAK:
            spoken = said_of(decision, self._steps[-1].origins)
            self._steps.append(Step("", ()))
        elif decision.action in TAKES_BACK:
            self._found(decision.text_after)
        else:
            steering = Steering(decision.prefix, decision.looks)
            origins = provenance.after(decision, self._steps[-1].origins, steering)
            self._steps.append(Step(decision.text_after, origins))
        del self._steps[:-MOST_STEPS]
        return spoken

    def _found(self, text: str) -> None:
        """Another text than was left: a start that did not know of it, or the record's beginning."""
        known = self._steps[-1]
        kept = provenance.common_prefix(known.text, text)
        self._steps.append(Step(text, known.origins[:kept] + (Origin.UNKNOWN,) * (len(text) - kept)))


def said_of(decision: m.Decision, origins: Origins) -> tuple[Stretch, ...]:
    """What a choice gave to the voice, in stretches."""
    said = decision.said or decision.text_before
    return provenance.stretches(said, provenance.ended(decision.text_before, origins, said))
