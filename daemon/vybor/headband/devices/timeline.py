"""Numbered samples and their capture times, made into chunks: for a driver that gets counters and samples."""

from collections.abc import Sequence

from vybor.headband.devices import clock_fit, counting
from vybor.headband.devices.clock_fit import ClockFit
from vybor.headband.port import Chunk, Microvolts


def dated(fit: ClockFit, first: int, microvolts: Microvolts) -> Chunk:
    """Samples (channels x samples), of which this is the index of the first, with the times of the fit. Pure."""
    return Chunk(
        first=first,
        microvolts=microvolts,
        at_ns=fit.time_of(first),
        period_ns=fit.period_ns,
        at_sd_ns=fit.sd_ns,
    )


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
        return tuple(dated(self._fit, index, microvolts[:, start:end]) for index, start, end in runs)
