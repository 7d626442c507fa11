"""The seam: what this room needs of any headband, and the samples that come through it."""

from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.errors import Missing

Microvolts = NDArray[np.float32]


class Motion(msgspec.Struct, frozen=True, kw_only=True):
    """How the head moved: samples that follow each other, at a rate and with times of their own."""

    first: int
    """Index of the first sample: counts what the headband has sampled since its start, lost samples too."""
    gyro: NDArray[np.float32]
    """3 x samples, degrees a second about the headband's own axes; not a number where there is none."""
    accel: NDArray[np.float32]
    """3 x samples, in g; not a number where there is none."""
    at_ns: int
    """Capture time of the first sample, CLOCK_MONOTONIC; as uncertain as the chunk's times."""
    period_ns: float
    """Time from sample to sample."""

    @property
    def end(self) -> int:
        """Index of the sample after the last."""
        return self.first + int(self.gyro.shape[1])


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """Samples that follow each other without a gap. A gap shows as a `first` beyond the last chunk's end."""

    first: int
    """Index of the first sample: counts what the headband has sampled since its start, lost samples too."""
    microvolts: Microvolts
    """Channels x samples; not a number where the headband gave none."""
    at_ns: int
    """Capture time of the first sample, CLOCK_MONOTONIC."""
    period_ns: float
    """Time from sample to sample."""
    at_sd_ns: int
    """How uncertain these times are. A radio's constant delay cannot be seen from here and is not in it."""
    motion: Motion | None = None
    """What has come of the head's motion since the chunk before, where the headband measures it."""

    @property
    def end(self) -> int:
        """Index of the sample after the last."""
        return self.first + int(self.microvolts.shape[1])

    def time_of(self, index: int) -> int:
        """Capture time of a sample, of this chunk or of one shortly before, in nanoseconds."""
        return self.at_ns + round((index - self.first) * self.period_ns)


class HeadbandMissing(Missing):
    """There is no such headband here: nothing answers, no port, no driver."""


class HeadbandStopped(Missing):
    """A headband that was there has gone, or does not do as it is told."""


class Headband(Protocol):
    """Any headband. One thread calls it; `start` and `stop` may take seconds."""

    def start(self) -> None:
        """Connect and begin to stream. Raises HeadbandMissing or HeadbandStopped; then call `stop`."""
        ...

    def read(self) -> tuple[Chunk, ...]:
        """The samples since the last call, perhaps none. Raises HeadbandStopped. Call it ten times a second."""
        ...

    def stop(self) -> None:
        """Let go of the headband, whatever state it is in. A later `start` begins anew."""
        ...
