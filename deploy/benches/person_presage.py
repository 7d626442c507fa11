"""Presage's words for a text, each text asked once: its answer is the same whoever types it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benches.writing_presage import Ask, asking


class PresageWords:
    """Suggestions behind a text, from a program that runs beside until it is closed.

    Texts grow by what is typed, so the program is begun anew only where a text does not go on from the last one.
    Words stay among the suggestions while they fit (`repeats`), which is what a person who overlooks some needs.
    """

    def __init__(self, configuration: Path) -> None:
        self._configuration = configuration
        self._known: dict[str, Sequence[str]] = {}
        self._typed = ""
        self._ask: Ask | None = None
        self._running: Iterator[Ask] | None = None

    def __call__(self, text: str) -> Sequence[str]:
        """The words. Raises Missing if presage ends by itself."""
        if text not in self._known:
            self._known[text] = tuple(self._asked(text))
        return self._known[text]

    def close(self) -> None:
        """End the program."""
        if self._running is not None:
            for _ in self._running:
                pass
        self._running = self._ask = None

    def _asked(self, text: str) -> Sequence[str]:
        if self._ask is None or not text.startswith(self._typed) or text == self._typed:
            self.close()
            self._running = self._run()
            self._ask = next(self._running)
            self._typed = ""
        typed, self._typed = text[len(self._typed) :], text
        return self._ask(typed)

    def _run(self) -> Iterator[Ask]:
        with asking(self._configuration) as ask:
            yield ask
