"""Blocks of samples with a short count of their own, put in their places; for the stretches that they make."""

import numpy as np
from numpy.typing import NDArray

from vybor.headband.devices import clock_fit, counting
from vybor.headband.devices.timeline import dated
from vybor.headband.port import Chunk, Motion

Samples = NDArray[np.float32]
MODULO = 256
LONGEST_S = 3
"""Of motion: what was missing for longer begins what is given."""


class Counted:
    """One sensor's blocks, rows x samples each, in the order in which they were made."""

    def __init__(self, hz: float, fitted_every_ns: int = 0) -> None:
        self._hz = hz
        self._fitted_every_ns = fitted_every_ns
        self._fitted_ns: int | None = None
        self._counting: counting.Counting | None = None
        self._fit = clock_fit.begin(hz)
        self._width = 0
        """Samples in a block."""
        self._come: list[tuple[int, Samples]] = []
        self._newest_ns = 0

    def put(self, count: int, samples: Samples, made_ns: int, at_ns: int) -> None:
        """Take in a block that was made at a time of the headband's, and came at one of ours."""
        if self._counting is None:
            self._width = samples.shape[1]
            self._counting = counting.Counting(self._hz / self._width, MODULO, at_ns=made_ns)
        if samples.shape[1] != self._width:
            return
        self._counting, runs = counting.count(self._counting, [count], made_ns)
        self._come.append((runs[0][0], samples))
        self._newest_ns = at_ns

    def chunks(self) -> tuple[Chunk, ...]:
        """What has come since the last call; a gap ends a chunk."""
        come = self._taken()
        if not come:
            return ()
        edges = [place for place in range(1, len(come)) if come[place][0] != come[place - 1][0] + 1]
        runs = (come[start:end] for start, end in zip([0, *edges], [*edges, len(come)], strict=True))
        return tuple(self._chunk(run) for run in runs)

    def motion(self) -> Motion | None:
        """What has come since the last call, gyroscope above accelerometer; a gap is not a number."""
        come = self._taken()
        if not come:
            return None
        end = come[-1][0] + 1
        come = [one for one in come if (end - one[0]) * self._width <= LONGEST_S * self._hz]
        first = come[0][0]
        axes = np.full((6, (end - first) * self._width), np.nan, np.float32)
        for number, samples in come:
            axes[:, (number - first) * self._width : (number - first + 1) * self._width] = samples
        index = first * self._width
        at_ns = self._fit.time_of(index)
        return Motion(
            first=index,
            gyro=axes[:3],
            accel=axes[3:],
            at_ns=at_ns,
            period_ns=self._fit.period_ns,
        )

    def _taken(self) -> list[tuple[int, Samples]]:
        come, self._come = self._come, []
        if come and (self._fitted_ns is None or self._newest_ns - self._fitted_ns >= self._fitted_every_ns):
            self._fitted_ns = self._newest_ns
            self._fit = clock_fit.arrived(self._fit, (come[-1][0] + 1) * self._width - 1, self._newest_ns)
        return come

    def _chunk(self, run: list[tuple[int, Samples]]) -> Chunk:
        return dated(self._fit, run[0][0] * self._width, np.hstack([samples for _, samples in run]))
