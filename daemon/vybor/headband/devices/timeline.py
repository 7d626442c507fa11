"""Numbered samples and their capture times, made into chunks: for a driver that gets counters and samples."""

from collections.abc import Sequence

from vybor.headband.devices import clock_fit, counting
from vybor.headband.port import Chunk, Microvolts


class Timeline:
    """Counts what was sampled since its making, and dates it."""

    def __init__(self, hz: float, modulo: int, now_ns: int) -> None:
        self._counting = counting.Counting(hz, modulo, at_ns=now_ns)
        self._fit = clock_fit.begin(hz)

    def chunks(self, counters: Sequence[int], microvolts: Microvolts, now_ns: int) -> tuple[Chunk, ...]:
        """The chunks that these samples (channels x samples) make, which are all here by now."""
        self._counting, runs = counting.count(self._counting, counters, now_ns)
        if not runs:
            return ()
        self._fit = clock_fit.arrived(self._fit, self._counting.next - 1, now_ns)
        return tuple(self._chunk(index, microvolts[:, start:end]) for index, start, end in runs)

    def _chunk(self, index: int, microvolts: Microvolts) -> Chunk:
        return Chunk(
            first=index,
            microvolts=microvolts,
            at_ns=self._fit.time_of(index),
            period_ns=self._fit.period_ns,
            at_sd_ns=self._fit.sd_ns,
        )
