"""What became of each choice later: taken back soon, changed, or part of a sentence that was spoken. Pure.

Only the order of the record counts, and the kit's own clock within one boot; the calendar says nothing here.
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

from vybor.contracts.messages import Action
from vybor.foundation.clock import seconds

SOON_NS = seconds(30)
MOST_PAST = 500
"""So many texts are remembered for undo; the kit itself goes back two hundred."""
NOBODY = -1
"""Wrote a character that stood there when the record began."""

Place = tuple[int, int]
Written = tuple[int, ...]
"""For each character of a text, which choice wrote it."""


class Step(NamedTuple):
    """What is needed of a decision."""

    boot: int
    sequence: int
    at_ns: int
    action: str
    before: str
    after: str

    @property
    def place(self) -> Place:
        """Where it stands in the record."""
        return self.boot, self.sequence


class Outcome(NamedTuple):
    """What became of it."""

    undone_soon: bool = False
    """It was undone within 30 seconds."""
    edited: bool = False
    """Something of what it wrote was changed or removed, otherwise than by undoing it."""
    spoken_by: Place | None = None
    """The choice that spoke something of what it wrote, and was not taken back; of one that speaks, itself."""


class _Past(NamedTuple):
    """A text that undo would bring back, and the choice that it would undo."""

    text: str
    written: Written
    by: int


class Outcomes:
    """Takes in the choices of one kit, in their order."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._text = ""
        self._written: Written = ()
        self._past: list[_Past] = []
        self._undone_soon: set[int] = set()
        self._edits: dict[int, set[int]] = {}
        """Of a choice that changed what stood there: those that had written it."""
        self._spoken: dict[int, set[int]] = {}
        """Of a choice that spoke: those that had written that."""
        self._mended: dict[int, tuple[int, set[int]]] = {}
        """Of a choice that said a sentence was not meant: that sentence."""

    def tell(self, step: Step) -> None:
        """The next one."""
        number = len(self._steps)
        self._steps.append(step)
        if step.before != self._text:
            self._found(step.before)
        if step.after == step.before:
            return
        if step.action == Action.UNDO and self._past and self._past[-1].text == step.after:
            self._undo(step)
        elif step.action == Action.SPEAK:
            self._spoken[number] = set(self._written) - {NOBODY}
            self._turn(number, step.after, _nobody(step.after))
        elif step.action == Action.REPAIR and self._past and self._past[-1].by in self._spoken:
            spoke = self._past[-1]
            self._mended[number] = spoke.by, self._spoken.pop(spoke.by)
            self._turn(number, step.after, spoke.written if spoke.text == step.after else _nobody(step.after))
        else:
            self._change(number, step)

    def all(self) -> list[tuple[Place, Outcome]]:
        """Of each, in order."""
        edited = set().union(*self._edits.values())
        spoken_by = {one: by for by, some in self._spoken.items() for one in (*some, by)}
        return [
            (
                step.place,
                Outcome(
                    number in self._undone_soon,
                    number in edited,
                    self._steps[spoken_by[number]].place if number in spoken_by else None,
                ),
            )
            for number, step in enumerate(self._steps)
        ]

    def _undo(self, step: Step) -> None:
        past = self._past.pop()
        self._text, self._written = past.text, past.written
        if past.by == NOBODY:
            return
        undone = self._steps[past.by]
        if undone.boot == step.boot and step.at_ns - undone.at_ns <= SOON_NS:
            self._undone_soon.add(past.by)
        self._edits.pop(past.by, None)
        self._spoken.pop(past.by, None)
        if mended := self._mended.pop(past.by, None):
            spoke, some = mended
            self._spoken[spoke] = some

    def _change(self, number: int, step: Step) -> None:
        """What stays at both ends keeps its writers."""
        before, after = step.before, step.after
        head = common_prefix(before, after)
        tail = common_prefix(before[head:][::-1], after[head:][::-1])
        end = len(before) - tail
        if gone := set(self._written[head:end]) - {NOBODY}:
            self._edits[number] = gone
        added = (number,) * (len(after) - head - tail)
        self._turn(number, after, self._written[:head] + added + self._written[end:])

    def _turn(self, number: int, text: str, written: Written) -> None:
        self._past.append(_Past(self._text, self._written, number))
        del self._past[:-MOST_PAST]
        self._text, self._written = text, written

    def _found(self, text: str) -> None:
        """Another text than was left: the record begins, or rows of it were deleted."""
        kept = common_prefix(self._text, text)
        self._turn(NOBODY, text, self._written[:kept] + (NOBODY,) * (len(text) - kept))


def outcomes(steps: Iterable[Step]) -> Sequence[tuple[Place, Outcome]]:
    """Of each choice of one kit."""
    told = Outcomes()
    for step in steps:
        told.tell(step)
    return told.all()


def common_prefix(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _nobody(text: str) -> Written:
    return (NOBODY,) * len(text)
