"""How the head moves, from the packets of gyroscope and accelerometer.

The gyroscope's counter numbers the packets. Whether the accelerometer counts in step is not known: what of it came
since the gyroscope's packet before belongs to the next one, and a veto needs no more.
"""

import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import SECOND_NS, seconds
from vybor.headband.devices import clock_fit
from vybor.headband.devices.muse import grouping, packets
from vybor.headband.port import Motion

HZ = 52.0
FITTED_NS = seconds(1)
"""The times of motion need no more, and each fit costs."""
LONGEST = 3 * round(HZ)
"""Samples: what was missing for longer begins what is given."""
Axes = NDArray[np.float32]


class Moving:
    """Packets in, one stretch of motion out."""

    def __init__(self) -> None:
        self._grouping: grouping.Grouping[Axes] = grouping.Grouping(1, packets.MOTION_SAMPLES * SECOND_NS / HZ)
        self._fit = clock_fit.begin(HZ)
        self._fitted_ns: int | None = None
        self._accel: Axes | None = None

    def take(self, packet: bytes, at_ns: int, *, gyro: bool) -> None:
        """Take in a packet; one that is none is left out."""
        said = packets.moved(packet, packets.DEGREES_A_SECOND if gyro else packets.G)
        if said is None:
            return
        if not gyro:
            self._accel = said.axes
            return
        accel = np.full_like(said.axes, np.nan) if self._accel is None else self._accel
        self._accel = None
        both = np.vstack([said.axes, accel])
        self._grouping = grouping.take(self._grouping, 0, said.counter, both, at_ns)

    def give(self, now_ns: int) -> Motion | None:
        """What has come since the last call, with gaps as not-a-number; None if nothing has."""
        self._grouping, groups = grouping.ready(self._grouping, now_ns)
        if not groups:
            return None
        end = (groups[-1].number + 1) * packets.MOTION_SAMPLES
        came_ns = groups[-1].last_ns
        if self._fitted_ns is None or came_ns - self._fitted_ns >= FITTED_NS:
            self._fitted_ns = came_ns
            self._fit = clock_fit.arrived(self._fit, end - 1, came_ns)
        kept = [group for group in groups if end - group.number * packets.MOTION_SAMPLES <= LONGEST]
        first = kept[0].number * packets.MOTION_SAMPLES
        axes = np.full((6, end - first), np.nan, np.float32)
        for group in kept:
            start = group.number * packets.MOTION_SAMPLES - first
            if (part := group.parts[0]) is not None:
                axes[:, start : start + packets.MOTION_SAMPLES] = part
        return Motion(
            first=first,
            gyro=axes[:3],
            accel=axes[3:],
            at_ns=self._fit.time_of(first),
            period_ns=self._fit.period_ns,
        )
