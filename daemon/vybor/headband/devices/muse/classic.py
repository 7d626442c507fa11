"""How a Muse 2016, Muse 2 and Muse S speak: each electrode by a characteristic of its own."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import SECOND_NS
from vybor.headband.devices import clock_fit
from vybor.headband.devices.muse import grouping, packets
from vybor.headband.devices.muse.moving import Moving
from vybor.headband.devices.timeline import dated
from vybor.headband.port import Chunk

HZ = 256
NO_PACKET = bytes(packets.PACKET_BYTES)


class Classic:
    """Packets of four electrodes, of motion and of the battery."""

    needs = (packets.CONTROL, *packets.EEG)
    listens = (*packets.EEG, packets.GYRO, packets.ACCEL, packets.BATTERY)
    version = "v1"
    preset = "p21"
    """Four electrodes and motion; without the optical sensors, with which drops are reported."""
    begins = ("d",)

    def __init__(self) -> None:
        self.battery: float | None = None
        self._grouping: grouping.Grouping[bytes] = grouping.Grouping(
            len(packets.EEG), packets.SAMPLES * SECOND_NS / HZ
        )
        self._fit = clock_fit.begin(HZ)
        self._moving = Moving()

    def take(self, uuid: str, packet: bytes, at_ns: int) -> bool:
        """Take in a packet; whether it was one of an electrode."""
        if uuid in packets.EEG:
            counter = packets.counter_of(packet)
            if counter is not None:
                place = packets.EEG.index(uuid)
                self._grouping = grouping.take(self._grouping, place, counter, packet, at_ns)
            return counter is not None
        if uuid in (packets.GYRO, packets.ACCEL):
            self._moving.take(packet, at_ns, gyro=uuid == packets.GYRO)
        elif uuid == packets.BATTERY:
            said_percent = packets.battery(packet)
            self.battery = self.battery if said_percent is None else said_percent
        return False

    def give(self, now_ns: int) -> tuple[Chunk, ...]:
        """Whole groups at once, torn ones a little later; what was lost is not a number."""
        self._grouping, groups = grouping.ready(self._grouping, now_ns)
        if not groups:
            return ()
        newest = groups[-1]
        if not self._fit.arrivals or newest.last_ns - self._fit.arrivals[-1].at_ns >= clock_fit.SPACING_NS:
            self._fit = clock_fit.arrived(self._fit, (newest.number + 1) * packets.SAMPLES - 1, newest.last_ns)
        chunks = [self._chunk(run) for run in grouping.runs(groups)]
        return (*chunks[:-1], msgspec.structs.replace(chunks[-1], motion=self._moving.give(now_ns)))

    def _chunk(self, run: tuple[grouping.Group[bytes], ...]) -> Chunk:
        microvolts = np.hstack([_microvolts(group) for group in run])
        return dated(self._fit, run[0].number * packets.SAMPLES, microvolts)


def _microvolts(group: grouping.Group[bytes]) -> NDArray[np.float32]:
    microvolts = packets.microvolts([part or NO_PACKET for part in group.parts])
    if not group.whole:
        microvolts[[part is None for part in group.parts]] = np.nan
    return microvolts
