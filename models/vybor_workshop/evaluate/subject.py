"""What is measured, and with what."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.foundation.errors import VyborError
from vybor.generator.network.bundle import Bundle
from vybor_workshop.dataset.examples import Example, Part
from vybor_workshop.evaluate.figures import Who
from vybor_workshop.evaluate.texts import Texts

MOST_WRITTEN, MOST_READ = 40, 300
"""Sentences that are written again, and that are read: the newest."""


class EvaluationError(VyborError):
    """There is too little to measure with, or what is to be measured cannot work."""

    exit_code = 65  # EX_DATAERR


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured, and with what."""

    bundle: Bundle
    adapters: Mapping[Who, Path | None]
    """None: the model as it was built."""
    words: Path
    examples: Sequence[Example]
    others: Texts
    general: Texts
    listed: frozenset[str] = frozenset()
    """Folded names that may stand on an empty line."""
    private: Sequence[str] = ()
    threads: int = 2
    most_written: int = MOST_WRITTEN

    @property
    def held(self) -> Sequence[Example]:
        """What was kept back to measure with."""
        return [each for each in self.examples if each.part is Part.HELD][-MOST_READ:]

    @property
    def written(self) -> Sequence[Example]:
        """Of those, what is written again."""
        return self.held[-self.most_written :]

    @property
    def before(self) -> Sequence[str]:
        """What the person said before that: the kit's counts know it."""
        return [each.text for each in self.examples[: len(self.examples) - len(self.written)]]

    @property
    def language(self) -> str:
        """That of most sentences."""
        languages = [each.language for each in self.held]
        return max(set(languages), key=languages.count)
