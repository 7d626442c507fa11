"""Somebody who writes at the real decision, for the tests of what the record shows."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source
from vybor.core.decision.rules import Rules
from vybor.foundation.settings import CommitSettings
from vybor.instant.pattern import Pattern
from vybor.journal import store
from world.desk import Desk
from world.mind import wish

KNOWN = ("I want", "I", "you", "we", "they", "water", "tea", "want", "some", "please")


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    """Words that fit, each with a probability, and what goes on in grey."""
    pattern, passed = Pattern.of(prompt.prefix, prompt.groups), {word.casefold() for word in prompt.exclude}
    words = [known.split() for known in KNOWN]
    fit = [w for w in words if pattern.fits(w[0].casefold()) and w[0].casefold() not in passed][: prompt.count]
    return [
        m.Candidate(words=tuple(w), p=0.3 / n, p_then=(0.9,) * (len(w) - 1), source=Source.NGRAM)
        for n, w in enumerate(fit, start=1)
    ]


RULES = Rules(session="s", language="en", commit=CommitSettings(), instant=instant, count=4)


class Scribe(Desk):
    """Writes sentences, undoes, speaks."""

    def __init__(self, rules: Rules = RULES) -> None:
        super().__init__(rules, frame_s=0.1)

    @property
    def record(self) -> list[m.Decision]:
        return [decided.decision for decided in self.decided]

    @property
    def text(self) -> str:
        return self.state.writing.text

    def take(self, role: Role, label: str = "") -> None:
        """Choose the tile of this role, and of this label if one is named."""
        fit = [tile for tile in self.state.tiles if tile.role is role and (not label or tile.label == label)]
        before = len(self.decided)
        self.choose(fit[0].slot)
        assert len(self.decided) == before + 1

    def write(self, text: str) -> None:
        """Write on until this is the text."""
        while self.text != text:
            self._take_what_a_careful_writer_would(text)

    def say(self, text: str) -> None:
        """Write it and speak it."""
        before = len(self.decided)
        while not any(decided.say for decided in self.decided[before:]):
            self._take_what_a_careful_writer_would(text)

    def _take_what_a_careful_writer_would(self, text: str) -> None:
        wished = wish(self.screen(), text)
        assert wished.tile, wished.why
        self.take(wished.tile.role, wished.tile.label)


def keep(decisions: Sequence[m.Decision], state: Path) -> None:
    """A journal with these decisions in a folder of its own."""
    state.mkdir(parents=True, exist_ok=True)
    opened = store.open_store(state / "journal.sqlite", "boot")
    for decision in decisions:
        opened.keep(decision)
    opened.close()


def doubted(decision: m.Decision, alone: float) -> m.Decision:
    """The same choice, with so much evidence of eyes and body."""
    evidence = msgspec.structs.replace(decision.evidence, posterior_without_prior=alone, slot_without_prior=None)
    return msgspec.structs.replace(decision, evidence=evidence)
