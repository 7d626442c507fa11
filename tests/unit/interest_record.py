"""A record of choices for the tests of interest, and what words mean there: two topics, at right angles."""

import itertools
from collections.abc import Sequence

import numpy as np

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.generator.network.embedding_rows import Floats

SEA = ("boat", "sail", "harbour", "wave", "anchor")
BAKERY = ("bread", "flour", "oven", "dough", "yeast")
SURE = 0.9


def meaning(word: str) -> Floats | None:
    """(1, 0) for the sea, (0, 1) for the bakery; other words say nothing."""
    if word.casefold() in SEA:
        return np.array([1, 0], np.float32)
    return np.array([0, 1], np.float32) if word.casefold() in BAKERY else None


def rare(word: str) -> float:
    """Every word is as common."""
    return 1e-5


def tile(
    slot: int, label: str, p: float | None = 0.1, gaze_s: float = 0.0, engagement: float | None = None
) -> m.OfferedTile:
    return m.OfferedTile(
        slot=slot,
        role=Role.CANDIDATE,
        label=label,
        grey="",
        source=m.Source.MODEL,
        p=p,
        gaze_ms=1e3 * gaze_s,
        engagement=engagement,
    )


class Record:
    """Decisions in order, of one session after another."""

    def __init__(self) -> None:
        self.kept: list[m.Decision] = []
        self.session = "first"
        self.at_ns = 10**9
        self.text = ""
        self.model = "tiny"
        self._numbers = itertools.count(1)

    def take(self, word: str, shown: Sequence[m.OfferedTile] = (), sure: float = SURE) -> m.Decision:
        """A word is taken from the offer if it stands there, else spelled."""
        slot = next((each.slot for each in shown if each.label == word), 6)
        written = f" {word}" if self.text else word
        return self._keep(Action.TAKE, slot, written, self.text + written, shown, sure)

    def speak(self) -> m.Decision:
        return self._keep(Action.SPEAK, 7, "", "", (), SURE)

    def undo(self, text: str) -> m.Decision:
        return self._keep(Action.UNDO, 4, "", text, (), SURE)

    def more(self, shown: Sequence[m.OfferedTile]) -> m.Decision:
        return self._keep(Action.MORE, 6, "", self.text, shown, SURE)

    def _keep(
        self, action: Action, slot: int, written: str, after: str, shown: Sequence[m.OfferedTile], sure: float
    ) -> m.Decision:
        number = next(self._numbers)
        self.at_ns += 10**9
        made = m.Decision(
            at_ns=self.at_ns,
            session=self.session,
            number=number,
            action=action,
            slot=slot,
            written=written,
            text_before=self.text,
            text_after=after,
            offer=number,
            shown=tuple(shown),
            evidence=m.Evidence(
                channel=m.Channelled.PAD, posterior=0.99, posterior_without_prior=sure, gaze_age_ms=10.0
            ),
            model=self.model,
        )
        self.text = after
        self.kept.append(made)
        return made


def of_days(days: int, right: bool, sentences: int = 20) -> Record:
    """Days on which sentences of the sea are written.

    The last word stands third in its offer: one of the sea if the interest is `right`, else one of the bakery.
    """
    record = Record()
    for day in range(days):
        record.at_ns, record.session = 10**9, f"day {day}"
        for _ in range(sentences):
            for word in SEA[:3]:
                record.take(word)
            last, other = ("wave", "dough") if right else ("dough", "wave")
            record.take(last, (tile(0, "the", 0.4), tile(1, other, 0.2), tile(2, last, 0.2)))
            record.speak()
    return record
