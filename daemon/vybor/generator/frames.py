"""Sentences from key words by an adapter that is worn for them alone, and the line that it was taught to read.

    ask: doctor, tomorrow
    When will the doctor come tomorrow?

The workshop trains on such lines (vybor_workshop/frames); the kit puts one where the model's own text would begin.
"""

from collections.abc import Iterable
from pathlib import Path

from vybor.contracts.messages import Intent
from vybor.generator.network.adapter import Adapter, open_adapter
from vybor.generator.network.bundle import Bundle
from vybor.generator.network.model import Model, Outfit
from vybor.grown.counting import FRAMES


def line(words: Iterable[str], intent: Intent | None) -> str:
    """What stands before a sentence that is to carry these words and to do this."""
    told = ", ".join(word.lower() for word in words)
    return f"{intent.value}: {told}\n" if intent else f"{told}\n"


class Frames:
    """The adapter of a model that makes sentences from words; there may be none."""

    def __init__(self, bundle: Bundle, model: Model) -> None:
        self._bundle = bundle
        self._model = model
        self.identity = bundle.identity
        """What the record calls the model while it makes such a sentence."""
        self.is_worn = False

    def wear(self, path: Path | None) -> None:
        """Put on an adapter instead of another, or none. Raises AdapterError; then none is worn."""
        self.is_worn = False
        try:
            if path:
                self._put_on(open_adapter(path, self._bundle, self._model.takes()))
        finally:
            if not self.is_worn:  # the graph with room for an adapter is slower than the one without
                self._put_on(None)

    @property
    def base(self) -> str:
        """The hash of the weights that the model was built from."""
        return self._bundle.manifest.base

    def _put_on(self, adapter: Adapter | None) -> None:
        self._model.wear(adapter.arrays if adapter else {}, Outfit.FRAMES)
        self.is_worn = adapter is not None
        self.identity = f"{self._bundle.identity}{FRAMES}{adapter.digest}" if adapter else self._bundle.identity
