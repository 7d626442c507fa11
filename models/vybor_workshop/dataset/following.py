"""Follows the text choice by choice: of each sentence that was spoken, which choice wrote which character. Pure.

The same walk as `vybor.utterances.following`, which knows where characters come from and not which choice they are
of. It may begin anywhere, and rows may be missing anywhere: what stood there before is nobody's.
"""

from typing import NamedTuple

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.utterances import provenance
from vybor.utterances.following import MOST_STEPS, TAKES_BACK
from vybor.utterances.provenance import Origin, Origins, Steering


class Chosen(msgspec.Struct, frozen=True, eq=False):
    """A choice, and where it stands in the record."""

    boot: int
    sequence: int
    day: str
    decision: m.Decision

    @property
    def place(self) -> tuple[int, int]:
        """What says its order."""
        return self.boot, self.sequence

    @property
    def tile(self) -> m.OfferedTile | None:
        """What was chosen, where the record has the offer."""
        return provenance.chosen_tile(self.decision)


Writers = tuple[Chosen | None, ...]
"""One a character; None: nobody that the record tells of."""


class Sentence(msgspec.Struct, eq=False):
    """A text that was spoken."""

    spoken: Chosen
    text: str
    """As it was written."""
    origins: Origins
    writers: Writers
    taken_back: bool = False
    """It was undone, or said not to have been meant."""


class _Step(NamedTuple):
    text: str
    origins: Origins
    writers: Writers
    spoke: Sentence | None = None
    """What was spoken to come here."""


class Following:
    """Takes in the choices of one kit, oldest first."""

    def __init__(self) -> None:
        self._steps = [_Step("", (), ())]
        self.sentences: list[Sentence] = []
        """All that were spoken, in order."""
        self.written = 0
        """Characters that choices have written."""

    def tell(self, chosen: Chosen) -> None:
        """The next one."""
        decision = chosen.decision
        before, after = decision.text_before, decision.text_after
        if before != self._steps[-1].text:
            self._found(before)
        if after == before:
            return
        if decision.action in TAKES_BACK:
            self._take_back(after)
        elif decision.action is Action.SPEAK:
            self._speak(chosen)
        else:
            self._write(chosen)
        del self._steps[:-MOST_STEPS]

    def _take_back(self, after: str) -> None:
        """Back to the text before; also where the record does not tell of the step that led away from it."""
        if not self._steps[-1].text and (spoken := self._last_of(after)):
            spoken.taken_back = True
        if len(self._steps) > 1 and self._steps[-2].text == after:
            self._steps.pop()
        else:
            self._found(after)

    def _last_of(self, text: str) -> Sentence | None:
        standing = (one for one in reversed(self.sentences) if one.text == text and not one.taken_back)
        return next(standing, None)

    def _speak(self, chosen: Chosen) -> None:
        now = self._steps[-1]
        if now.text.strip():
            self.sentences.append(Sentence(chosen, now.text, now.origins, now.writers))
        self._steps.append(_Step(chosen.decision.text_after, *_nobodys(chosen.decision.text_after)))

    def _write(self, chosen: Chosen) -> None:
        """What a choice adds is its own; of what it changes, what stays at the beginning stays whose it was."""
        decision, now = chosen.decision, self._steps[-1]
        origins = provenance.after(decision, now.origins, Steering(decision.prefix, decision.looks))
        after = decision.text_after
        kept = len(now.writers) if _is_only_recased(decision) else provenance.common_prefix(now.text, after)
        self._steps.append(_Step(after, origins, now.writers[:kept] + (chosen,) * (len(after) - kept)))
        self.written += len(after) - kept

    def _found(self, text: str) -> None:
        """Another text than was left: the record begins, or rows of it are missing."""
        known = self._steps[-1]
        kept = provenance.common_prefix(known.text, text)
        origins, writers = _nobodys(text[kept:])
        self._steps.append(_Step(text, known.origins[:kept] + origins, known.writers[:kept] + writers))


def _is_only_recased(decision: m.Decision) -> bool:
    """A capital letter changes no words, and is nobody's writing."""
    before, after = decision.text_before, decision.text_after
    return len(before) == len(after) and before.casefold() == after.casefold()


def _nobodys(text: str) -> tuple[Origins, Writers]:
    return (Origin.UNKNOWN,) * len(text), (None,) * len(text)
