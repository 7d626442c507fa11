"""A recording that plays in place of a headband, as fast as it was worn, over and over."""

from collections.abc import Iterator

import msgspec

from vybor.foundation.clock import Clock, seconds
from vybor.headband.devices.playback.recorded import Recorded, chunks
from vybor.headband.port import Chunk, HeadbandStopped

PAUSE_NS = seconds(1)
"""Between the end and the beginning, and in place of a longer gap: silent for seconds, a headband is let go."""
LATE_NS = seconds(60)
"""Whoever has not read for longer missed the samples between, as with a headband."""


class PlayedHeadband:
    """Its chunks come when their last sample would have been taken."""

    def __init__(self, recorded: Recorded, clock: Clock) -> None:
        self._recorded = recorded
        self._clock = clock
        self._coming: Iterator[Chunk] | None = None
        self._next: Chunk | None = None
        self._begins_ns = 0
        """When its first sample is taken this time."""
        self._before = 0
        """How many samples went before, when it began this time."""
        self._played_ns = 0
        """Up to when it was played."""

    def start(self) -> None:
        """Begin at the beginning. Raises HeadbandMissing."""
        self._before = 0
        self._wind(self._clock.now_ns())

    def read(self) -> tuple[Chunk, ...]:
        """The samples since the last call. Raises HeadbandStopped if the file cannot be read any more."""
        now_ns = self._clock.now_ns()
        if now_ns - self._played_ns > LATE_NS:
            self._begins_ns += now_ns - self._played_ns - LATE_NS
        due: list[Chunk] = []
        while self._next is not None and self._ends_ns(self._next) <= now_ns:
            due.append(self._moved(self._next))
            self._played_ns = self._ends_ns(self._next)
            self._advance(self._next)
        return tuple(due)

    def stop(self) -> None:
        """Close it."""
        self._coming = self._next = None

    def _advance(self, played: Chunk) -> None:
        self._next = next(self._coming, None) if self._coming else None
        if self._next is None:
            self._before += played.end + round(PAUSE_NS / played.period_ns)
            self._wind(self._ends_ns(played) + PAUSE_NS)
        elif (gap_ns := self._next.at_ns - played.time_of(played.end)) > PAUSE_NS:
            self._begins_ns -= gap_ns - PAUSE_NS

    def _wind(self, begins_ns: int) -> None:
        self._coming = chunks(self._recorded)
        self._begins_ns = self._played_ns = begins_ns
        self._next = next(self._coming, None)
        if self._next is None:
            raise HeadbandStopped(f"the recording {self._recorded.path} has no samples any more; name another")

    def _ends_ns(self, chunk: Chunk) -> int:
        return self._begins_ns + chunk.time_of(chunk.end)

    def _moved(self, chunk: Chunk) -> Chunk:
        """The chunk at the time at which it is played, and behind what was played before."""
        return msgspec.structs.replace(
            chunk, first=self._before + chunk.first, at_ns=self._begins_ns + chunk.at_ns
        )
