"""What was before the last change that somebody made here, so that it can be undone; in memory alone.

Phrases and words wait until the next change. Documents wait ten minutes, packed: what is removed is to be gone.
"""

import asyncio
import zlib
from collections.abc import Mapping

import msgspec

from vybor.contracts import messages as m

TOPICS_WAIT_S = 600.0
MOST_PACKED = 6_000_000
"""Bytes of documents that wait; of more than that the last change is not undone."""


class LastGiven(msgspec.Struct, frozen=True):
    """The lists of phrases, or of words."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class LastTopics(msgspec.Struct, frozen=True):
    """The documents that are others now."""

    names: tuple[str, ...]
    packed: bytes
    until_s: float
    """By the loop's clock: what is removed is to be gone then."""

    def before(self) -> dict[str, tuple[m.Passage, ...]]:
        """What each was; nothing where there was none of its name."""
        return msgspec.msgpack.decode(zlib.decompress(self.packed), type=dict[str, tuple[m.Passage, ...]])


class Undo:
    """One step of each."""

    def __init__(self) -> None:
        self.given: dict[m.Gift, LastGiven] = {}
        self.topics: LastTopics | None = None
        self._over: asyncio.TimerHandle | None = None

    def gave(self, what: m.Gift, before: tuple[str, ...], after: tuple[str, ...]) -> None:
        """Phrases or words were changed."""
        self.given[what] = LastGiven(before, after)

    def topiced(self, before: Mapping[str, tuple[m.Passage, ...]]) -> None:
        """Documents were changed: these were there, or were not."""
        if self._over:
            self._over.cancel()
        self._over = asyncio.get_running_loop().call_later(TOPICS_WAIT_S, self.forget_topics)
        self._keep(before, self._over.when())

    def not_back(self, last: LastTopics, before: Mapping[str, tuple[m.Passage, ...]]) -> None:
        """Of the last change these could not be undone: they wait on, and no longer than they would have."""
        is_due = self._over is None or self._over.when() != last.until_s
        if before and self.topics is None and not is_due and asyncio.get_running_loop().time() < last.until_s:
            self._keep(before, last.until_s)

    def _keep(self, before: Mapping[str, tuple[m.Passage, ...]], until_s: float) -> None:
        packed = zlib.compress(msgspec.msgpack.encode(before))
        self.topics = LastTopics(tuple(before), packed, until_s) if len(packed) <= MOST_PACKED else None

    def forget_topics(self) -> None:
        """Nothing of them waits any more."""
        self.topics = None
